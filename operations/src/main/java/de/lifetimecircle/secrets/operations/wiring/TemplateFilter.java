package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.spi.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a place in a file writes a text, with its quotes where it needs some. */
public enum TemplateFilter {
  /** As it is. */
  NONE,
  /** A string of JSON in its quotes. */
  JSON,
  /** A double-quoted scalar of YAML, which a string of JSON is. */
  YAML,
  /** A word of a POSIX shell in single quotes, between which only the quote itself is special. */
  SHELL,
  /** Percent-encoded for any part of a URL (RFC 3986). */
  URL,
  /** Base64 of the text in UTF-8. */
  BASE64;

  private static String percentEncoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** Returns the escape of that filter; null if there is none. */
  static @Nullable TemplateFilter of(String filter) {
    return words().contains(filter) ? valueOf(filter.toUpperCase(Locale.ROOT)) : null;
  }

  /** Returns the words of the filters. */
  static List<String> words() {
    return Arrays.stream(values())
        .filter(each -> each != NONE)
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** Returns the text as its place writes it. */
  String apply(String text) {
    return switch (this) {
      case NONE -> text;
      case JSON, YAML -> Json.write(text);
      case SHELL -> "'" + text.replace("'", "'\\''") + "'";
      case URL -> percentEncoded(text);
      case BASE64 -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    };
  }
}
