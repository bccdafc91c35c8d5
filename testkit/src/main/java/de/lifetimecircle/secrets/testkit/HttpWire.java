package de.lifetimecircle.secrets.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * As much of HTTP/1.1 (RFC 9112) as a proxy in a test needs: one message in, one message out, its
 * body whole in memory. Stateless.
 */
final class HttpWire {
  private static final int MAX_HEAD = 64 * 1024;
  private static final int MAX_BODY = 32 * 1024 * 1024;

  /** Headers that hold for one connection only; a message that is passed on gets its own. */
  private static final Set<String> OF_ONE_HOP =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "transfer-encoding",
          "upgrade");

  private HttpWire() {}

  /** A message: its first line, its headers by lower-case name, its body. */
  record Message(String start, Map<String, String> headers, byte[] body) {
    boolean closes() {
      return "close".equalsIgnoreCase(headers.getOrDefault("connection", ""))
          || start.startsWith("HTTP/1.0");
    }
  }

  /** Reads a request; null when the peer closed the connection instead of sending one. */
  static @Nullable Message readRequest(InputStream in, OutputStream out) throws IOException {
    String head = head(in);
    if (head == null) {
      return null;
    }
    Map<String, String> headers = headers(head);
    if (headers.containsKey("expect")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    return new Message(startLine(head), headers, body(in, headers, false));
  }

  /** Reads the answer to a request with that method. */
  static Message readAnswer(InputStream in, String method) throws IOException {
    String head = head(in);
    while (head != null && startLine(head).contains(" 100 ")) {
      head = head(in);
    }
    if (head == null) {
      throw new EOFException("the server closed the connection instead of answering");
    }
    Map<String, String> headers = headers(head);
    String start = startLine(head);
    boolean empty = method.equals("HEAD") || start.contains(" 204 ") || start.contains(" 304 ");
    return new Message(start, headers, empty ? new byte[0] : body(in, headers, true));
  }

  /** The head of a message that is passed on, with a length of its own. */
  static byte[] head(String start, Map<String, String> headers, int length) {
    StringBuilder head = new StringBuilder(start).append("\r\n");
    headers.forEach(
        (name, value) -> {
          if (!OF_ONE_HOP.contains(name)) {
            head.append(name).append(": ").append(value).append("\r\n");
          }
        });
    head.append("content-length: ").append(length).append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  static void write(OutputStream out, String start, Map<String, String> headers, byte[] body)
      throws IOException {
    out.write(head(start, headers, body.length));
    out.write(body);
    out.flush();
  }

  private static String startLine(String head) {
    return head.substring(0, head.indexOf("\r\n"));
  }

  private static @Nullable String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int end = 0;
    while (end < 4) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      if (head.size() == MAX_HEAD) {
        throw new IOException("the head of a message is longer than " + MAX_HEAD + " bytes");
      }
      head.write(b);
      end = b == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : b == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static Map<String, String> headers(String head) {
    Map<String, String> headers = new LinkedHashMap<>();
    String[] lines = head.split("\r\n", -1);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        String name = lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT);
        headers.merge(name, lines[i].substring(colon + 1).strip(), (a, b) -> a + ", " + b);
      }
    }
    return headers;
  }

  private static byte[] body(InputStream in, Map<String, String> headers, boolean untilEnd)
      throws IOException {
    if (headers
        .getOrDefault("transfer-encoding", "")
        .toLowerCase(Locale.ROOT)
        .contains("chunked")) {
      return chunks(in);
    }
    String length = headers.get("content-length");
    if (length != null) {
      return exactly(in, Integer.parseInt(length));
    }
    return untilEnd ? in.readNBytes(MAX_BODY) : new byte[0];
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      int semicolon = size.indexOf(';');
      int length = Integer.parseInt(semicolon < 0 ? size : size.substring(0, semicolon), 16);
      if (length == 0) {
        while (!line(in).isEmpty()) {
          // A trailer: nothing of ours reads one.
        }
        return body.toByteArray();
      }
      body.write(exactly(in, length));
      line(in);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("a message ends within a line");
      }
      if (b == '\n') {
        return line.toString().strip();
      }
      line.append((char) b);
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    if (length < 0 || length > MAX_BODY) {
      throw new IOException("the body of a message has " + length + " bytes");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("a message ends within its body");
    }
    return body;
  }
}
