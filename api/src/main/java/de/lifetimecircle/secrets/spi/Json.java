package de.lifetimecircle.secrets.spi;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) to and from the JDK's own types: {@code Map} (in the order written), {@code
 * List}, {@code String}, {@code BigDecimal}, {@code Boolean} and {@code null}.
 *
 * <pre>{@code
 * String document = Json.write(Map.of("user", "app", "port", 5432));
 * if (Json.parse(document) instanceof Map<?, ?> object) {
 *   String user = Json.text(object, "user");
 *   long port = Json.number(object, "port");
 * }
 * }</pre>
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
   * Reads one document. Objects and lists in the result cannot be changed.
   *
   * @param text the document, with any white space around it
   * @return an object, a list, a text, a number, a boolean, or null for the JSON literal {@code
   *     null}
   * @throws IllegalArgumentException if the text is not JSON or passes a limit; the message gives
   *     the position and the expected input, and none of the content
   */
  public static @Nullable Object parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("JSON is longer than " + MAX_LENGTH + " characters");
    }
    return JsonReader.document(text);
  }

  /**
   * Reads a document from another program, such as the answer of a server, whose top is an object.
   *
   * @param utf8 the text in UTF-8
   * @return its members in the order written; empty if the bytes are not UTF-8, not JSON, or JSON
   *     of another type
   */
  public static Optional<Map<?, ?>> object(byte[] utf8) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return parse(text) instanceof Map<?, ?> object ? Optional.of(object) : Optional.empty();
    } catch (CharacterCodingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Finds the members of an object in its bytes. No text is made of a value, so the caller can
   * overwrite every copy of it.
   *
   * @param utf8 valid UTF-8
   * @return each value as a part of these bytes, in the order written; none if the bytes are not a
   *     JSON object, or it has more than {@value #MAX_DEPTH} levels but two, which leaves these to
   *     a document that gets the members
   */
  public static Map<String, ByteBuffer> members(ByteBuffer utf8) {
    try {
      return JsonReader.members(utf8);
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }

  /**
   * Reads a member that is an object.
   *
   * @param parent an object that {@link #parse} returned
   * @param name the name of the member
   * @return the object; an empty one if the member is missing or of another type
   */
  public static Map<?, ?> object(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> object ? object : Map.of();
  }

  /**
   * Reads a member that is a text.
   *
   * @param parent an object that {@link #parse} returned
   * @param name the name of the member
   * @return the text; an empty one if the member is missing or of another type
   */
  public static String text(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof String text ? text : "";
  }

  /**
   * Reads a member that is a whole number.
   *
   * @param parent an object that {@link #parse} returned
   * @param name the name of the member
   * @return the number; 0 if the member is missing, of another type, or no number that a {@code
   *     long} can hold
   */
  public static long number(Map<?, ?> parent, String name) {
    try {
      return parent.get(name) instanceof BigDecimal number ? number.longValueExact() : 0;
    } catch (ArithmeticException e) {
      return 0;
    }
  }

  /**
   * Reads a member that is a time, written as {@code 2026-01-31T23:59:59Z}.
   *
   * @param parent an object that {@link #parse} returned
   * @param name the name of the member
   * @return the time; empty if the member is missing or of another form
   */
  public static Optional<Instant> time(Map<?, ?> parent, String name) {
    try {
      return Optional.of(text(parent, name)).filter(text -> !text.isEmpty()).map(Instant::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes a document on one line.
   *
   * @param value of the types that {@link #parse} returns, {@code int} and {@code long}, in maps
   *     with text keys
   * @return the document without white space between its parts, members in the order of the map
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
        || value instanceof BigDecimal
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
