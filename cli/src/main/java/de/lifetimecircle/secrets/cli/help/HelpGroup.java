package de.lifetimecircle.secrets.cli.help;

import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A group of commands in the help, in the order of the screen. */
public enum HelpGroup implements Worded {
  EVERY_DAY("Every day"),
  INVENTORY("Inventory"),
  OPERATIONS("Operations"),
  EMERGENCY("Emergency"),
  /** Commands that only the launcher calls; the help does not show them. */
  HIDDEN("");

  private final String title;

  HelpGroup(String title) {
    this.title = title;
  }

  /** Returns the heading. */
  String title() {
    return title;
  }

  /** Returns the words of the groups in the help, which are its topics. */
  public static List<String> words() {
    return Arrays.stream(values()).filter(group -> group != HIDDEN).map(HelpGroup::word).toList();
  }

  /** Returns the group of that topic. */
  static Optional<HelpGroup> of(String word) {
    return Arrays.stream(values())
        .filter(group -> group != HIDDEN && group.word().equals(word))
        .findFirst();
  }
}
