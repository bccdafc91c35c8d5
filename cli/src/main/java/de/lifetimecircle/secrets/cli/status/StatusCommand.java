package de.lifetimecircle.secrets.cli.status;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.EmergencyNotice;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.documents.LanguageOption;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.emergency.OpenEmergency;
import de.lifetimecircle.secrets.operations.status.Checklist;
import de.lifetimecircle.secrets.operations.status.ChecklistFix;
import de.lifetimecircle.secrets.operations.status.ChecklistItem;
import de.lifetimecircle.secrets.operations.status.ChecklistPoint;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the checklist: the state of each point, and the evidence for it. */
@Command(
    name = "status",
    description = {
      "Print the checklist: [x] is proven, [c] is claimed by a person, [ ] is missing, each with"
          + " its evidence or with the command that completes it.",
      "Exits with 9 while a point is missing, and with 11 while an emergency is open."
    },
    sortOptions = false)
public final class StatusCommand extends SessionCommand implements Callable<Integer> {
  @Option(
      names = "--claim",
      paramLabel = "POINT",
      description =
          "Record a claim that a point is done, for points that no program can check,"
              + " such as policies.")
  @Nullable String claim;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "The person who makes the claim; with --claim.")
  @Nullable String by;

  @Option(
      names = "--html",
      arity = "0..1",
      fallbackValue = StatusHtml.STANDARD_OUTPUT,
      paramLabel = "FILE",
      description =
          "Write the state of all environments, or of that of --environment, as one page for a"
              + " browser, to the file or to standard output. The page holds no value.")
  @Nullable String html;

  @Option(
      names = "--fix",
      description = {
        "Write the hooks, policies, alerts and runbook that are missing or out of date, and print"
            + " the rest as commands to paste. Writes nothing to the store, and replaces a file"
            + " only if git has it."
      })
  boolean fix;

  @Mixin LanguageOption language = new LanguageOption();
  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    if ((claim == null) != (by == null)) {
      throw CommandFailure.usage("Cannot record a claim: it needs both --claim and --by.");
    }
    if (html != null) {
      if (claim != null) {
        throw CommandFailure.usage("Cannot record a claim with --html: use one of the two.");
      }
      return new StatusHtml(session, inventory, language.language(session.environment))
          .write(html)
          .code();
    }
    if (fix && claim != null) {
      throw CommandFailure.usage("Cannot use --fix with --claim: give one of them.");
    }
    InventoryLocation site = inventory.site();
    Language spoken = language.language(session.environment);
    List<OpenEmergency> open = OpenEmergency.in(site, spoken);
    if (claim == null) {
      EmergencyNotice.print(session.output(), open);
    }
    try (SecretProvider provider = session.openToReport()) {
      StoreSnapshot store = StoreSnapshot.of(site, provider);
      List<ChecklistFix.Change> fixed =
          fix ? new ChecklistFix(site, store, session.clock, spoken).run() : List.of();
      Checklist checklist = new Checklist(site, store, session.clock, spoken);
      if (claim != null && by != null) {
        ChecklistPoint point = point(claim);
        checklist.claim(point, by);
        record(site, point);
        return ExitCode.OK.code();
      }
      checklist.watchedBy(new Progress(session, "secrets checked")::at);
      return print(checklist, checklist.items(), fixed, open).code();
    }
  }

  private static ChecklistPoint point(String word) {
    return Arrays.stream(ChecklistPoint.values())
        .filter(point -> point.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "Cannot use --claim (expected: "
                        + Arrays.stream(ChecklistPoint.values())
                            .filter(ChecklistPoint::claimable)
                            .map(ChecklistPoint::word)
                            .collect(Collectors.joining(", "))
                        + ")."));
  }

  private void record(InventoryLocation site, ChecklistPoint point) {
    String file = site.place(InventoryLocation.ProjectFile.RECORDS);
    session
        .output()
        .result(
            "Recorded in " + file + ": " + point.word(),
            Output.object("point", point.word(), "file", file));
  }

  private ExitCode print(
      Checklist checklist,
      List<ChecklistItem> items,
      List<ChecklistFix.Change> fixed,
      List<OpenEmergency> open) {
    boolean missing = items.stream().anyMatch(item -> item.state() == ChecklistItem.State.MISSING);
    ExitCode exitCode = EmergencyNotice.code(session, open, missing ? ExitCode.FOUND : ExitCode.OK);
    if (session.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("emergencies", EmergencyNotice.documents(open));
      if (fix) {
        document.put("fixed", fixed.stream().map(Output::object).toList());
      }
      document.put("points", items.stream().map(StatusCommand::document).toList());
      session.output().document(exitCode.code(), document);
      return exitCode;
    }
    if (fix) {
      FixReport.print(
          session.output(),
          fixed,
          items.stream().filter(item -> item.state() == ChecklistItem.State.MISSING).toList());
      return exitCode;
    }
    ChecklistText.print(session.output(), checklist, items);
    return exitCode;
  }

  private static Map<String, Object> document(ChecklistItem item) {
    return Output.object(
        "point", item.point().word(),
        "state", item.state(),
        "title", item.title(),
        "proof", item.proof(),
        "missing", item.missing(),
        "command", item.command());
  }
}
