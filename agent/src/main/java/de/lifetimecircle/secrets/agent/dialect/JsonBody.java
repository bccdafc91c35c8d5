package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.agent.http.BytesUnderWay;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a document of JSON that holds values of secrets, without making a text of them. The
 * document is of the types that {@link Json#write} takes, and has two more: a {@link SecretValue},
 * which becomes a text, in Base64 unless it is UTF-8; and a {@link ByteBuffer}, which is JSON
 * already. It is written twice: first it is only counted, and then it has exactly the memory that
 * it needs, so there is one copy of a value for each answer. Not safe for use by several threads.
 */
final class JsonBody {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** How many bytes of a value it decodes or encodes together; three become four of Base64. */
  private static final int PIECE = 3 * 256;

  /** Empty while it only counts. */
  private final byte[] bytes;

  private int size;

  private JsonBody(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the bytes of a document, whose owner overwrites them.
   *
   * @param room for these bytes, which are taken before the document is written
   * @throws de.lifetimecircle.secrets.SecretException {@code THROTTLED} if there is no room
   */
  static byte[] of(BytesUnderWay.Held room, Map<String, ?> document) {
    int size = size(document);
    room.require(size);
    JsonBody json = new JsonBody(new byte[size]);
    boolean isWhole = false;
    try {
      json.value(document);
      isWhole = json.size == size;
    } finally {
      if (!isWhole) {
        Arrays.fill(json.bytes, (byte) 0);
      }
    }
    if (!isWhole) {
      throw new IllegalStateException("a document has another size when it is written again");
    }
    return json.bytes;
  }

  /** Returns how many bytes it is. */
  static int size(Map<String, ?> document) {
    JsonBody counted = new JsonBody(new byte[0]);
    counted.value(document);
    return counted.size;
  }

  private void value(@Nullable Object value) {
    if (value instanceof SecretValue secret) {
      JsonBody unused = secret.useBytes(this::secret);
    } else if (value instanceof ByteBuffer json) {
      for (int i = json.position(); i < json.limit(); i++) {
        put(json.get(i));
      }
    } else if (value instanceof Map<?, ?> members) {
      char separator = '{';
      for (Map.Entry<?, ?> member : members.entrySet()) {
        put(separator);
        raw(Json.write(String.valueOf(member.getKey())));
        put(':');
        value(member.getValue());
        separator = ',';
      }
      raw(members.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> elements) {
      char separator = '[';
      for (Object element : elements) {
        put(separator);
        value(element);
        separator = ',';
      }
      raw(elements.isEmpty() ? "[]" : "]");
    } else {
      raw(Json.write(value));
    }
  }

  private JsonBody secret(ByteBuffer borrowed) {
    put('"');
    if (isText(borrowed)) {
      while (borrowed.hasRemaining()) {
        escaped(borrowed.get());
      }
    } else {
      base64(borrowed);
    }
    put('"');
    return this;
  }

  /** Whether a value is UTF-8. */
  static boolean isText(SecretValue value) {
    return value.useBytes(borrowed -> isText(borrowed));
  }

  /**
   * Whether these bytes are UTF-8. Decodes into an array that is overwritten, since a decoder keeps
   * nothing else.
   */
  static boolean isText(ByteBuffer utf8) {
    ByteBuffer rest = utf8.duplicate();
    CharBuffer chars = CharBuffer.allocate(PIECE);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(rest, chars, true);
    while (result.isOverflow()) {
      result = decoder.decode(rest, chars.clear(), true);
    }
    Arrays.fill(chars.array(), '\0');
    return result.isUnderflow();
  }

  private void base64(ByteBuffer borrowed) {
    while (borrowed.hasRemaining()) {
      byte[] plain = new byte[Math.min(PIECE, borrowed.remaining())];
      borrowed.get(plain);
      byte[] encoded = Base64.getEncoder().encode(plain);
      for (byte each : encoded) {
        put(each);
      }
      Arrays.fill(plain, (byte) 0);
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private void escaped(byte each) {
    if (each == '"' || each == '\\') {
      put('\\');
      put(each);
    } else if ((each >= 0 && each < 0x20) || each == 0x7f) {
      raw("\\u00");
      put(HEX[each >> 4]);
      put(HEX[each & 0xf]);
    } else {
      put(each);
    }
  }

  private void raw(String json) {
    for (byte each : json.getBytes(StandardCharsets.UTF_8)) {
      put(each);
    }
  }

  private void put(int each) {
    if (size < bytes.length) {
      bytes[size] = (byte) each;
    }
    size = Math.addExact(size, 1);
  }
}
