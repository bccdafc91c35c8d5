package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.cli.console.Counted;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Paint.Tone;
import de.lifetimecircle.secrets.cli.console.TextTable;
import de.lifetimecircle.secrets.operations.rotation.DueSecret;
import de.lifetimecircle.secrets.operations.rotation.DueSecret.State;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Prints when rotations are due: what a person has to do first, then the others by their day.
 *
 * @param within how many days early a secret counts as due
 */
record DueTable(Output output, int within) {
  private static final List<State> URGENT_FIRST =
      List.of(State.OPEN, State.UNKNOWN, State.DUE, State.RETIRE, State.LATER);

  void print(List<DueSecret> all) {
    if (all.isEmpty()) {
      output.line("No secret of this environment has a rotation.");
      return;
    }
    List<DueSecret> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.comparing((DueSecret each) -> URGENT_FIRST.indexOf(each.state()))
            .thenComparing(each -> each.due().orElse(LocalDate.MAX)));
    TextTable table = new TextTable("STATE", "SECRET", "DUE", "WHEN", "MADE");
    Set<String> causes = new LinkedHashSet<>();
    for (DueSecret each : sorted) {
      String made = each.made().map(LocalDate::toString).orElse("");
      table.row(
          tone(each),
          each.state().name(),
          each.name(),
          each.due().map(LocalDate::toString).orElse(""),
          when(each),
          made);
      if (each.state() == State.UNKNOWN) {
        causes.add(each.detail());
      } else if (made.isEmpty()) {
        table.note(each.detail(output.times()::text));
      }
    }
    output.table(table);
    output.line("");
    for (String cause : causes) {
      output.sentence(Tone.NOTE, "UNKNOWN  ", cause + "; the command doctor checks the backend");
    }
    output.line(summary(all));
  }

  private Tone tone(DueSecret due) {
    return switch (due.state()) {
      case OPEN, DUE -> Tone.BAD;
      case UNKNOWN, RETIRE -> Tone.NOTE;
      case LATER -> due.days() <= within ? Tone.NOTE : Tone.GOOD;
    };
  }

  private static String when(DueSecret due) {
    if (due.due().isEmpty()) {
      return "";
    }
    if (due.days() == 0) {
      return "today";
    }
    return due.days() < 0
        ? Counted.of(-due.days(), "day") + " ago"
        : "in " + Counted.of(due.days(), "day");
  }

  private String summary(List<DueSecret> all) {
    StringBuilder text = new StringBuilder(Counted.of(all.size(), "secret"));
    String separator = ": ";
    for (State state : URGENT_FIRST) {
      long count = all.stream().filter(each -> each.state() == state).count();
      if (count > 0) {
        text.append(separator).append(count).append(' ').append(words(state));
        separator = ", ";
      }
    }
    long soon =
        all.stream().filter(each -> each.state() == State.LATER && each.days() <= within).count();
    if (soon > 0) {
      text.append(" (").append(soon).append(" within ").append(Counted.of(within, "day"));
      text.append(')');
    }
    return text.toString();
  }

  private static String words(State state) {
    return switch (state) {
      case OPEN -> "unfinished";
      case UNKNOWN -> "unknown";
      case DUE -> "due";
      case RETIRE -> "to retire";
      case LATER -> "later";
    };
  }
}
