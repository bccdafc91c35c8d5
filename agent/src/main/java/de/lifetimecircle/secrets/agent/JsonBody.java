package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a JSON object that holds values of secrets, without making a text of them. It is written
 * twice: first it is only counted, and then it has exactly the memory that it needs, so there is
 * one copy of a value for each answer. Not safe for use by several threads.
 */
final class JsonBody {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** How many bytes of a value it decodes or encodes together; three become four of Base64. */
  private static final int PIECE = 3 * 256;

  /** Empty while it only counts. */
  private final byte[] bytes;

  private int size;

  /** Whether the next member is the first of its object or list. */
  private boolean isFirst = true;

  private JsonBody(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the bytes of an object, whose owner overwrites them.
   *
   * @param room for these bytes, which are taken before the object is written
   * @param content writes the object, twice in the same way
   * @throws de.lifetimecircle.secrets.SecretException {@code THROTTLED} if there is no room
   */
  static byte[] of(BytesUnderWay.Held room, Consumer<JsonBody> content) {
    int size = size(content);
    room.require(size);
    JsonBody json = new JsonBody(new byte[size]);
    boolean isWhole = false;
    try {
      content.accept(json);
      isWhole = json.size == size;
    } finally {
      if (!isWhole) {
        Arrays.fill(json.bytes, (byte) 0);
      }
    }
    if (!isWhole) {
      throw new IllegalStateException("an object has another size when it is written again");
    }
    return json.bytes;
  }

  /** Returns how many bytes it is. */
  static int size(Consumer<JsonBody> content) {
    JsonBody counted = new JsonBody(new byte[0]);
    content.accept(counted);
    return counted.size;
  }

  JsonBody begin() {
    return open('{');
  }

  JsonBody end() {
    return close('}');
  }

  /** Begins a list of objects as a member. */
  JsonBody list(String name) {
    name(name);
    return open('[');
  }

  JsonBody endList() {
    return close(']');
  }

  /** Begins an object in a list. */
  JsonBody element() {
    separate();
    return open('{');
  }

  /** Writes a member that is no secret. */
  JsonBody member(String name, @Nullable Object value) {
    name(name);
    return raw(Json.write(value));
  }

  /** Writes a member with a number as it is. */
  JsonBody number(String name, String number) {
    name(name);
    return raw(number);
  }

  /** Writes a member whose value is JSON already. */
  JsonBody member(String name, ByteBuffer json) {
    name(name);
    for (int i = json.position(); i < json.limit(); i++) {
      put(json.get(i));
    }
    return this;
  }

  /** Writes a value under the first name if it is UTF-8, else in Base64 under the second. */
  JsonBody secret(String textName, String binaryName, SecretValue value) {
    return value.useBytes(
        lent -> {
          if (isText(lent)) {
            name(textName);
            put('"');
            while (lent.hasRemaining()) {
              escaped(lent.get());
            }
            put('"');
          } else {
            name(binaryName);
            put('"');
            base64(lent);
            put('"');
          }
          return this;
        });
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

  private void base64(ByteBuffer lent) {
    while (lent.hasRemaining()) {
      byte[] plain = new byte[Math.min(PIECE, lent.remaining())];
      lent.get(plain);
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

  private JsonBody open(char bracket) {
    put(bracket);
    isFirst = true;
    return this;
  }

  private JsonBody close(char bracket) {
    put(bracket);
    isFirst = false;
    return this;
  }

  private void separate() {
    if (!isFirst) {
      put(',');
    }
    isFirst = false;
  }

  private void name(String name) {
    separate();
    raw(Json.write(name));
    put(':');
  }

  /** Writes text that is JSON already, or a part of it. */
  JsonBody raw(String json) {
    for (byte each : json.getBytes(StandardCharsets.UTF_8)) {
      put(each);
    }
    return this;
  }

  private void put(int each) {
    if (size < bytes.length) {
      bytes[size] = (byte) each;
    }
    size = Math.addExact(size, 1);
  }
}
