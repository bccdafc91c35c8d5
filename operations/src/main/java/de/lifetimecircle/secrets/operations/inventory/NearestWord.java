package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.spi.NearestName;
import java.util.Collection;
import java.util.regex.Pattern;

/** Words a mistake in a typed word for a message: shows it only if it cannot be a value. */
final class NearestWord {
  /** What may be repeated in a message: a word with a digit or of another make may be a value. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z][A-Za-z_-]{0,31}");

  private NearestWord() {}

  /** Returns the typed word in quotes if it cannot be a value, else an empty text. */
  static String shown(String typed) {
    return HARMLESS.matcher(typed).matches() ? " '" + typed + "'" : "";
  }

  /** Returns {@code ; did you mean 'x'?}, or all known words if none is near. */
  static String hint(String typed, Collection<String> known) {
    String near = NearestName.hint(typed, known);
    return near.isEmpty() && !known.isEmpty() ? " (known: " + String.join(", ", known) + ")" : near;
  }
}
