package de.lifetimecircle.secrets.spi;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) to and from the JDK's own types: {@code Map} (in the order written), {@code
 * List}, {@code String}, {@code BigDecimal}, {@code Boolean} and {@code null}.
 *
 * <p>Strict: no comment, no trailing comma, no name twice in an object, no lone surrogate, nothing
 * after the document, at most {@value #MAX_DEPTH} levels and {@value #MAX_LENGTH} characters (more
 * than any backend takes as a value: the largest limit is Vault's 1 MiB). Here because the JDK has
 * none and every service would inherit a dependency. Stateless.
 */
public final class Json {
  static final int MAX_DEPTH = 64;
  static final int MAX_LENGTH = 8 * 1024 * 1024;

  private Json() {}

  /**
   * Reads one document.
   *
   * @throws IllegalArgumentException if the text is not JSON or passes a limit; the message gives
   *     the position and the expected input, and none of the content
   */
  public static @Nullable Object parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("JSON is longer than " + MAX_LENGTH + " characters");
    }
    return new JsonReader(text).document();
  }

  /**
   * Writes a document on one line.
   *
   * @param value of the types that {@link #parse} returns, {@code int} and {@code long}, in maps
   *     with text keys
   * @throws IllegalArgumentException for a value of another type
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    if (value == null || value instanceof Boolean || isNumber(value)) {
      out.append(value);
    } else if (value instanceof CharSequence text) {
      quote(text, out);
    } else if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> member : map.entrySet()) {
        out.append(separator);
        quote(String.valueOf(member.getKey()), out);
        out.append(':');
        write(member.getValue(), out);
        separator = ",";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object element : list) {
        out.append(separator);
        write(element, out);
        separator = ",";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else {
      throw new IllegalArgumentException("JSON has no form for " + value.getClass().getName());
    }
  }

  private static boolean isNumber(Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof java.math.BigDecimal
        || value instanceof java.math.BigInteger;
  }

  private static void quote(CharSequence text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // A lone surrogate has no UTF-8 form, and the C1 controls upset terminals.
          if (c < 0x20 || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c)) {
            out.append("\\u").append(java.util.HexFormat.of().toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
