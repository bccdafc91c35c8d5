package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.spi.Json;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Writes results as lines for people or as one line of JSON. Not thread-safe. */
public final class Output {
  private final PrintStream out;
  private final boolean json;

  private Output(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  static Output text(PrintStream out) {
    return new Output(out, false);
  }

  static Output json(PrintStream out) {
    return new Output(out, true);
  }

  /** Returns whether {@code --json} was given. */
  public boolean json() {
    return json;
  }

  /** Writes a document of maps, lists and texts as one line of JSON. */
  public void document(Object value) {
    out.print(Json.write(value));
    out.print('\n');
  }

  /** Writes a line that ends with a line feed on every system, so that pipes see the same bytes. */
  public void line(String text) {
    out.print(printable(text));
    out.print('\n');
  }

  /** Writes the text, or with {@code --json} the document. */
  public void result(String text, Map<String, ?> document) {
    if (json) {
      document(document);
    } else {
      line(text);
    }
  }

  /** Writes facts as aligned lines, or with {@code --json} as an object. */
  public void facts(Map<String, String> facts) {
    if (json) {
      document(facts);
      return;
    }
    int width = 0;
    for (String key : facts.keySet()) {
      width = Math.max(width, key.length());
    }
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      line(padded(fact.getKey() + ":", width + 2) + fact.getValue());
    }
  }

  /** Writes rows as aligned columns; the first row is the heading. */
  public void table(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(padded(row.get(i), i + 1 < widths.length ? widths[i] + 2 : 0));
      }
      line(text.toString());
    }
  }

  /** Writes exactly these bytes. */
  public void bytes(byte[] bytes) {
    out.write(bytes, 0, bytes.length);
  }

  /**
   * Flushes everything that was written.
   *
   * @throws CommandFailure if the system did not accept it; a lost result must not look like
   *     success
   */
  public void finish() {
    out.flush();
    if (out.checkError()) {
      throw CommandFailure.internal(
          "Cannot write to standard output: the reader has closed the pipe, or the disk is full.");
    }
  }

  /** Returns the text with spaces up to that width; a longer text is returned unchanged. */
  public static String padded(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  /**
   * Returns the text with '?' for each control and format character, because text from a backend
   * must not move the cursor, recolour the terminal or reverse the direction of writing.
   */
  public static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
      shown.append(control || Character.getType(c) == Character.FORMAT ? '?' : c);
    }
    return shown.toString();
  }
}
