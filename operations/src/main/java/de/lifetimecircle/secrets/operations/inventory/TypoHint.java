package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.spi.NearestName;
import java.util.Collection;
import java.util.regex.Pattern;

/** Formats an unknown word for an error message; hides it if it could be a secret value. */
final class TypoHint {
  /** A word with a digit, or of another form, could be a value. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z][A-Za-z_-]{0,31}");

  private TypoHint() {}

  /** Returns the unknown word in quotes if it cannot be a value, else an empty text. */
  static String shown(String typed) {
    return HARMLESS.matcher(typed).matches() ? " '" + typed + "'" : "";
  }

  /** Returns {@code ; did you mean 'x'?}, or all known words if none is near. */
  static String hint(String typed, Collection<String> known) {
    String near = NearestName.hint(typed, known);
    return near.isEmpty() && !known.isEmpty() ? " (known: " + String.join(", ", known) + ")" : near;
  }
}
