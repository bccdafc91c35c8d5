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

  private static final HexFormat HEX = HexFormat.of();

  private final String label;
  private final Map<String, Set<String>> parts = new LinkedHashMap<>();
  private final Map<String, Set<String>> hexParts = new LinkedHashMap<>();
  private final Pattern length;

  /**
   * Prepares the search.
   *
   * @param distinct from which character on the secret is like no other
   */
  private SecretTraces(String label, String secret, int distinct, Pattern length) {
    this.label = label;
    this.length = length;
    String own = secret.substring(distinct);
    byte[] bytes = own.getBytes(StandardCharsets.UTF_8);
    parts.put("plain", windows(own, PART, 1));
    parts.put("url-encoded", windows(URLEncoder.encode(own, StandardCharsets.UTF_8), 2 * PART, 1));
    parts.put("json-escaped", windows(escaped(own), 2 * PART, 1));
    parts.put("characters", windows(spread(own), 3 * PART - 2, 1));
    parts.put("bytes", byteList(bytes));
    parts.put("base64", base64(own));
    hexParts.put("hex", windows(HEX.formatHex(bytes), 2 * PART, 2));
    hexParts.put(
        "unicode escapes",
        windows(HEX.formatHex(own.getBytes(StandardCharsets.UTF_16BE)), 4 * PART, 4));
    digests(secret);
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
    Optional<String> direct = firstOf(parts, text);
    if (direct.isPresent()) {
      return direct;
    }
    if (length.matcher(text).find()) {
      return Optional.of("length");
    }
    Optional<String> urlSafe =
        firstOf(Map.of("base64", base64Parts()), text.replace('-', '+').replace('_', '/'));
    return urlSafe.isPresent()
        ? urlSafe
        : firstOf(hexParts, text.toLowerCase(Locale.ROOT).replaceAll("\\\\u|\\\\x|0x|[%:, -]", ""));
  }

  private Set<String> base64Parts() {
    return parts.getOrDefault("base64", Set.of());
  }

  private static Optional<String> firstOf(Map<String, Set<String>> forms, String text) {
    return forms.entrySet().stream()
        .filter(form -> form.getValue().stream().anyMatch(text::contains))
        .map(Map.Entry::getKey)
        .findFirst();
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

  private void digests(String secret) {
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
