package de.lifetimecircle.secrets.cli.status;

import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Paint.Tone;
import de.lifetimecircle.secrets.operations.status.Checklist;
import de.lifetimecircle.secrets.operations.status.ChecklistItem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Prints the checklist for a person. Stateless. */
final class ChecklistText {
  private ChecklistText() {}

  static void print(Output output, Checklist checklist, List<ChecklistItem> items) {
    Set<String> named = new HashSet<>();
    for (ChecklistItem item : items) {
      output.mark(tone(item), mark(item), item.title());
      item.proof().forEach(proof -> output.sentence(Tone.PLAIN, "      ", proof));
      List<String> lacks = item.missing().stream().filter(named::add).toList();
      lacks.forEach(lack -> output.sentence(Tone.PLAIN, "    - ", lack));
      int repeated = item.missing().size() - lacks.size();
      if (repeated > 0) {
        output.line("    - " + checklist.repeated(repeated));
      }
      if (!item.command().isEmpty()) {
        output.line("      $ " + item.command()); // in one piece, to be pasted
      }
    }
    output.line("");
    output.line(checklist.summary(items));
  }

  private static Tone tone(ChecklistItem item) {
    return switch (item.state()) {
      case PROVEN -> Tone.GOOD;
      case CLAIMED -> Tone.NOTE;
      case MISSING -> Tone.BAD;
    };
  }

  private static String mark(ChecklistItem item) {
    return switch (item.state()) {
      case PROVEN -> "[x]";
      case CLAIMED -> "[c]";
      case MISSING -> "[ ]";
    };
  }
}
