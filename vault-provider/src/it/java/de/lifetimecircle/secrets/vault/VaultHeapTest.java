package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.testservers.HeapDump;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What of a value and of a login is left in the heap of a process: once it is displaced or done,
 * and after the close.
 */
final class VaultHeapTest {
  /** From Java 21 on the JDK's client can be closed; before, the collector ends its thread. */
  private static final boolean CAN_CLOSE = Runtime.version().feature() >= 21;

  private final FaultProxy server = FaultProxy.to(URI.create("http://127.0.0.1:9")).start();
  private final AtomicInteger reads = new AtomicInteger();
  private final String first = random();
  private final String second = random();
  private final String secretId = random();
  private final String planted = random();

  @AfterEach
  void close() {
    server.close();
  }

  private static String random() {
    byte[] bytes = new byte[30];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private Answer answer(Request request) {
    if (request.target().endsWith("/login")) {
      return Answer.of(
          200,
          "application/json",
          "{\"auth\":{\"client_token\":\"t\",\"lease_duration\":3600,\"renewable\":false}}");
    }
    int version = reads.getAndIncrement() == 0 ? 1 : 2;
    return Answer.of(
        200,
        "application/json",
        "{\"data\":{\"data\":{\"value\":\""
            + (version == 1 ? first : second)
            + "\"},\"metadata\":{\"version\":"
            + version
            + ",\"created_time\":\"2026-01-0"
            + version
            + "T00:00:00Z\",\"destroyed\":false,\"deletion_time\":\"\"}}}");
  }

  @Test
  void nothingOfAValueOrOfALoginIsLeftOnceItIsDisplacedOrTheProviderIsClosed(@TempDir Path folder)
      throws Exception {
    server.intercept(this::answer);
    run(folder);

    Path open = folder.resolve("open.hprof");
    assertThat(HeapDump.find(open, second)).as("what is served is found").isNotEmpty();
    assertThat(HeapDump.find(open, secretId)).as("the secret id, while open").isEmpty();
    Path closed = folder.resolve("closed.hprof");
    assertThat(HeapDump.find(closed, planted)).as("what was planted is found").isNotEmpty();
    assertThat(HeapDump.find(closed, first)).as("displaced, after the close").isEmpty();
    assertThat(HeapDump.find(closed, second)).as("served, after the close").isEmpty();
    assertThat(HeapDump.find(closed, secretId)).as("the secret id, after the close").isEmpty();
  }

  private void run(Path folder) throws Exception {
    Path log = folder.resolve("log");
    Path file = Files.writeString(folder.resolve("secret-id"), secretId);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            VaultHeapProgram.class.getName(),
            server.uri().toString(),
            folder.toString(),
            file.toString(),
            new StringBuilder(planted).reverse().toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(log))
          .contains("read 60 and 60")
          .contains("planted 60")
          .contains("client before true, selecting after the close " + !CAN_CLOSE)
          .contains("holds the client: false");
    } finally {
      process.destroyForcibly();
    }
  }
}
