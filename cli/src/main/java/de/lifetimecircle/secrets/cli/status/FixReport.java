package de.lifetimecircle.secrets.cli.status;

import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.operations.status.ChecklistFix;
import de.lifetimecircle.secrets.operations.status.ChecklistItem;
import java.util.List;

/**
 * Prints what {@code status --fix} has written and what it leaves to people: as lines for a shell,
 * the explanations as comments. Stateless.
 */
final class FixReport {
  private FixReport() {}

  static void print(Output output, List<ChecklistFix.Change> changes, List<ChecklistItem> missing) {
    for (ChecklistFix.Change change : changes) {
      output.line(
          switch (change.outcome()) {
            case WRITTEN -> "Wrote " + change.file();
            case REPLACED -> "Replaced " + change.file() + "; git has the former text";
            case KEPT ->
                "Kept " + change.file() + ": it is out of date, and git does not have it as it is";
          });
    }
    if (missing.isEmpty()) {
      output.line("Nothing is left to do.");
      return;
    }
    output.line(
        (changes.isEmpty() ? "Nothing could be fixed by itself. " : "")
            + "Left for a person, ready to paste:");
    for (ChecklistItem item : missing) {
      output.line("");
      output.line("# " + item.title());
      item.missing().forEach(lack -> output.line("#   " + lack.replace('\n', ' ')));
      item.commands().forEach(command -> output.line(pasted(item, command)));
    }
  }

  /** Returns a command that is incomplete as a comment, so that pasting it does no harm. */
  private static String pasted(ChecklistItem item, String command) {
    return item.incomplete().contains(command)
        ? "# with the address and the checksum of the archive: " + command
        : command;
  }
}
