package de.lifetimecircle.secrets.agent.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;

/**
 * Reads requests of HTTP/1.1 from one connection, and only those that can be read in one way: no
 * line that ends otherwise than with CR LF, no folded header, no transfer coding, no length that
 * occurs twice. So no proxy before the agent can see another request than the agent does. An offer
 * of another protocol is passed over (RFC 9110, 7.8): Java's client makes it in its first request.
 *
 * <p>Not safe for use by several threads. Blocks for the connection; the buffer is overwritten
 * after each request, because tokens are in it.
 */
final class RequestReader implements AutoCloseable {
  static final int MAX_LINE = 8 * 1024;
  static final int MAX_HEAD = 16 * 1024;
  static final int MAX_HEADERS = 64;
  static final int MAX_BODY = 64 * 1024;

  /** The memory that a byte of a body takes, with the objects of its JSON: {@code [{},{},…]}. */
  private static final int OBJECTS = 32;

  /** The memory that the largest request takes. */
  static final long MOST_MEMORY = (long) MAX_BODY * OBJECTS + 3L * MAX_HEAD;

  /** A longer head counts as the longest one, three times: its lines, their parts, their names. */
  private static final int USUAL_HEAD = 2 * 1024;

  /** Headers that decide who asks, what for, or where the request ends: each at most once. */
  private static final Set<String> ONCE =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "authorization",
          "x-amz-target",
          "x-aws-parameters-secrets-token",
          "x-vault-token",
          "if-none-match",
          "secrets-request");

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,16}");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

  private final ReadableByteChannel channel;
  private final ByteBuffer buffer = DirectBuffers.take().limit(0);

  RequestReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /** Waits for the first byte of a request; false if the other side has ended instead. */
  boolean await() throws IOException {
    return buffer.hasRemaining() || fill();
  }

  /**
   * Reads the next request.
   *
   * @param room takes that many bytes for it; false if there are none
   * @throws RequestRefused if it is not of the form, or if there is no room for it
   * @throws EOFException if the connection ends within it
   */
  HttpRequest read(LongPredicate room) throws IOException, RequestRefused {
    try {
      return request(room);
    } finally {
      forget();
    }
  }

  private HttpRequest request(LongPredicate room) throws IOException, RequestRefused {
    Head left = new Head(room);
    String[] start = line(left, 414).split(" ", -1);
    if (start.length != 3 || !METHOD.matcher(start[0]).matches()) {
      throw new RequestRefused(400, "its first line is not METHOD PATH HTTP/1.1");
    }
    if (!start[2].equals("HTTP/1.1")) {
      throw new RequestRefused(
          start[2].startsWith("HTTP/") ? 505 : 400, "it is not of version HTTP/1.1");
    }
    RequestTarget target = RequestTarget.of(start[1]);
    Map<String, String> headers = headers(left);
    byte[] body = body(start[0], headers, room);
    return new HttpRequest(start[0], target.path(), target.query(), headers, body);
  }

  private Map<String, String> headers(Head left) throws IOException, RequestRefused {
    Map<String, String> headers = new LinkedHashMap<>();
    int count = 0;
    for (String line = line(left, 431); !line.isEmpty(); line = line(left, 431)) {
      count++;
      if (count > MAX_HEADERS) {
        throw new RequestRefused(431, "it has more than " + MAX_HEADERS + " headers");
      }
      int colon = line.indexOf(':');
      if (colon < 1 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
        throw new RequestRefused(400, "a header is not NAME: VALUE");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      String before = headers.putIfAbsent(name, value);
      if (before != null) {
        if (ONCE.contains(name)) {
          throw new RequestRefused(400, "the header " + name + " occurs twice");
        }
        headers.put(name, before + ", " + value);
      }
    }
    return headers;
  }

  private byte[] body(String method, Map<String, String> headers, LongPredicate room)
      throws IOException, RequestRefused {
    if (headers.containsKey("transfer-encoding") || headers.containsKey("trailer")) {
      throw new RequestRefused(400, "it has a transfer coding; send Content-Length");
    }
    if (headers.containsKey("expect")) {
      throw new RequestRefused(417, "it expects an answer before its body");
    }
    String length = headers.get("content-length");
    if (length == null) {
      if (method.equals("POST") || method.equals("PUT")) {
        throw new RequestRefused(411, "it has no Content-Length");
      }
      return new byte[0];
    }
    if (!LENGTH.matcher(length).matches()) {
      throw new RequestRefused(400, "its Content-Length is not a number");
    }
    int size = Integer.parseInt(length);
    if (size > MAX_BODY) {
      throw new RequestRefused(413, "its body is longer than " + MAX_BODY + " bytes");
    }
    if (size > 0 && !method.equals("POST") && !method.equals("PUT")) {
      throw new RequestRefused(400, "a " + method + " has a body");
    }
    require(room, (long) size * OBJECTS);
    return bytes(size);
  }

  private static void require(LongPredicate room, long size) throws RequestRefused {
    if (size > 0 && !room.test(size)) {
      throw new RequestRefused(503, "its user's other requests fill the memory for them");
    }
  }

  /** How much of a head may still come. */
  private static final class Head {
    private final LongPredicate room;
    private int left = MAX_HEAD;

    Head(LongPredicate room) {
      this.room = room;
    }

    /** Counts a byte; false if it is one too many. */
    boolean take() throws RequestRefused {
      left--;
      if (left == MAX_HEAD - USUAL_HEAD) {
        require(room, 3L * MAX_HEAD);
      }
      return left >= 0;
    }
  }

  private byte[] bytes(int size) throws IOException {
    byte[] body = new byte[size];
    int read = 0;
    while (read < size) {
      require();
      int part = Math.min(buffer.remaining(), size - read);
      buffer.get(body, read, part);
      read += part;
    }
    return body;
  }

  /** A line without its CR LF, of visible ASCII, spaces and tabs. */
  private String line(Head left, int tooLong) throws IOException, RequestRefused {
    StringBuilder line = new StringBuilder(80);
    while (true) {
      int c = next();
      if (!left.take() || line.length() > MAX_LINE) {
        throw new RequestRefused(tooLong, "a line or its head is too long");
      }
      if (c == '\r') {
        if (next() != '\n') {
          throw new RequestRefused(400, "a line has a CR without LF");
        }
        boolean unused = left.take();
        return line.toString();
      }
      if (c != '\t' && (c < 0x20 || c > 0x7e)) {
        throw new RequestRefused(400, "a line has a control character or one that is not ASCII");
      }
      line.append((char) c);
    }
  }

  private int next() throws IOException {
    require();
    return buffer.get() & 0xff;
  }

  private void require() throws IOException {
    if (!buffer.hasRemaining() && !fill()) {
      throw new EOFException("the connection ended within a request");
    }
  }

  private boolean fill() throws IOException {
    buffer.clear();
    try {
      return channel.read(buffer) > 0;
    } finally {
      buffer.flip();
    }
  }

  /** Overwrites what was read; keeps the beginning of a next request. */
  private void forget() {
    DirectBuffers.wipe(buffer, buffer.hasRemaining() ? buffer.position() : buffer.capacity());
  }

  /** Overwrites the buffer for good; the channel stays open. */
  @Override
  public void close() {
    DirectBuffers.giveBack(buffer);
  }
}
