package de.lifetimecircle.secrets.gpg.openpgp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import org.bouncycastle.bcpg.CRC24;

/**
 * ASCII armor: the base64 form of OpenPGP data, with a CRC-24.
 *
 * <p>Reads strictly and whole: one block, nothing before or after it, and the checksum, when there
 * is one, must fit. The library's armor reader is not used, because it skips foreign text and
 * checks the CRC only when a caller happens to read far enough.
 */
public enum PgpArmor {
  MESSAGE("MESSAGE"),
  SIGNATURE("SIGNATURE"),
  PUBLIC_KEY("PUBLIC KEY BLOCK"),
  PRIVATE_KEY("PRIVATE KEY BLOCK");

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final String begin;
  private final String end;

  PgpArmor(String label) {
    this.begin = "-----BEGIN PGP " + label + "-----";
    this.end = "-----END PGP " + label + "-----";
  }

  /** Returns the binary form: a copy when the input is binary, else the decoded armor. */
  byte[] decode(byte[] data, PgpFailure.Reason whenForeign) {
    if (data.length == 0) {
      throw new PgpFailure(whenForeign, "read OpenPGP data", "it is empty");
    }
    // The first octet of every packet has its highest bit set; armor is 7-bit text.
    if ((data[0] & 0x80) != 0) {
      return data.clone();
    }
    Iterator<String> lines =
        new String(data, ISO_8859_1).lines().map(String::stripTrailing).iterator();
    if (!nextNonBlank(lines).equals(begin)) {
      throw new PgpFailure(
          whenForeign, "read OpenPGP data", "it is neither binary nor starts with '" + begin + "'");
    }
    skipHeaders(lines);
    return decodeBody(lines);
  }

  private byte[] decodeBody(Iterator<String> lines) {
    StringBuilder base64 = new StringBuilder();
    String crc = "";
    String line = next(lines);
    while (!line.equals(end)) {
      if (!crc.isEmpty()) {
        throw damaged("there is text after the checksum");
      }
      if (line.length() == 5 && line.charAt(0) == '=') {
        crc = line.substring(1);
      } else {
        base64.append(line);
      }
      line = next(lines);
    }
    while (lines.hasNext()) {
      if (!lines.next().isEmpty()) {
        throw damaged("there is text after the end line");
      }
    }
    byte[] decoded = fromBase64(base64.toString());
    if (!crc.isEmpty() && !Arrays.equals(fromBase64(crc), crc24(decoded))) {
      throw damaged("the checksum does not fit");
    }
    return decoded;
  }

  /** Returns the armored form, with a checksum: without one gpg prints a warning. */
  public byte[] encode(byte[] binary) {
    String body = LINES.encodeToString(binary);
    String crc = Base64.getEncoder().encodeToString(crc24(binary));
    return (begin + "\n\n" + body + "\n=" + crc + "\n" + end + "\n").getBytes(ISO_8859_1);
  }

  private static void skipHeaders(Iterator<String> lines) {
    String line = next(lines);
    while (!line.isEmpty()) {
      if (line.indexOf(": ") <= 0 && !line.endsWith(":")) {
        throw damaged("the blank line after the armor headers is missing");
      }
      line = next(lines);
    }
  }

  private static String nextNonBlank(Iterator<String> lines) {
    while (lines.hasNext()) {
      String line = lines.next();
      if (!line.isEmpty()) {
        return line;
      }
    }
    return "";
  }

  private static String next(Iterator<String> lines) {
    if (!lines.hasNext()) {
      throw damaged("the end line is missing");
    }
    return lines.next();
  }

  private static byte[] fromBase64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw damaged("it is not valid base64");
    }
  }

  private static byte[] crc24(byte[] data) {
    CRC24 crc = new CRC24();
    for (byte b : data) {
      crc.update(b & 0xff);
    }
    return Arrays.copyOfRange(ByteBuffer.allocate(4).putInt(crc.getValue()).array(), 1, 4);
  }

  private static PgpFailure damaged(String why) {
    return new PgpFailure(PgpFailure.Reason.DAMAGED, "read OpenPGP armor", why, "Export it again");
  }
}
