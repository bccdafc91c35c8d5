package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Collects the mistakes of an inventory, to report all of them at once, in the order of the file.
 * Never repeats content of the file, because a person may have put a value there by mistake. Used
 * by one thread.
 */
final class InventoryMistakes {
  /** The limit of reported mistakes: a file of noise has one on every line. */
  private static final int MOST_SHOWN = 50;

  private record Mistake(SourcePosition place, String text) {}

  private final String file;
  private final List<Mistake> found = new ArrayList<>();

  InventoryMistakes(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }

  void add(SourcePosition place, String text) {
    found.add(new Mistake(place, text));
  }

  boolean any() {
    return !found.isEmpty();
  }

  /**
   * Throws if anything was added.
   *
   * @throws SecretException {@code CONFIGURATION}, with {@code FILE:LINE:COLUMN: TEXT} for each
   */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw failure();
    }
  }

  SecretException failure() {
    List<String> lines = new ArrayList<>();
    found.stream()
        .distinct()
        .sorted(Comparator.comparingInt(m -> m.place().index()))
        .limit(MOST_SHOWN)
        .forEach(
            m ->
                lines.add(
                    file + ":" + m.place().line() + ":" + m.place().column() + ": " + m.text()));
    long all = found.stream().distinct().count();
    if (all > MOST_SHOWN) {
      lines.add(String.format(Locale.ROOT, "%s: and %d more", file, all - MOST_SHOWN));
    }
    String reason = all == 1 ? "1 mistake" : String.format(Locale.ROOT, "%d mistakes", all);
    return SecretException.of(SecretException.Kind.CONFIGURATION, "use the inventory")
        .reason(reason)
        .problems(lines)
        .build();
  }
}
