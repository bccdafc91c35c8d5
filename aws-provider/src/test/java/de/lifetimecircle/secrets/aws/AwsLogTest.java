package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process of its own with all logs at TRACE, those of the SDK and of Apache's client included,
 * and with a platform charset that has no euro sign.
 */
class AwsLogTest {
  private static final String TOKEN = "FwoGZXIvYXdzEBYaDTApb9Ba92HQyEWpUFiA";
  private static final String ACCESS_KEY = "AKIAQ7ZJ2LR9XWT4BN8S";
  private static final String SECRET_KEY = "vJm2/Lr9XwT4bN8sKdqZ7vPq";

  @Test
  void nothingShowsWhenEveryLogIsOnAndNoCharacterIsLost(@TempDir Path folder) throws Exception {
    AtomicReference<String> held = new AtomicReference<>("");
    try (LeakProbe probe = LeakProbe.start();
        AwsFake aws = new AwsFake()) {
      String value = "päss€\ud83d\udd11" + probe.canary("value");
      aws.on("CreateSecret", parameters -> created(held, parameters));
      aws.on("GetSecretValue", parameters -> read(held, parameters));
      Path log = folder.resolve("loud.log");
      run(log, List.of(aws.proxy().uri().toString(), ACCESS_KEY, SECRET_KEY, TOKEN, value));
      String output = Files.readString(log, StandardCharsets.ISO_8859_1);
      assertThat(output).contains("charset ISO-8859-1, same true");
      // The logs were on indeed: of the SDK, of Apache's client and of what signs.
      assertThat(output)
          .contains("software.amazon.awssdk")
          .contains("org.apache.http")
          .contains("TRACE")
          .contains("no such secret");
      assertThat(held.get()).isEqualTo(value);
      probe
          .watch("access key", ACCESS_KEY)
          .watch("secret key", SECRET_KEY)
          .watch("session token", TOKEN)
          .look("output", output)
          .assertClean();
    }
  }

  private static Answer created(
      AtomicReference<String> held, Map<String, @Nullable Object> parameters) {
    held.set(String.valueOf(parameters.get("SecretString")));
    return AwsFake.ok("Name", AwsFake.NAME, "VersionId", AwsFake.FIRST);
  }

  private static Answer read(
      AtomicReference<String> held, Map<String, @Nullable Object> parameters) {
    return held.get().isEmpty() || !AwsFake.NAME.equals(parameters.get("SecretId"))
        ? AwsFake.error(400, "ResourceNotFoundException")
        : Answer.of(
            200,
            "application/x-amz-json-1.1",
            Json.write(
                Map.of(
                    "Name",
                    AwsFake.NAME,
                    "VersionId",
                    AwsFake.FIRST,
                    "SecretString",
                    held.get(),
                    "CreatedDate",
                    AwsFake.date(1))));
  }

  private static void run(Path log, List<String> lines) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dfile.encoding=ISO-8859-1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            "-cp",
            System.getProperty("java.class.path"),
            LoudProgram.class.getName());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try (var in = process.getOutputStream()) {
      in.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
