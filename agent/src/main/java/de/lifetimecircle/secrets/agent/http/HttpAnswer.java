package de.lifetimecircle.secrets.agent.http;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that is written once; the bytes of its body are overwritten afterwards, because they
 * may be a secret. Not safe for use by several threads.
 */
public final class HttpAnswer {
  private static final Map<Integer, String> PHRASES =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(304, "Not Modified"),
          Map.entry(400, "Bad Request"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(410, "Gone"),
          Map.entry(411, "Length Required"),
          Map.entry(413, "Content Too Large"),
          Map.entry(414, "URI Too Long"),
          Map.entry(417, "Expectation Failed"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(505, "HTTP Version Not Supported"));

  private final int status;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final byte[] body;
  private boolean hasBody = true;

  private HttpAnswer(int status, String type, byte[] body) {
    this.status = status;
    this.body = body;
    if (!type.isEmpty()) {
      headers.put("Content-Type", type);
    }
    headers.put("Cache-Control", "no-store");
  }

  /** An answer without a body. */
  public static HttpAnswer empty(int status) {
    return new HttpAnswer(status, "", new byte[0]);
  }

  public static HttpAnswer text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpAnswer json(int status, Map<String, ?> object) {
    return of(status, "application/json", Json.write(object).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * An answer with that body.
   *
   * @param body belongs to the answer from now on, which overwrites it
   */
  public static HttpAnswer of(int status, String type, byte[] body) {
    return new HttpAnswer(status, type, body);
  }

  /** Sets a header; a character that would end it or that is not ASCII becomes a {@code ?}. */
  public HttpAnswer with(String name, String value) {
    StringBuilder clean = new StringBuilder(value.length());
    value.chars().forEach(c -> clean.append(c < 0x20 || c > 0x7e ? '?' : (char) c));
    headers.put(name, clean.toString());
    return this;
  }

  /** Leaves the body out and keeps the head, as an answer to HEAD has it. */
  HttpAnswer withoutBody() {
    hasBody = false;
    return this;
  }

  public int status() {
    return status;
  }

  /** Writes the whole answer and overwrites its body; blocks until the channel has taken it. */
  void writeTo(WritableByteChannel channel, Ending ending) throws IOException {
    try {
      StringBuilder head = new StringBuilder(256).append("HTTP/1.1 ").append(status).append(' ');
      head.append(PHRASES.getOrDefault(status, "Answer")).append("\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      if (status != 304) {
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
      if (ending == Ending.CLOSE) {
        head.append("Connection: close\r\n");
      }
      head.append("\r\n");
      byte[] start = head.toString().getBytes(StandardCharsets.US_ASCII);
      DirectBuffers.write(
          channel, ByteBuffer.wrap(start), ByteBuffer.wrap(body, 0, hasBody ? body.length : 0));
    } finally {
      wipe();
    }
  }

  /** Overwrites the body of an answer that is not sent. */
  void wipe() {
    Arrays.fill(body, (byte) 0);
  }

  /** Whether the connection stays open after an answer. */
  enum Ending {
    KEEP,
    CLOSE
  }
}
