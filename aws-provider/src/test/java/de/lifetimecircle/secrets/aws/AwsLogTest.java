package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
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

  private final AtomicReference<String> held = new AtomicReference<>("");
  private final AwsFake aws = new AwsFake();

  AwsLogTest() {
    aws.on("CreateSecret", this::created);
    aws.on("GetSecretValue", this::read);
  }

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void nothingShowsWhenEveryLogIsOnAndNoCharacterIsLost(@TempDir Path folder) throws Exception {
    Map<String, String> settings =
        Map.of(
            "access-key-id", ACCESS_KEY, "secret-access-key", SECRET_KEY, "session-token", TOKEN);
    assertSilent(folder, settings, Map.of());
  }

  /** The SDK would assume it through a client of its own, and show the temporary keys. */
  @Test
  void keysOfARoleThatAProfileNamesDoNotShow(@TempDir Path folder) throws Exception {
    aws.on("AssumeRole", AwsFake.assumed("AssumeRole", ACCESS_KEY, SECRET_KEY, TOKEN));
    Path file =
        Files.writeString(
            folder.resolve("config"),
            """
            [profile app]
            role_arn = arn:aws:iam::123456789012:role/app
            source_profile = base
            [profile base]
            aws_access_key_id = AKIAJ5CZUV7Q2LR9XWT4
            aws_secret_access_key = %s
            """
                .replace("%s", SECRET_KEY));
    Map<String, String> settings =
        Map.of("profile", "app", "sts-endpoint", aws.proxy().uri().toString());
    assertSilent(folder, settings, Map.of("AWS_CONFIG_FILE", file.toString()));
    assertThat(aws.calls()).contains("AssumeRole");
    assertThat(aws.requests().get(aws.requests().size() - 1).headers())
        .containsEntry("x-amz-security-token", TOKEN);
  }

  private void assertSilent(
      Path folder, Map<String, String> settings, Map<String, String> environment) throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      String value = "päss€\ud83d\udd11" + probe.canary("value");
      List<String> lines = new ArrayList<>(List.of(value, "region=eu-central-1"));
      lines.add("endpoint=" + aws.proxy().uri());
      settings.forEach((key, text) -> lines.add(key + "=" + text));
      Path log = folder.resolve("loud.log");
      run(log, lines, environment);
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

  private Answer created(Map<String, @Nullable Object> parameters) {
    held.set(String.valueOf(parameters.get("SecretString")));
    return AwsFake.ok("Name", AwsFake.NAME, "VersionId", AwsFake.FIRST);
  }

  private Answer read(Map<String, @Nullable Object> parameters) {
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

  private static void run(Path log, List<String> lines, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", // half the processor time of a program that soon ends
            "-XX:+UseSerialGC",
            "-Dfile.encoding=ISO-8859-1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            "-cp",
            System.getProperty("java.class.path"),
            LoudProgram.class.getName());
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
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
