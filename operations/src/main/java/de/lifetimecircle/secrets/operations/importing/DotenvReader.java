package de.lifetimecircle.secrets.operations.importing;

import java.util.ArrayList;
import java.util.List;

/** Reads lines of {@code NAME=value} as python-dotenv does, without expansion. Parses once. */
final class DotenvReader {
  private final String text;
  private int at;
  private int line = 1;

  DotenvReader(String text) {
    this.text = text.replace("\r\n", "\n");
  }

  List<ImportedValue> read() {
    List<ImportedValue> values = new ArrayList<>();
    while (at < text.length()) {
      skipBlanks();
      if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '#') {
        values.add(pair());
      }
      skipLine();
    }
    return values;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private void skipLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + 1;
    line++;
  }

  private RuntimeException malformed() {
    return ImportFormat.malformed(ImportFormat.DOTENV, "line " + line);
  }

  private ImportedValue pair() {
    String place = "line " + line;
    int equals = text.indexOf('=', at);
    int end = text.indexOf('\n', at);
    if (equals < 0 || (end >= 0 && end < equals)) {
      throw malformed();
    }
    String key = text.substring(at, equals).strip();
    key = key.startsWith("export ") ? key.substring("export ".length()).strip() : key;
    if (!key.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
      throw malformed();
    }
    at = equals + 1;
    skipBlanks();
    char first = at < text.length() ? text.charAt(at) : '\n';
    boolean quoted = first == '"' || first == '\'';
    String value = quoted ? quoted(first) : unquoted();
    if (first != '\'' && value.contains("${")) {
      throw ImportFormat.malformed(
          ImportFormat.DOTENV, place + ", whose value refers to a variable (${...})");
    }
    return new ImportedValue(ImportFormat.name(key.replace('.', '_')), value, place);
  }

  private String unquoted() {
    int end = text.indexOf('\n', at);
    String rest = text.substring(at - 1, end < 0 ? text.length() : end); // with '=' or the blank
    at = end < 0 ? text.length() : end;
    for (int i = rest.indexOf('#'); i >= 0; i = rest.indexOf('#', i + 1)) {
      if (Character.isWhitespace(rest.charAt(i - 1))) { // else it belongs to the value
        return rest.substring(1, i).strip();
      }
    }
    return rest.substring(1).strip();
  }

  private String quoted(char quote) {
    StringBuilder value = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        at = i + 1;
        requireNothingMore();
        return value.toString();
      }
      if (c == '\n') {
        line++;
      }
      char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
      int escape = c == '\\' ? escape(quote, next) : -1;
      if (escape >= 0) {
        value.append((char) escape);
        i++;
      } else {
        value.append(c);
      }
    }
    throw malformed();
  }

  private void requireNothingMore() {
    int end = text.indexOf('\n', at);
    String rest = text.substring(at, end < 0 ? text.length() : end).strip();
    if (!rest.isEmpty() && !rest.startsWith("#")) {
      throw malformed();
    }
  }

  /** Returns the character that an escape stands for; -1 if the backslash is one itself. */
  private static int escape(char quote, char next) {
    if (quote == '\'') {
      return next == '\'' || next == '\\' ? next : -1;
    }
    int escape = "\"'\\abfnrtv".indexOf(next);
    return escape < 0 ? -1 : "\"'\\\u0007\b\f\n\r\t\u000b".charAt(escape);
  }
}
