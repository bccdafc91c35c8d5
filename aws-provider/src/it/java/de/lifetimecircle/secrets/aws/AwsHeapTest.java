package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testservers.HeapDump;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a value is left in the heap of a process: once it is displaced, and after the close. */
class AwsHeapTest {
  private final AwsFake aws = new AwsFake();
  private final AtomicInteger reads = new AtomicInteger();

  @AfterEach
  void close() {
    aws.close();
  }

  private static String random() {
    byte[] bytes = new byte[30];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void nothingOfAValueIsLeftOnceItIsDisplacedOrTheProviderIsClosed(@TempDir Path folder)
      throws Exception {
    String first = random();
    String second = random();
    String planted = random();
    aws.on(
        "GetSecretValue",
        asked ->
            reads.getAndIncrement() == 0
                ? held(first, AwsFake.FIRST)
                : held(second, AwsFake.SECOND));
    run(folder, planted);

    Path open = folder.resolve("open.hprof");
    assertThat(HeapDump.find(open, second)).as("what is served is found").isNotEmpty();
    assertThat(HeapDump.find(open, first)).as("displaced, while open").isEmpty();
    Path closed = folder.resolve("closed.hprof");
    assertThat(HeapDump.find(closed, planted)).as("what was planted is found").isNotEmpty();
    assertThat(HeapDump.find(closed, first)).as("displaced, after the close").isEmpty();
    assertThat(HeapDump.find(closed, second)).as("served, after the close").isEmpty();
  }

  private static Answer held(String value, String version) {
    Map<String, Object> body =
        Map.of(
            "Name",
            AwsFake.NAME,
            "VersionId",
            version,
            "SecretString",
            value,
            "CreatedDate",
            AwsFake.date(version.equals(AwsFake.FIRST) ? 1 : 2));
    return Answer.of(200, "application/x-amz-json-1.1", Json.write(body));
  }

  private void run(Path folder, String planted) throws Exception {
    Path log = folder.resolve("log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            AwsHeapProgram.class.getName(),
            aws.proxy().uri().toString(),
            folder.toString(),
            new StringBuilder(planted).reverse().toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(log)).contains("read 60 and 60").contains("planted 60");
    } finally {
      process.destroyForcibly();
    }
  }
}
