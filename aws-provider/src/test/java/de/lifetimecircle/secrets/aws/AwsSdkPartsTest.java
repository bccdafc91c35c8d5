package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.aws.transport.Signer;
import de.lifetimecircle.secrets.aws.transport.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why the store has a signer and a transport of its own (ADR 41): a test for each of the three
 * findings, which runs the same program with the SDK's parts and with the store. A test that fails
 * for the SDK after an update says that the reason is gone: delete {@link Signer} or {@link
 * Transport}. One that fails for the store says that a part of the SDK came back too early.
 */
class AwsSdkPartsTest {
  private static final String TOKEN = "FwoGZXIvYXdzEBYaDTApb9Ba92HQyEWpUFiA";
  private static final String VALUE = "a value that no log may show";

  private static String sdk;
  private static String store;

  @BeforeAll
  static void runBoth(@TempDir Path folder) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (AwsFake aws = new AwsFake()) {
      aws.on("GetSecretValue", AwsFake.value(AwsFake.FIRST, VALUE));
      aws.on(
          "DescribeSecret",
          asked -> {
            try {
              var unused = end.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return AwsFake.deleted();
          });
      sdk = run("sdk", aws, folder.resolve("sdk.log"));
      store = run("store", aws, folder.resolve("store.log"));
      end.countDown();
    }
  }

  @Test
  void sdksSignerLogsTheSessionToken() {
    assertThat(sdk.lines().filter(line -> line.contains("Canonical Request")))
        .as("the SDK's signer logs what it signs")
        .isNotEmpty();
    assertThat(sdk)
        .as("the SDK's signer logs the session token")
        .contains("x-amz-security-token:" + TOKEN);
    assertThat(store).as("the store's log").doesNotContain(TOKEN);
  }

  @Test
  void apachesClientLogsValues() {
    assertThat(sdk).as("Apache's client logs values").contains(VALUE);
    assertThat(store).as("the store's log").doesNotContain(VALUE);
  }

  @Test
  void sdksAdapterHearsNoInterrupt() {
    assertThat(sdk)
        .as("the SDK's adapter does not end a call at an interrupt")
        .contains("interrupted call goes on: true");
    assertThat(store).as("the store's call").contains("interrupted call goes on: false");
  }

  /** Runs the program with all logs at DEBUG; returns what it wrote. */
  private static String run(String parts, AwsFake aws, Path log) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug",
                "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.SimpleLog",
                "-Dorg.apache.commons.logging.simplelog.defaultlog=debug",
                "-Dorg.apache.commons.logging.simplelog.showShortLogname=false",
                "-Dorg.apache.commons.logging.simplelog.showlogname=true",
                "-cp",
                System.getProperty("java.class.path"),
                AwsSdkProgram.class.getName(),
                parts,
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
    String output = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(output)
        .contains("org.apache.http")
        .contains("software.amazon.awssdk")
        .contains("read a value of " + VALUE.length() + " characters")
        .contains("interrupts a call that waits: true");
    return output;
  }
}
