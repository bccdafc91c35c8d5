package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.spi.Json;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the members of a JSON object (RFC 8259) in its bytes, without making a text of a value. It
 * accepts nothing that the library's own reader of JSON refuses. Used once, by one thread.
 */
final class JsonMembers {
  /**
   * Two levels less than the reader of the library accepts, for the document around the members.
   */
  private static final int MAX_DEPTH = 62;

  private static final int MAX_NUMBER = 1000;

  /** Whatever has fewer digits fits in the 32 bits that the library's reader has for it. */
  private static final int MAX_EXPONENT = 9;

  private final ByteBuffer json;
  private int depth;

  private JsonMembers(ByteBuffer json) {
    this.json = json;
  }

  /**
   * Returns the members in their order, each value as a part of these bytes; none if the bytes are
   * not an object.
   *
   * @param utf8 is valid UTF-8
   */
  static Map<String, ByteBuffer> of(ByteBuffer utf8) {
    JsonMembers reader = new JsonMembers(utf8.duplicate());
    try {
      reader.skipSpace();
      Map<String, ByteBuffer> members = reader.object();
      reader.skipSpace();
      return reader.json.hasRemaining() ? Map.of() : members;
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      return Map.of();
    }
  }

  private void value() {
    switch (peek()) {
      case '{' -> {
        Map<String, ByteBuffer> unused = object();
      }
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
    skipSpace();
  }

  private Map<String, ByteBuffer> object() {
    Map<String, ByteBuffer> members = new LinkedHashMap<>();
    if (begins('{', '}')) {
      do {
        skipSpace();
        String name = name();
        skipSpace();
        require(take(':'));
        skipSpace();
        int start = json.position();
        value();
        ByteBuffer old = members.put(name, json.slice(start, json.position() - start));
        require(old == null);
      } while (continues('}'));
    }
    return members;
  }

  private void array() {
    if (begins('[', ']')) {
      do {
        skipSpace();
        value();
      } while (continues(']'));
    }
  }

  /** Enters an object or a list; false if it is empty, and left again. */
  private boolean begins(char begin, char end) {
    require(take(begin) && ++depth <= MAX_DEPTH);
    skipSpace();
    if (take(end)) {
      depth--;
      return false;
    }
    return true;
  }

  private boolean continues(char end) {
    if (take(',')) {
      return true;
    }
    require(take(end));
    depth--;
    return false;
  }

  /** A name is no secret, so it may be a text. */
  private String name() {
    int start = json.position();
    string();
    byte[] name = new byte[json.position() - start];
    json.get(start, name);
    return String.valueOf(Json.parse(new String(name, StandardCharsets.UTF_8)));
  }

  private void string() {
    require(take('"'));
    boolean isPairOpen = false;
    for (byte each = json.get(); each != '"'; each = json.get()) {
      require(each < 0 || each >= ' ');
      char c = each == '\\' ? escape() : ' ';
      require(Character.isLowSurrogate(c) == isPairOpen);
      isPairOpen = Character.isHighSurrogate(c);
    }
    require(!isPairOpen);
  }

  /** Returns the character of an escape by its number, and a space for any other. */
  private char escape() {
    byte kind = json.get();
    if (kind != 'u') {
      require("\"\\/bfnrt".indexOf(kind) >= 0);
      return ' ';
    }
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(json.get(), 16);
      require(digit >= 0);
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private void word(String word) {
    for (int i = 0; i < word.length(); i++) {
      require(take(word.charAt(i)));
    }
  }

  private void number() {
    int start = json.position();
    boolean unused = take('-');
    if (!take('0')) {
      require(digits() > 0);
    }
    require(!take('.') || digits() > 0);
    if (take('e') || take('E')) {
      unused = take('+') || take('-');
      int exponent = digits();
      require(exponent > 0 && exponent <= MAX_EXPONENT);
    }
    require(json.position() - start <= MAX_NUMBER);
  }

  /** Takes the digits that come now, and returns how many there are. */
  private int digits() {
    int start = json.position();
    while (peek() >= '0' && peek() <= '9') {
      json.get();
    }
    return json.position() - start;
  }

  private void skipSpace() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') {
      json.get();
    }
  }

  /** The next byte; at the end one that no rule of the grammar takes. */
  private byte peek() {
    return json.hasRemaining() ? json.get(json.position()) : 0;
  }

  private boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    json.get();
    return true;
  }

  private static void require(boolean isJson) {
    if (!isJson) {
      throw new IllegalArgumentException("not the JSON of an object");
    }
  }
}
