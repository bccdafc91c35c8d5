package de.lifetimecircle.secrets.agent.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The path and the query of a request, decoded once. Immutable.
 *
 * @param path begins with {@code /}
 * @param query each name once
 */
record RequestTarget(String path, Map<String, String> query) {
  static RequestTarget of(String target) throws RequestRefused {
    if (!target.startsWith("/") || target.indexOf('#') >= 0) {
      throw new RequestRefused(400, "its path does not begin with '/'");
    }
    int mark = target.indexOf('?');
    String path = decoded(mark < 0 ? target : target.substring(0, mark), false);
    for (String segment : path.substring(1).split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        throw new RequestRefused(400, "its path has a segment of dots");
      }
    }
    if (path.contains("//") || path.indexOf('\\') >= 0) {
      throw new RequestRefused(400, "its path has '//' or a backslash");
    }
    return new RequestTarget(path, mark < 0 ? Map.of() : query(target.substring(mark + 1)));
  }

  private static Map<String, String> query(String text) throws RequestRefused {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
      if (!name.isEmpty() && query.put(name, value) != null) {
        throw new RequestRefused(400, "a parameter occurs twice");
      }
    }
    return query;
  }

  /** Decodes percent signs, and in a query the plus sign, as RFC 3986 and HTML forms have them. */
  private static String decoded(String text, boolean isQuery) throws RequestRefused {
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new RequestRefused(
              400, "its path or query has a percent sign that encodes nothing");
        }
        bytes.put((byte) (high * 16 + low));
        i += 2;
      } else {
        bytes.put((byte) (isQuery && c == '+' ? ' ' : c));
      }
    }
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
      if (decoded.chars().anyMatch(Character::isISOControl)) {
        throw new RequestRefused(400, "its path or query has a control character");
      }
      return decoded;
    } catch (CharacterCodingException e) {
      throw new RequestRefused(400, "its path or query is not UTF-8");
    }
  }
}
