package de.lifetimecircle.secrets.spi;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON document by recursive descent; used once, by one thread. */
final class JsonReader {
  // Longer numbers make BigDecimal slow (its parsing is quadratic) and hold no secret of a service.
  private static final int MAX_NUMBER = 1000;

  /** Whatever has fewer digits fits in 32 bits; only an object of the number tells it exactly. */
  private static final int MAX_EXPONENT = 9;

  private final CharSequence text;

  /** The bytes of the characters, of which values are parts; null if values become objects. */
  private final @Nullable ByteBuffer bytes;

  private int at;
  private int depth;

  private JsonReader(CharSequence text, @Nullable ByteBuffer bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  static @Nullable Object document(String text) {
    return new JsonReader(text, null).document();
  }

  /** Finds the members of an object in its bytes; see {@link Json#members}. */
  static Map<String, ByteBuffer> members(ByteBuffer utf8) {
    CharBuffer units = StandardCharsets.ISO_8859_1.decode(utf8.duplicate());
    try {
      JsonReader reader = new JsonReader(units, utf8.slice());
      reader.depth = 2; // for the document that gets the members
      reader.skipSpace();
      if (reader.peek() != '{') {
        throw reader.expected("'{'");
      }
      Map<String, ByteBuffer> members = new LinkedHashMap<>();
      reader.object().forEach((name, value) -> members.put(name, (ByteBuffer) value));
      reader.end();
      return members;
    } finally {
      Arrays.fill(units.array(), '\0');
    }
  }

  private @Nullable Object document() {
    Object value = value();
    end();
    return value;
  }

  private void end() {
    skipSpace();
    if (at < text.length()) {
      throw expected("the end");
    }
  }

  private @Nullable Object value() {
    skipSpace();
    int start = at;
    Object value =
        switch (peek()) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> string();
          case 't' -> word("true", true);
          case 'f' -> word("false", false);
          case 'n' -> word("null", null);
          default -> number();
        };
    return bytes == null ? value : bytes.slice(start, at - start);
  }

  private Map<String, @Nullable Object> object() {
    enter();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (!closes('}')) {
      do {
        skipSpace();
        int start = at;
        String name = name();
        skipSpace();
        expect(':');
        Object value = value();
        if (members.containsKey(name)) {
          at = start;
          throw expected("a name that is not in the object yet");
        }
        members.put(name, value);
      } while (continues('}'));
    }
    depth--;
    return Collections.unmodifiableMap(members);
  }

  private List<@Nullable Object> array() {
    enter();
    List<@Nullable Object> elements = new ArrayList<>();
    if (!closes(']')) {
      do {
        elements.add(value());
      } while (continues(']'));
    }
    depth--;
    return Collections.unmodifiableList(elements);
  }

  private void enter() {
    at++;
    if (++depth > Json.MAX_DEPTH) {
      throw expected("at most " + Json.MAX_DEPTH + " levels");
    }
  }

  private boolean closes(char end) {
    skipSpace();
    if (peek() != end) {
      return false;
    }
    at++;
    return true;
  }

  private boolean continues(char end) {
    skipSpace();
    char c = peek();
    if (c != ',' && c != end) {
      throw expected("',' or '" + end + "'");
    }
    at++;
    return c == ',';
  }

  /** A name is no secret, so it may be a text. */
  private String name() {
    int start = at;
    String name = string();
    if (bytes == null) {
      return name;
    }
    CharBuffer written = StandardCharsets.UTF_8.decode(bytes.slice(start, at - start));
    return new JsonReader(written, null).string();
  }

  /** Returns the characters of a string; none if values are parts of the bytes. */
  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    boolean pairOpen = false;
    while (true) {
      char c = peek();
      if (pairOpen && (c == '"' || at >= text.length())) {
        throw expected("surrogates in pairs");
      }
      if (c < 0x20) {
        throw expected("a character of a string or its closing quote");
      }
      at++;
      if (c == '"') {
        return out.toString();
      }
      if (c == '\\') {
        c = escape();
      }
      if (pairOpen != Character.isLowSurrogate(c)) {
        throw expected("surrogates in pairs");
      }
      pairOpen = Character.isHighSurrogate(c);
      if (bytes == null) {
        out.append(c);
      }
    }
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hex();
      default -> {
        at--;
        throw expected("one of \" \\ / b f n r t u");
      }
    };
  }

  private char hex() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      // Character.digit alone takes the digits of every script.
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw expected("four hexadecimal digits");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    int end = at + word.length();
    if (end > text.length() || !word.contentEquals(text.subSequence(at, end))) {
      throw expected("a value");
    }
    at = end;
    return value;
  }

  private @Nullable BigDecimal number() {
    int start = at;
    take('-');
    if (!take('0')) {
      digits();
    }
    if (take('.')) {
      digits();
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      int digits = digits();
      if (bytes != null && digits > MAX_EXPONENT) {
        throw expected("an exponent that fits in 32 bits");
      }
    }
    if (at - start > MAX_NUMBER) {
      throw expected("a number of at most " + MAX_NUMBER + " characters");
    }
    if (bytes != null) {
      return null;
    }
    try {
      return new BigDecimal(text.subSequence(start, at).toString());
    } catch (NumberFormatException e) {
      at = start;
      throw expected("an exponent that fits in 32 bits");
    }
  }

  private int digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw expected("a value");
    }
    return at - start;
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw expected("'" + c + "'");
    }
  }

  /** The next character; at the end of the text one that no rule of the grammar takes. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException expected(String what) {
    return new IllegalArgumentException("JSON: expected " + what + " at character " + at);
  }
}
