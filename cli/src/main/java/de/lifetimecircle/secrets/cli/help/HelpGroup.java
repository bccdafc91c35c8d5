package de.lifetimecircle.secrets.cli.help;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A group of commands in the help, in the order of the screen. */
public enum HelpGroup {
  EVERY_DAY(
      "Every day",
      "get list put edit exec describe versions history delete restore rollback generate import"
          + " export template redact whoami doctor"),
  INVENTORY(
      "Inventory",
      "init check status rename diff document policy ci runbook handover alerts fmt schema"),
  OPERATIONS(
      "Operations",
      "rotate due schedule log notify audit scan compare migrate recipients store purge completion"
          + " help"),
  EMERGENCY("Emergency", "emergency");

  private final String title;
  private final String commands;

  HelpGroup(String title, String commands) {
    this.title = title;
    this.commands = commands;
  }

  /** Returns the heading. */
  String title() {
    return title;
  }

  /** Returns the names of its commands, the most frequent first. */
  List<String> commands() {
    return List.of(commands.split(" "));
  }

  /** Returns the word for it on a command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the words of all groups, which are the topics of help. */
  public static List<String> words() {
    return Arrays.stream(values()).map(HelpGroup::word).toList();
  }

  /** Returns the group of that word. */
  static Optional<HelpGroup> of(String word) {
    return Arrays.stream(values()).filter(group -> group.word().equals(word)).findFirst();
  }

  /** Returns the group of a command; those of other modules are operations. */
  static HelpGroup with(String command) {
    return Arrays.stream(values())
        .filter(group -> group.commands().contains(command))
        .findFirst()
        .orElse(OPERATIONS);
  }
}
