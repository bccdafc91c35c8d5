package de.lifetimecircle.secrets.azure.form;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The reversible escape that gives every name a form Key Vault takes: lower-case letters, digits
 * and dashes, so that names which differ only in case do not meet there.
 *
 * <p>{@code --} is a dash, {@code -s} a slash, {@code -u} an underscore, {@code -d} a dot, {@code
 * -k} changes between small and capital letters for what follows, {@code -xHH} is one byte of the
 * UTF-8 form of anything else: {@code prod/LTC_SECRET_KEY} is {@code prod-s-kltc-usecret-ukey}. A
 * stored name that this escape would not have written belongs to no secret. Stateless.
 */
public final class NameEscape {
  /** The longest name the service takes (about-secrets, learn.microsoft.com; read 2026-11-24). */
  public static final int MAX_LENGTH = 127;

  private static final String PLAIN_SIGNS = "-/_.";
  private static final String ESCAPED_SIGNS = "-sud";
  private static final HexFormat HEX = HexFormat.of();

  private NameEscape() {}

  /** The failure of a name that the vault cannot hold. */
  public static StoreFailure bad(String reason) {
    return StoreFailure.of(
        Kind.BAD_NAME, reason, "Use a shorter name of letters, digits, '/', '_', '-' or '.'");
  }

  /**
   * The stored form.
   *
   * @throws StoreFailure {@code BAD_NAME} if it has none
   */
  public static String encode(String name) {
    if (name.isEmpty()) {
      throw bad("it is empty");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw bad("it has a control character");
    }
    String stored = escape(name);
    if (stored.length() > MAX_LENGTH) {
      throw bad(
          "its form in Key Vault has "
              + stored.length()
              + " characters (expected: at most "
              + MAX_LENGTH
              + "; a capital letter among small ones, a sign and a letter with accent take more"
              + " than one)");
    }
    return stored;
  }

  private static String escape(String name) {
    StringBuilder out = new StringBuilder(name.length() + 16);
    boolean capitals = false;
    for (int at = 0; at < name.length(); at += Character.charCount(name.codePointAt(at))) {
      int c = name.codePointAt(at);
      if (isCapital(c) != capitals && isLetter(c)) {
        out.append("-k");
        capitals = !capitals;
      }
      append(c, out);
    }
    return out.toString();
  }

  private static void append(int c, StringBuilder out) {
    int sign = PLAIN_SIGNS.indexOf(c);
    if (sign >= 0) {
      out.append('-').append(ESCAPED_SIGNS.charAt(sign));
    } else if (isCapital(c)) {
      out.append((char) (c + ('a' - 'A')));
    } else if (isLetter(c) || isDigit(c)) {
      out.append((char) c);
    } else {
      for (byte b : utf8(c)) {
        out.append("-x").append(HEX.toHexDigits(b));
      }
    }
  }

  private static byte[] utf8(int c) {
    if (Character.getType(c) == Character.SURROGATE) {
      throw bad("it has half of a character");
    }
    return Character.toString(c).getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || isCapital(c);
  }

  private static boolean isCapital(int c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** The name of a stored form; empty if {@link #encode} would not have written it. */
  public static Optional<String> decode(String stored) {
    try {
      Optional<String> name = unescape(stored);
      return name.filter(n -> !n.isEmpty() && encode(n).equals(stored));
    } catch (StoreFailure e) {
      return Optional.empty();
    }
  }

  private static Optional<String> unescape(String stored) {
    byte[] out = new byte[stored.length()];
    int length = 0;
    boolean capitals = false;
    for (int at = 0; at < stored.length(); at++) {
      char c = stored.charAt(at);
      if (c != '-') {
        out[length++] = (byte) (capitals && isLetter(c) ? Character.toUpperCase(c) : c);
        continue;
      }
      char escaped = ++at < stored.length() ? stored.charAt(at) : 0;
      int sign = ESCAPED_SIGNS.indexOf(escaped);
      if (escaped == 'k') {
        capitals = !capitals;
      } else if (sign >= 0) {
        out[length++] = (byte) PLAIN_SIGNS.charAt(sign);
      } else if (escaped == 'x' && isHex(stored, at + 1)) {
        out[length++] = (byte) HexFormat.fromHexDigits(stored, at + 1, at + 3);
        at += 2;
      } else {
        return Optional.empty();
      }
    }
    return text(out, length);
  }

  private static boolean isHex(String text, int at) {
    return at + 2 <= text.length()
        && HexFormat.isHexDigit(text.charAt(at))
        && HexFormat.isHexDigit(text.charAt(at + 1));
  }

  private static Optional<String> text(byte[] bytes, int length) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
