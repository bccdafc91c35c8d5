package de.lifetimecircle.secrets.operations.importing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the table that a password manager exports: its first line names the columns. Takes the
 * password of each entry, or the note of an entry without one. Stateless.
 *
 * <p>Columns: 1Password {@code Title, Url, Username, Password, OTPAuth, Favorite, Archived, Tags,
 * Notes}; LastPass {@code url, username, password, totp, extra, name, grouping, fav}; Dashlane
 * {@code username, username2, username3, title, password, note, url, category, otpSecret};
 * Bitwarden {@code folder, favorite, type, name, notes, fields, reprompt, login_uri,
 * login_username, login_password, login_totp}.
 *
 * <p>LastPass writes its table as text of a web page: an ampersand is escaped, and likewise {@code
 * < > " '}. Other ways to export there write the plain signs. Encoded text has none of {@code < >}
 * and no {@code &} that begins nothing, so a table of LastPass is decoded only if that is true of
 * the whole of it.
 */
final class PasswordTable {
  private static final List<String> NAMES = List.of("name", "title");
  private static final List<String> PASSWORDS = List.of("password", "login_password");
  private static final List<String> NOTES = List.of("notes", "note", "extra");
  private static final List<String> FOLDERS = List.of("folder", "grouping", "category");

  /** Only LastPass has a column of this name beside one for the notes, {@code extra}. */
  private static final String LASTPASS = "grouping";

  private static final Pattern ENTITY = Pattern.compile("&(amp|lt|gt|quot|apos|#0*39|#x0*27);");

  private PasswordTable() {}

  static List<ImportedValue> read(String text) {
    List<List<String>> rows = rows(text);
    List<String> columns =
        rows.isEmpty()
            ? List.of()
            : rows.get(0).stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    int name = column(columns, NAMES);
    int password = column(columns, PASSWORDS);
    if (name < 0 || password < 0) {
      throw ImportFormat.malformed(
          ImportFormat.CSV, "line 1, which must name a column 'name' or 'title' and 'password'");
    }
    boolean encoded = isEncoded(columns, text);
    List<ImportedValue> values = new ArrayList<>();
    for (int i = 1; i < rows.size(); i++) {
      List<String> row =
          encoded ? rows.get(i).stream().map(PasswordTable::decoded).toList() : rows.get(i);
      if (row.size() > columns.size()) { // an unquoted comma has moved the cells
        throw ImportFormat.malformed(ImportFormat.CSV, "entry " + i + ": more cells than columns");
      }
      String folder = cell(row, column(columns, FOLDERS));
      String value = cell(row, password);
      value = value.isEmpty() ? cell(row, column(columns, NOTES)) : value;
      String full = ImportFormat.name(folder.equals("(none)") ? "" : folder, cell(row, name));
      if (!value.isEmpty()) {
        ImportFormat.requireName(full, "entry " + i);
        values.add(new ImportedValue(full, value, "entry " + i));
      }
    }
    return values;
  }

  /** Returns whether LastPass has written the table as text of a web page. */
  private static boolean isEncoded(List<String> columns, String text) {
    return columns.contains(LASTPASS)
        && columns.contains("extra")
        && ENTITY
            .matcher(text)
            .replaceAll("")
            .chars()
            .noneMatch(c -> c == '&' || c == '<' || c == '>');
  }

  /** Decodes once, so that an escaped escape stays an escape. */
  private static String decoded(String cell) {
    return ENTITY
        .matcher(cell)
        .replaceAll(entity -> Matcher.quoteReplacement(sign(entity.group(1))));
  }

  private static String sign(String entity) {
    return switch (entity) {
      case "amp" -> "&";
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      default -> "'";
    };
  }

  private static int column(List<String> columns, List<String> names) {
    return names.stream().mapToInt(columns::indexOf).filter(at -> at >= 0).findFirst().orElse(-1);
  }

  private static String cell(List<String> row, int column) {
    return column < 0 || column >= row.size() ? "" : row.get(column);
  }

  /** Splits a text of RFC 4180: quotes around a cell, doubled within. */
  private static List<List<String>> rows(String text) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean doubled = quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
      if (doubled) {
        cell.append('"');
        i++;
      } else if (c == '"' && (quoted || cell.isEmpty())) {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        row.add(taken(cell));
        if (c == '\n') {
          end(row, rows);
          row = new ArrayList<>();
        }
      } else if (quoted || c != '\r') {
        cell.append(c);
      }
    }
    if (quoted) {
      throw ImportFormat.malformed(ImportFormat.CSV, "its end: a quote is open");
    }
    row.add(taken(cell));
    end(row, rows);
    return rows;
  }

  private static String taken(StringBuilder cell) {
    String text = cell.toString();
    cell.setLength(0);
    return text;
  }

  private static void end(List<String> row, List<List<String>> rows) {
    if (row.size() > 1 || !row.get(0).isEmpty()) {
      rows.add(row);
    }
  }
}
