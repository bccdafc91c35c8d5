package de.lifetimecircle.secrets.cli.check;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.EmergencyNotice;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.InventoryCheck;
import de.lifetimecircle.secrets.operations.check.RepositoryCheck;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.emergency.OpenEmergency;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.rotation.HookReadiness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the store with the inventory. */
@Command(
    name = "check",
    description = {
      "Check the store against the inventory: every secret exists, is valid and not too old, each"
          + " template agrees with its parts, no name is unknown, the runbook and the policies are"
          + " up to date, the hooks exist, and something runs the rotations.",
      "Exits with 9 if a check fails, and with 11 while an emergency is open."
    })
public final class CheckCommand extends SessionCommand implements Callable<Integer> {
  @Option(
      names = "--hooks",
      description = "Also make a check call to each hook that answers one; it changes nothing.")
  boolean hooks;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The folder of the rotations. Default: secrets-rotations beside the inventory.")
  @Nullable String journal;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public Integer call() {
    InventoryLocation site = inventory.site();
    List<OpenEmergency> open = OpenEmergency.in(site, Language.ENGLISH);
    EmergencyNotice.print(session.output(), open);
    List<CheckFinding> findings;
    try (SecretProvider provider = session.openToReport()) {
      StoreSnapshot store = StoreSnapshot.of(site, provider);
      InventoryCheck check = new InventoryCheck(store, session.clock);
      check.watchedBy(new Progress(session, "secrets checked")::at);
      check.rotatedIn(inventory.rotations(session, journal));
      findings = new ArrayList<>(check.findings());
      check.placeholders().ifPresent(findings::add);
      findings.addAll(Runbook.findings(site, store));
      findings.addAll(new RepositoryCheck(site, store.scheme()).findings());
      if (hooks) {
        findings.addAll(answers(site, provider));
      }
    }
    boolean wrong = findings.stream().anyMatch(f -> f.status() == CheckFinding.Status.FAIL);
    ExitCode exitCode = EmergencyNotice.code(session, open, wrong ? ExitCode.FOUND : ExitCode.OK);
    if (session.json) {
      session.output().document(exitCode.code(), document(open, findings));
    } else {
      findings.forEach(this::print);
    }
    return exitCode.code();
  }

  /** Makes the check calls of all hooks; a program that cannot be started was reported before. */
  private static List<CheckFinding> answers(InventoryLocation site, SecretProvider provider) {
    HookReadiness readiness =
        new HookReadiness(site.inventory(), site.environment().name(), provider, site.folder());
    List<CheckFinding> findings = new ArrayList<>();
    for (HookReadiness.Answer answer : readiness.answers(site.secrets())) {
      String first = answer.secrets().get(0);
      String others =
          answer.secrets().size() == 1
              ? ""
              : "; also the hook of "
                  + String.join(", ", answer.secrets().subList(1, answer.secrets().size()));
      boolean ready = answer.problem().isEmpty();
      findings.add(
          new CheckFinding(
                  ready ? CheckFinding.Status.OK : CheckFinding.Status.FAIL,
                  site.environment().stored(first),
                  answer.hook()
                      + (ready ? " is ready: it answered a check call" : ": " + answer.problem())
                      + others)
              .about(InventoryCheck.HOOKS));
    }
    return findings;
  }

  private void print(CheckFinding finding) {
    String status = Output.padded(finding.status().name(), 6);
    session.output().line(status + finding.text());
  }

  private static Map<String, Object> document(
      List<OpenEmergency> open, List<CheckFinding> findings) {
    List<Object> documents = new ArrayList<>();
    for (CheckFinding finding : findings) {
      documents.add(
          Output.object(
              "status", finding.status(),
              "name", finding.name(),
              "aspect", finding.aspect(),
              "version", finding.version(),
              "due", finding.due(),
              "detail", finding.detail()));
    }
    return Output.object("emergencies", EmergencyNotice.documents(open), "findings", documents);
  }
}
