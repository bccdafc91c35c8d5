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
import org.jspecify.annotations.Nullable;

/**
 * Writes a JSON object that holds values of secrets, without making a text of them: the bytes are
 * overwritten when the buffer grows and when the answer is written. Not safe for use by several
 * threads.
 */
final class JsonBody {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[512];
  private int size;

  /** Whether the next member is the first of its object or list. */
  private boolean isFirst = true;

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

  /** Writes a member whose value is JSON already; reads it to its end. */
  JsonBody member(String name, ByteBuffer json) {
    name(name);
    while (json.hasRemaining()) {
      put(json.get());
    }
    return this;
  }

  /** Writes a value under the first name if it is UTF-8, else in Base64 under the second. */
  JsonBody secret(String textName, String binaryName, SecretValue value) {
    return value.useBytes(
        lent -> {
          if (isText(lent.duplicate())) {
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

  /** Decodes into an array that is overwritten, since a decoder keeps nothing else. */
  private static boolean isText(ByteBuffer utf8) {
    CharBuffer chars = CharBuffer.allocate(utf8.remaining());
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(utf8, chars, true);
    Arrays.fill(chars.array(), '\0');
    return result.isUnderflow();
  }

  private void base64(ByteBuffer lent) {
    byte[] plain = new byte[lent.remaining()];
    lent.get(plain);
    byte[] encoded = Base64.getEncoder().encode(plain);
    for (byte each : encoded) {
      put(each);
    }
    Arrays.fill(plain, (byte) 0);
    Arrays.fill(encoded, (byte) 0);
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

  private JsonBody raw(String json) {
    for (byte each : json.getBytes(StandardCharsets.UTF_8)) {
      put(each);
    }
    return this;
  }

  private void put(int each) {
    if (size == bytes.length) {
      byte[] larger = Arrays.copyOf(bytes, size * 2);
      Arrays.fill(bytes, (byte) 0);
      bytes = larger;
    }
    bytes[size] = (byte) each;
    size++;
  }

  /** Returns how many bytes are written. */
  int size() {
    return size;
  }

  /** Hands the bytes over and forgets them. */
  byte[] bytes() {
    byte[] whole = Arrays.copyOf(bytes, size);
    wipe();
    return whole;
  }

  /** Overwrites what was written, where nobody gets it. */
  void wipe() {
    Arrays.fill(bytes, (byte) 0);
    size = 0;
  }
}
