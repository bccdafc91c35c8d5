package de.lifetimecircle.secrets.cli.scan;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.Counted;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Paint.Tone;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.scan.FoundValue;
import de.lifetimecircle.secrets.operations.scan.SecretScan;
import de.lifetimecircle.secrets.operations.scan.UnscannedPart;
import de.lifetimecircle.secrets.operations.scan.UnsearchedSecret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints each leaked value at once, and at the end the secrets and places it did not search. */
final class ScanReport {
  /** How many places are shown for each reason. */
  private static final int SHOWN = 3;

  private final CommandSession session;
  private final Inventory inventory;
  private final List<Object> leaks = new ArrayList<>();
  private final Set<String> next = new LinkedHashSet<>();
  private @Nullable SecretScan scan;
  private int values;
  private long scanned;

  ScanReport(CommandSession session, Inventory inventory) {
    this.session = session;
    this.inventory = inventory;
  }

  void begin(SecretScan begun, int soughtValues) {
    scan = begun;
    values = soughtValues;
  }

  void scanned() {
    scanned++;
  }

  boolean isUnbegun() {
    return scan == null;
  }

  void add(FoundValue leak) {
    leaks.add(document(leak));
    if (leak.served() == FoundValue.Served.YES) {
      next.addAll(emergencies(leak));
    }
    if (!session.json) {
      session.output().line(Tone.BAD, "FOUND", 6, text(leak));
      session.output().flush();
    }
  }

  /**
   * Returns the command that replaces the value: of one environment, unless they share a prefix.
   */
  private List<String> emergencies(FoundValue leak) {
    return inventory.environments().stream()
        .filter(each -> each.stored(leak.inventoryName()).equals(leak.secret()))
        .map(each -> inventory.command("emergency " + leak.inventoryName(), each))
        .toList();
  }

  private String text(FoundValue leak) {
    String times = leak.count() == 1 ? "" : " (" + leak.count() + " times)";
    String versions = leak.versions().size() == 1 ? ": version " : ": versions ";
    return leak.secret()
        + versions
        + String.join(" = ", leak.versions())
        + ", "
        + leak.encoding()
        + ", in "
        + leak.place()
        + ":"
        + leak.line()
        + times
        + history(leak);
  }

  private String history(FoundValue leak) {
    FoundValue.Commit commit = leak.commit();
    if (commit == null) {
      return "";
    }
    if (commit.author().isEmpty()) {
      return ", object " + commit.id() + ", in no known commit";
    }
    List<String> others = new ArrayList<>(commit.paths());
    others.remove(leak.place());
    return ", since commit "
        + commit.id()
        + " by "
        + commit.author()
        + " on "
        + session.output().times().within(commit.date())
        + (others.isEmpty() ? "" : ", also as " + String.join(", ", others));
  }

  /** Prints the rest and returns the exit code. */
  ExitCode finish(List<UnsearchedSecret> unsought, ScanCommand.NoStore noStore) {
    List<UnscannedPart> unseen = scan == null ? List.of() : scan.unseen();
    ExitCode code = code(unsought, unseen, noStore);
    if (session.json) {
      Map<String, Object> document =
          Output.object(
              "leaks", leaks,
              "next", List.copyOf(next),
              "notLookedFor", unsought.stream().map(ScanReport::document).toList(),
              "notLookedInto", unseen.stream().map(ScanReport::document).toList());
      session.output().document(code.code(), document);
      return code;
    }
    unsought.forEach(left -> line(word(left), left.name() + ": " + left.reason()));
    print(unseen);
    next.forEach(command -> line("NEXT", command));
    return code;
  }

  private ExitCode code(
      List<UnsearchedSecret> unsought, List<UnscannedPart> unseen, ScanCommand.NoStore noStore) {
    if (!leaks.isEmpty()) {
      return ExitCode.FOUND;
    }
    for (UnsearchedSecret left : unsought) {
      SecretException.Kind failure = left.failure();
      if (failure != null && noStore == ScanCommand.NoStore.FAIL) {
        return ExitCode.of(failure);
      }
    }
    boolean complete = unseen.stream().noneMatch(u -> u.weight() == UnscannedPart.Weight.PROBLEM);
    return complete ? ExitCode.OK : ExitCode.INVALID;
  }

  /** Prints one line about a scan that has come to its end. */
  void summarize() {
    if (!session.json) {
      String found =
          leaks.isEmpty() ? "found none." : "found in " + Counted.of(leaks.size(), "place") + ".";
      session
          .output()
          .line(
              "Searched "
                  + Counted.of(scanned, "file")
                  + " for "
                  + Counted.of(values, "value")
                  + ": "
                  + found);
    }
  }

  private void line(String word, String text) {
    session.output().line(word.equals("FAIL") ? Tone.BAD : Tone.STRONG, word, 6, text);
  }

  private static String word(UnsearchedSecret left) {
    return left.failure() == null ? "SKIP" : "FAIL";
  }

  private void print(List<UnscannedPart> unseen) {
    Map<String, Integer> notes = new LinkedHashMap<>();
    for (UnscannedPart place : unseen) {
      boolean note = place.weight() == UnscannedPart.Weight.NOTE;
      int shown = note ? notes.merge(place.reason(), 1, Integer::sum) : 0;
      if (shown <= SHOWN) {
        line(note ? "SKIP" : "FAIL", place.place() + ": " + place.reason());
      }
    }
    notes.forEach(
        (reason, count) -> {
          if (count > SHOWN) {
            line("SKIP", (count - SHOWN) + " more: " + reason);
          }
        });
  }

  private static Map<String, Object> document(FoundValue leak) {
    Map<String, Object> document =
        Output.object(
            "secret", leak.secret(),
            "versions", leak.versions(),
            "served", leak.served() == FoundValue.Served.YES,
            "encoding", leak.encoding(),
            "place", leak.place(),
            "line", leak.line(),
            "count", leak.count());
    FoundValue.Commit commit = leak.commit();
    if (commit != null) {
      document.put("commit", Output.object(commit));
    }
    return document;
  }

  private static Map<String, Object> document(UnsearchedSecret left) {
    return Output.object(
        "name", left.name(),
        "reason", left.reason(),
        "failed", left.failure() != null);
  }

  private static Map<String, Object> document(UnscannedPart place) {
    return Output.object(
        "place", place.place(),
        "reason", place.reason(),
        "failed", place.weight() == UnscannedPart.Weight.PROBLEM);
  }
}
