package de.lifetimecircle.secrets.testkit;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Encodes the values that a certificate consists of in DER (X.690): a tag, a length, a content.
 *
 * <p>The JDK reads certificates and writes none, and a library for it would come to everybody who
 * depends on the test kit.
 */
final class DerWriter {
  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;

  /** RFC 5280: times before 2050 have two digits for the year, later ones have four. */
  private static final int FIRST_LONG_YEAR = 2050;

  private static final DateTimeFormatter SHORT_TIME =
      DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LONG_TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private DerWriter() {}

  static byte[] sequence(byte[]... parts) {
    return value(SEQUENCE, parts);
  }

  static byte[] integer(BigInteger number) {
    return value(INTEGER, number.toByteArray());
  }

  static byte[] yes() {
    return value(BOOLEAN, new byte[] {(byte) 0xFF});
  }

  static byte[] octets(byte[] content) {
    return value(OCTET_STRING, content);
  }

  /** Whole bytes only: no bit of the last one is unused. */
  static byte[] bits(byte[] content) {
    return value(BIT_STRING, new byte[] {0}, content);
  }

  /** A value that is known by its number, in place of its own tag. */
  static byte[] tagged(int number, byte[] content) {
    return value(CONTEXT | number, content);
  }

  /** A value with its own tag inside a numbered one. */
  static byte[] wrapped(int number, byte[] encoded) {
    return value(CONTEXT | CONSTRUCTED | number, encoded);
  }

  static byte[] time(Instant time) {
    boolean after = time.atOffset(ZoneOffset.UTC).getYear() >= FIRST_LONG_YEAR;
    DateTimeFormatter format = after ? LONG_TIME : SHORT_TIME;
    return value(
        after ? GENERALIZED_TIME : UTC_TIME,
        format.format(time).getBytes(StandardCharsets.US_ASCII));
  }

  /** Encodes the numbers of an identifier such as {@code 2.5.29.19}. */
  static byte[] identifier(String dotted) {
    String[] numbers = dotted.split("\\.", -1);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(Integer.parseInt(numbers[0]) * 40 + Integer.parseInt(numbers[1]));
    for (int i = 2; i < numbers.length; i++) {
      writeBase128(content, Integer.parseInt(numbers[i]));
    }
    return value(OBJECT_IDENTIFIER, content.toByteArray());
  }

  /** Seven bits a byte, the highest first; all but the last byte have the eighth bit set. */
  private static void writeBase128(ByteArrayOutputStream out, int number) {
    int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(number) + 6) / 7);
    for (int i = digits - 1; i >= 0; i--) {
      out.write((number >> (7 * i) & 0x7F) | (i > 0 ? 0x80 : 0));
    }
  }

  private static byte[] value(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    writeLength(out, length);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** One byte up to 127; else the count of the bytes that follow, and these. */
  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(0x80 | bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      out.write(length >> (8 * i));
    }
  }
}
