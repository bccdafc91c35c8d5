package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognises values that look public, such as a port or the name of a host. Only values that people
 * supply can look public; generated ones are always secret. Stateless.
 */
final class PublicValueHeuristic {
  /** Does not reveal the length. */
  static final String SHORT = "too short to distinguish it from other text";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,11}");
  private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9]+([-_.:/ ][A-Za-z0-9]+)*");

  /** More changes between letters and digits than parts of names have. */
  private static final int MOST_CHANGES = 4;

  private PublicValueHeuristic() {}

  /** Returns why a value is not searched for; empty if it is. */
  static @Nullable String reason(InventorySecret secret, SecretValue value) {
    if (value.size() < Needle.SHORTEST) {
      return SHORT;
    }
    if (secret.isMade()) {
      return null;
    }
    String text;
    try {
      text = value.asString();
    } catch (SecretException e) {
      return null; // bytes that are not text cannot be a host name
    }
    return looksPublic(text.strip())
        ? "looks like a name or a number; --include " + secret.name() + " searches for it anyway"
        : null;
  }

  static boolean looksPublic(String text) {
    return NUMBER.matcher(text).matches()
        || (WORDS.matcher(text).matches()
            && Arrays.stream(text.split("[-_.:/ ]", -1))
                .allMatch(part -> changes(part) <= MOST_CHANGES));
  }

  /** Counts how often a letter follows a digit, a digit a letter, or a capital a small letter. */
  private static int changes(String part) {
    int changes = 0;
    for (int i = 1; i < part.length(); i++) {
      int before = kind(part.charAt(i - 1));
      int here = kind(part.charAt(i));
      if (before != here && !(before == 1 && here == 2)) {
        changes++;
      }
    }
    return changes;
  }

  private static int kind(char c) {
    return Character.isDigit(c) ? 0 : Character.isUpperCase(c) ? 1 : 2;
  }
}
