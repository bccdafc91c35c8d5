package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.spi.MaintainedStore;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Finding;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies, backs up and repairs a store that consists of files. */
@Command(name = "store", description = "Verify, back up and repair a store of files.")
public final class StoreCommand extends SessionCommand implements Runnable {
  @Override
  public void run() {
    throw CommandFailure.usage("Cannot start: no command given. See 'secrets store --help'.");
  }

  /** Verifies the store, or a copy of it. */
  @Command(
      name = "verify",
      description = {
        "Verify every signature, hash and version. Changes nothing.",
        "Exits with 8 if something is damaged, with 9 if something cannot be proved."
      })
  int verify(
      @Parameters(
              paramLabel = "COPY",
              arity = "0..1",
              description = "A backup or a folder to verify instead of the store.")
          @Nullable String copy) {
    try (SecretWriter writer = session.openWriter()) {
      MaintainedStore store = store(writer, "verify");
      StoreReport report =
          copy == null ? store.verify() : store.verify(InventoryOptions.path(copy));
      ExitCode code = codeOf(report);
      print(report, code, "The store is intact");
      return code.code();
    }
  }

  /** Writes an archive of the store. */
  @Command(
      name = "backup",
      description = {
        "Write a consistent archive of the store, even while others write to it.",
        "It contains ciphertext only; 'tar -xf' turns it into a store again."
      })
  int backup(
      @Parameters(
              paramLabel = "FILE",
              description =
                  "The archive, outside the store; compressed if it ends with .gz or .tgz.")
          String file,
      @Option(names = "--replace", description = "Overwrite the file if it exists.")
          boolean replace) {
    ExistingFile existing = replace ? ExistingFile.REPLACE : ExistingFile.KEEP;
    try (SecretWriter writer = session.openWriter()) {
      StoreReport report = store(writer, "back up").backup(InventoryOptions.path(file), existing);
      ExitCode code = report.has(Level.DAMAGED) ? ExitCode.CORRUPT : ExitCode.OK;
      print(report, code, "The backup is intact");
      session.hint("the key is not in the backup: keep a copy of it elsewhere.");
      return code.code();
    }
  }

  /** Rebuilds the index, after a person has confirmed the plan. */
  @Command(
      name = "repair",
      description = {
        "Rebuild a lost, damaged or outdated index from the signed files, and list everything that"
            + " they do not prove.",
        "Prints the plan and asks. Deletes nothing: replaced files are kept in .fgp/aside."
      })
  int repair(
      @Option(names = "--yes", description = "Do not ask.") boolean yes,
      @Option(
              names = "--dry-run",
              description = "Only print the plan; exits with 9 if there is one.")
          boolean dryRun) {
    try (SecretWriter writer = session.openWriter()) {
      MaintainedStore store = store(writer, "repair");
      Optional<StoreReport> plan = store.planRepair();
      if (plan.isEmpty()) {
        session.output().result("Nothing to repair", Map.of("outcome", "nothing-to-repair"));
        return ExitCode.OK.code();
      }
      if (dryRun) {
        print(plan.get(), ExitCode.FOUND, "");
        return ExitCode.FOUND.code();
      }
      if (!yes) {
        print(plan.get(), ExitCode.OK, "");
        session.confirm("Rebuild the index like this?");
      }
      StoreReport done = store.repair(plan.get());
      if (yes) {
        print(done, ExitCode.OK, "");
      }
      session.hint("rebuilt the index. Now run: " + session.command("store verify"));
      return ExitCode.OK.code();
    }
  }

  private static ExitCode codeOf(StoreReport report) {
    if (report.has(Level.DAMAGED)) {
      return ExitCode.CORRUPT;
    }
    return report.has(Level.UNPROVED) ? ExitCode.FOUND : ExitCode.OK;
  }

  private void print(StoreReport report, ExitCode code, String whole) {
    if (session.json) {
      List<Map<String, Object>> findings = report.findings().stream().map(Output::object).toList();
      Map<String, Object> facts = Output.members(report.facts());
      session.output().document(code.code(), Output.object("facts", facts, "findings", findings));
      return;
    }
    session.output().facts(report.facts());
    for (Finding finding : report.findings()) {
      session
          .output()
          .line(
              Output.padded(finding.level().name(), 10)
                  + finding.subject()
                  + ": "
                  + finding.text());
    }
    if (!whole.isEmpty() && code == ExitCode.OK) {
      session.output().line(whole);
    }
  }

  private static MaintainedStore store(SecretWriter writer, String action) {
    return writer
        .unwrap(MaintainedStore.class)
        .orElseThrow(
            () ->
                SecretException.of(SecretException.Kind.UNSUPPORTED, action + " the store")
                    .reason("this backend keeps its secrets on a server")
                    .advice("Use the tools of the backend, or use the gpg backend")
                    .build());
  }
}
