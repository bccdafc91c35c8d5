package de.lifetimecircle.secrets.testkit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Everything that one secret may look like in a text, in parts of eight characters and more. */
final class SecretTraces {
  /** The shortest part of a secret that counts as a leak. */
  static final int PART = 8;

  /**
   * The shortest part of a secret of hexadecimal digits. Hashes are of them too: with eight, a log
   * of hashes of a thousand lines has a part of one of twenty secrets once in some hundred runs.
   */
  private static final int HEX_PART = 12;

  private static final HexFormat HEX = HexFormat.of();

  private final String label;
  private final PartSearch parts;
  private final PartSearch base64Parts;
  private final PartSearch hexParts;

  /** The length of a canary as digits, and the words around it that make it a leak. */
  private final String digits;

  private final Pattern length;

  /**
   * Prepares the search.
   *
   * @param distinct from which character on the secret is like no other
   */
  private SecretTraces(String label, String secret, int distinct, Pattern length) {
    this.label = label;
    this.digits = String.valueOf(secret.length());
    this.length = length;
    Map<String, Set<String>> parts = new LinkedHashMap<>();
    Map<String, Set<String>> hexParts = new LinkedHashMap<>();
    String own = secret.substring(distinct);
    byte[] bytes = own.getBytes(StandardCharsets.UTF_8);
    parts.put("plain", windows(own, own.matches("[0-9a-fA-F]+") ? HEX_PART : PART, 1));
    parts.put("url-encoded", windows(URLEncoder.encode(own, StandardCharsets.UTF_8), 2 * PART, 1));
    parts.put("json-escaped", windows(escaped(own), 2 * PART, 1));
    parts.put("characters", windows(spread(own), 3 * PART - 2, 1));
    parts.put("bytes", byteList(bytes));
    Set<String> base64 = base64(own);
    parts.put("base64", base64);
    hexParts.put("hex", windows(HEX.formatHex(bytes), 2 * PART, 2));
    hexParts.put(
        "unicode escapes",
        windows(HEX.formatHex(own.getBytes(StandardCharsets.UTF_16BE)), 4 * PART, 4));
    digests(secret, parts, hexParts);
    this.parts = new PartSearch(parts);
    this.base64Parts = new PartSearch(Map.of("base64", base64));
    this.hexParts = new PartSearch(hexParts);
  }

  /** The needle of a secret of the caller's. */
  static SecretTraces of(String label, String secret) {
    return new SecretTraces(label, secret, 0, Pattern.compile("(?!)"));
  }

  /** Returns the traces of a canary, whose length is unusual enough to search for as well. */
  static SecretTraces ofCanary(String label, String canary) {
    int n = canary.length();
    return new SecretTraces(
        label,
        canary,
        CanaryValue.MARKER.length(),
        Pattern.compile(
            "(?i)\\b(length|len|size|bytes|chars|characters)\\b[\"' ]*(is|of|[:=])?[\"' ]*"
                + n
                + "\\b|\\b"
                + n
                + "[ -]?(bytes?|chars?|characters?)\\b"));
  }

  String label() {
    return label;
  }

  /** In which form the text holds the secret or a part of it. */
  Optional<String> foundIn(String text) {
    Optional<String> direct = parts.firstIn(text);
    if (direct.isPresent()) {
      return direct;
    }
    // The regular expression is slow, and few texts have these digits.
    if (text.contains(digits) && length.matcher(text).find()) {
      return Optional.of("length");
    }
    Optional<String> urlSafe = base64Parts.firstIn(text.replace('-', '+').replace('_', '/'));
    return urlSafe.isPresent() ? urlSafe : hexParts.firstIn(hexDigits(text));
  }

  /** Returns the text in lower case, without the separators between bytes in hex. */
  private static String hexDigits(String text) {
    char[] lower = text.toLowerCase(Locale.ROOT).toCharArray();
    char[] digits = new char[lower.length];
    int count = 0;
    for (int i = 0; i < lower.length; i++) {
      char c = lower[i];
      char next = i + 1 < lower.length ? lower[i + 1] : ' ';
      if ((c == '0' && next == 'x') || (c == '\\' && (next == 'u' || next == 'x'))) {
        i++;
      } else if (c != '%' && c != ':' && c != ',' && c != ' ' && c != '-') {
        digits[count] = c;
        count++;
      }
    }
    return new String(digits, 0, count);
  }

  private static Set<String> windows(String text, int size, int step) {
    Set<String> windows = new LinkedHashSet<>();
    if (!text.isEmpty() && text.length() <= size) {
      windows.add(text);
    }
    for (int i = 0; i + size <= text.length(); i += step) {
      windows.add(text.substring(i, i + size));
    }
    return windows;
  }

  private static String spread(String text) {
    return text.chars().mapToObj(Character::toString).collect(Collectors.joining(", "));
  }

  private static Set<String> byteList(byte[] bytes) {
    Set<String> lists = new LinkedHashSet<>();
    for (int i = 0; i + PART <= bytes.length; i++) {
      String list = Arrays.toString(Arrays.copyOfRange(bytes, i, i + PART));
      lists.add(list.substring(1, list.length() - 1));
    }
    return lists;
  }

  /**
   * The encoded form of a secret inside a longer text depends on the position where the secret
   * begins.
   */
  private static Set<String> base64(String own) {
    Set<String> encoded = new LinkedHashSet<>();
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = ("x".repeat(shift) + own).getBytes(StandardCharsets.UTF_8);
      String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // The first group contains some of the preceding bytes, the last one some of the following
      // bytes.
      int from = shift == 0 ? 0 : 4;
      int to = whole.length() - whole.length() % 4;
      encoded.addAll(windows(whole.substring(Math.min(from, to), to), 12, 1));
    }
    return encoded;
  }

  private static String escaped(String text) {
    String json = de.lifetimecircle.secrets.spi.Json.write(text);
    return json.substring(1, json.length() - 1);
  }

  private static void digests(
      String secret, Map<String, Set<String>> parts, Map<String, Set<String>> hexParts) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    for (String algorithm : new String[] {"SHA-256", "SHA-1", "MD5"}) {
      try {
        byte[] digest = MessageDigest.getInstance(algorithm).digest(bytes);
        hexParts.put(algorithm, Set.of(HEX.formatHex(digest, 0, PART)));
        String base64 = Base64.getEncoder().encodeToString(digest).substring(0, 12);
        parts.put(algorithm + " in base64", Set.of(base64));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has " + algorithm, e);
      }
    }
  }
}
