package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretValue;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * Finds the last whole line of the output of a hook. An output that {@link OutputLeakCheck} objects
 * to has no such line. Stateless.
 */
final class LastLine {
  /** A terminal shows no more of it. */
  private static final int LONGEST = 200;

  private LastLine() {}

  /** Returns the line; empty if there is none yet, or if the output shows a value. */
  static String of(byte[] output, Collection<SecretValue> values) {
    String latin = new String(output, StandardCharsets.ISO_8859_1);
    if (OutputLeakCheck.shows(latin, values) || OutputLeakCheck.showsLine(latin, values)) {
      return "";
    }
    int whole = latin.lastIndexOf('\n') + 1; // the rest may be the beginning of a value
    List<String> lines =
        new String(output, 0, whole, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
    String printable = last.replaceAll("[\\p{Cc}\\p{Cf}\ufffd]", "?");
    return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
  }
}
