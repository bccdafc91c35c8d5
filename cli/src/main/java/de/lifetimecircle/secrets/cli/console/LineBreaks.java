package de.lifetimecircle.secrets.cli.console;

import java.util.ArrayList;
import java.util.List;

/** Breaks texts into lines. Stateless. */
final class LineBreaks {
  /** The columns of a terminal at its usual width. */
  static final int WIDTH = 80;

  private static final String JOINTS = "/_-.:@,=";

  private LineBreaks() {}

  /**
   * Returns the lines of a sentence. A command between quotes stays on one line, and so does a word
   * that is too long, because both can be pasted.
   */
  static List<String> sentence(String text, int width) {
    return filled(words(text), width);
  }

  /** Returns the lines of a cell of a table, none of them wider than that. */
  static List<String> cell(String text, int width) {
    List<String> pieces = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      String rest = word;
      while (rest.length() > width) {
        int end = joint(rest, width);
        pieces.add(rest.substring(0, end));
        rest = rest.substring(end);
      }
      pieces.add(rest);
    }
    return filled(pieces, width);
  }

  /** Returns the end of the part that fits: behind the last joint of a name, if there is one. */
  private static int joint(String word, int width) {
    for (int end = width; end > width / 2; end--) {
      if (JOINTS.indexOf(word.charAt(end - 1)) >= 0) {
        return end;
      }
    }
    return Character.isHighSurrogate(word.charAt(width - 1)) && width > 1 ? width - 1 : width;
  }

  private static List<String> filled(List<String> words, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    boolean begun = false;
    for (String word : words) {
      if (begun && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
        begun = false;
      }
      line.append(begun ? " " : "").append(word);
      begun = true;
    }
    lines.add(line.toString());
    return lines;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' && (i == start || text.charAt(i - 1) == '(')) {
        int end = text.indexOf('\'', i + 1);
        i = end < 0 ? i : end;
      } else if (c == ' ') {
        words.add(text.substring(start, i));
        start = i + 1;
      }
    }
    words.add(text.substring(start));
    return words;
  }
}
