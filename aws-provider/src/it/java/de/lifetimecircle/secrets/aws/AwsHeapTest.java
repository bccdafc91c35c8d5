package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testservers.HeapDump;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a value is left in the heap of a process: once it is displaced, and after the close. */
class AwsHeapTest {
  /** Longer than the client's thread needs to read what has come. */
  private static final int BETWEEN_SEGMENTS_MILLIS = 300;

  private static final Pattern LENGTH =
      Pattern.compile("content-length: *(\\d+)", Pattern.CASE_INSENSITIVE);
  private static final Executor SERVERS = work -> new Thread(work, "server").start();

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
    try (ServerSocket aws = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var served =
          CompletableFuture.runAsync(
              () -> serve(aws, held(first, AwsFake.FIRST), held(second, AwsFake.SECOND)), SERVERS);
      run(folder, aws.getLocalPort(), planted);
      served.get(10, TimeUnit.SECONDS);
    }

    Path open = folder.resolve("open.hprof");
    assertThat(HeapDump.find(open, second)).as("what is served is found").isNotEmpty();
    assertThat(HeapDump.find(open, first)).as("displaced, while open").isEmpty();
    Path closed = folder.resolve("closed.hprof");
    assertThat(HeapDump.find(closed, planted)).as("what was planted is found").isNotEmpty();
    assertThat(HeapDump.find(closed, first)).as("displaced, after the close").isEmpty();
    assertThat(HeapDump.find(closed, second)).as("served, after the close").isEmpty();
  }

  /** The value lies last: farther behind the head than a body that comes apart reaches. */
  private static byte[] held(String value, String version) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Name", AwsFake.NAME);
    body.put("VersionId", version);
    body.put("CreatedDate", AwsFake.date(version.equals(AwsFake.FIRST) ? 1 : 2));
    body.put("SecretString", value);
    return Json.write(body).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Answers the requests of one connection. Head and body of the first answer arrive together,
   * those of the others apart: so they do not lie where the first lay in the connection's buffer.
   */
  private static void serve(ServerSocket server, byte[] first, byte[] second) {
    CountDownLatch never = new CountDownLatch(1);
    try (Socket client = server.accept()) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      assertThat(skipRequest(in)).isTrue();
      out.write(concat(head(first.length), first));
      while (skipRequest(in)) {
        out.write(head(second.length));
        assertThat(never.await(BETWEEN_SEGMENTS_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        out.write(second);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether there was one. */
  private static boolean skipRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.append((char) next);
    }
    Matcher length = LENGTH.matcher(head);
    assertThat(length.find()).isTrue();
    in.skipNBytes(Long.parseLong(length.group(1)));
    return true;
  }

  private static byte[] head(int length) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: "
            + length
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[] head, byte[] body) {
    byte[] whole = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  private static void run(Path folder, int port, String planted) throws Exception {
    Path log = folder.resolve("log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            AwsHeapProgram.class.getName(),
            "http://localhost:" + port,
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
