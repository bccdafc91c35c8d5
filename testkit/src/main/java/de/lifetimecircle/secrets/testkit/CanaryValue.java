package de.lifetimecircle.secrets.testkit;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values that are found again: a marker that every one begins with, and letters and digits that no
 * other text has.
 */
final class CanaryValue {
  /** The first characters of every canary, so that a scan can find one without knowing the rest. */
  static final String MARKER = "CANARY-";

  private static final String SIGNS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final Pattern PLAIN = Pattern.compile(MARKER + "[A-Za-z0-9]{8,}");
  private static final Pattern HEX =
      Pattern.compile(HexFormat.of().formatHex(bytes("")) + "[0-9a-f]{16,}");
  private static final Pattern ESCAPES =
      Pattern.compile(
          HexFormat.of().formatHex(MARKER.getBytes(StandardCharsets.UTF_16BE)) + "[0-9a-f]{32,}");
  private static final Pattern BYTES = Pattern.compile("67, 65, 78, 65, 82, 89, 45(, \\d+){8,}");
  private static final List<Pattern> BASE64 = List.of(base64(0), base64(1), base64(2));

  private CanaryValue() {}

  /** A new canary; its length is random too, so that a length in a text is no accident. */
  static String next() {
    int signs = 57 + RANDOM.nextInt(64);
    StringBuilder canary = new StringBuilder(MARKER);
    for (int i = 0; i < signs; i++) {
      canary.append(SIGNS.charAt(RANDOM.nextInt(SIGNS.length())));
    }
    return canary.toString();
  }

  private static byte[] bytes(String before) {
    return (before + MARKER).getBytes(StandardCharsets.UTF_8);
  }

  private static Pattern base64(int shift) {
    String whole = Base64.getEncoder().withoutPadding().encodeToString(bytes("x".repeat(shift)));
    String sure = whole.substring(shift == 0 ? 0 : 4, whole.length() - 1);
    return Pattern.compile(Pattern.quote(sure) + "[A-Za-z0-9+/_-]{11,}");
  }

  /**
   * The canaries in a text, in whatever form, each once; they are for counting, not for showing.
   */
  static Set<String> in(String text) {
    Set<String> found = new LinkedHashSet<>();
    collect(PLAIN, text, found);
    collect(BYTES, text, found);
    BASE64.forEach(form -> collect(form, text, found));
    String hex = text.toLowerCase(Locale.ROOT).replaceAll("\\\\u|\\\\x|0x|[%: -]", "");
    collect(HEX, hex, found);
    collect(ESCAPES, hex, found);
    return found;
  }

  private static void collect(Pattern form, String text, Set<String> found) {
    Matcher matcher = form.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
  }
}
