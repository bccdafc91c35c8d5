package de.lifetimecircle.secrets;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers of bytes as people write them: {@code 4096}, {@code 512k}, {@code 64m}. */
final class Sizes {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([kmg]?)");

  private Sizes() {}

  /**
   * Reads a number of bytes; k, m and g are powers of 1024.
   *
   * @throws IllegalArgumentException if it is none
   */
  static long parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a number of bytes");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "k" -> count << 10;
      case "m" -> count << 20;
      case "g" -> count << 30;
      default -> count;
    };
  }
}
