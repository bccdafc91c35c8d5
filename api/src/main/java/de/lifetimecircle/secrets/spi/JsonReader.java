package de.lifetimecircle.secrets.spi;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON document by recursive descent; used once, by one thread. */
final class JsonReader {
  // Longer numbers make BigDecimal slow (its parsing is quadratic) and hold no secret of a service.
  private static final int MAX_NUMBER = 1000;

  private final String text;
  private int at;
  private int depth;

  JsonReader(String text) {
    this.text = text;
  }

  @Nullable Object document() {
    Object value = value();
    skipSpace();
    if (at < text.length()) {
      throw expected("the end");
    }
    return value;
  }

  private @Nullable Object value() {
    skipSpace();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object() {
    enter();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (!closes('}')) {
      do {
        skipSpace();
        int start = at;
        String name = string();
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

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = peek();
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
      append(c, out);
    }
  }

  private void append(char c, StringBuilder out) {
    boolean pairOpen = out.length() > 0 && Character.isHighSurrogate(out.charAt(out.length() - 1));
    if (pairOpen != Character.isLowSurrogate(c)) {
      throw expected("surrogates in pairs");
    }
    if (Character.isHighSurrogate(c) && (at >= text.length() || text.charAt(at) == '"')) {
      throw expected("surrogates in pairs");
    }
    out.append(c);
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
    if (!text.startsWith(word, at)) {
      throw expected("a value");
    }
    at += word.length();
    return value;
  }

  private BigDecimal number() {
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
      digits();
    }
    if (at - start > MAX_NUMBER) {
      throw expected("a number of at most " + MAX_NUMBER + " characters");
    }
    try {
      return new BigDecimal(text.substring(start, at));
    } catch (NumberFormatException e) {
      at = start;
      throw expected("an exponent that fits in 32 bits");
    }
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw expected("a value");
    }
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
