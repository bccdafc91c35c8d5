package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.aws.transport.Signer;
import de.lifetimecircle.secrets.aws.transport.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why the store has a signer and a transport of its own (ADR 41). If this test fails after an
 * update of the SDK, the reason is gone: delete {@link Signer} or {@link Transport}.
 */
class AwsSdkPartsTest {
  private static final String TOKEN = "FwoGZXIvYXdzEBYaDTApb9Ba92HQyEWpUFiA";
  private static final String VALUE = "a value that no log may show";

  private final AwsFake aws = new AwsFake();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void close() {
    end.countDown();
    aws.close();
  }

  @Test
  void sdksOwnPartsLogTokenAndValueAndHearNoInterrupt(@TempDir Path folder) throws Exception {
    aws.on("GetSecretValue", AwsFake.value(AwsFake.FIRST, VALUE));
    aws.on(
        "DescribeSecret",
        asked -> {
          try {
            var unused = end.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return AwsFake.deleted();
        });
    String output = run(folder.resolve("sdk.log"));
    assertThat(output.lines().filter(line -> line.contains("Canonical Request")))
        .as("the SDK's signer logs what it signs")
        .isNotEmpty();
    assertThat(output)
        .as("the SDK's signer logs the session token")
        .contains("x-amz-security-token:" + TOKEN);
    assertThat(output).as("Apache's client logs values").contains(VALUE);
    assertThat(output)
        .as("the SDK's adapter does not end a call at an interrupt")
        .contains("interrupted call goes on: true");
  }

  /** Runs a program with the SDK's own parts and all logs at DEBUG; returns what it wrote. */
  private String run(Path log) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug",
                "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.SimpleLog",
                "-Dorg.apache.commons.logging.simplelog.defaultlog=debug",
                "-cp",
                System.getProperty("java.class.path"),
                AwsSdkProgram.class.getName(),
                aws.proxy().uri().toString(),
                TOKEN)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }
}
