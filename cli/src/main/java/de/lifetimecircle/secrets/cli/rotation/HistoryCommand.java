package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Paint;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.console.TextTable;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import de.lifetimecircle.secrets.operations.history.HistoryEntry;
import de.lifetimecircle.secrets.operations.history.SecretHistory;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what happened to a secret. */
@Command(
    name = "history",
    description = {
      "Show what happened to a secret: the versions of the store, the rotations and emergencies, and"
          + " the calls in the audit log of this library, the oldest first. Reads no value.",
      "No backend says who wrote a version; the two logs do, as far as they go back."
    },
    sortOptions = false)
public final class HistoryCommand extends SessionCommand implements Runnable {
  @Mixin SecretArgument name = new SecretArgument();

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description =
          "The folder of the rotation log. Default: secrets-rotations beside the inventory.")
  @Nullable String journal;

  @Option(
      names = "--audit",
      paramLabel = "FILE",
      description =
          "An audit log of this library; repeatable. Default: that of the setting audit.log.")
  List<String> audits = new ArrayList<>();

  @Option(names = "--reads", description = "Also show the reads in the audit log.")
  boolean reads;

  @Override
  public void run() {
    String stored = name.stored(session);
    SecretHistory history = new SecretHistory(stored);
    try (SecretProvider provider = session.openStore()) {
      versions(history, provider);
      List<Path> logs = new ArrayList<>(audits.stream().map(InventoryOptions::path).toList());
      String usual = StoreSettings.value(provider, "audit.log");
      if (audits.isEmpty() && !usual.isEmpty() && Files.isRegularFile(Path.of(usual))) {
        logs.add(Path.of(usual));
      }
      if (reads && logs.isEmpty()) {
        session.hint(
            usual.isEmpty()
                ? "there is no audit log, so no read can be shown: give one with --audit, or set"
                    + " audit.log before the reads happen"
                : "the audit log " + usual + " does not exist, so no read can be shown");
      }
      for (Path log : logs) {
        history.addAudit(log, reads ? SecretHistory.Calls.ALL : SecretHistory.Calls.CHANGES);
      }
    }
    history.addRotations(new RotationLog(name.inventory.journals(journal)));
    print(history.events());
  }

  private void versions(SecretHistory history, SecretProvider provider) {
    try {
      history.addVersions(provider);
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.UNSUPPORTED
          && e.kind() != SecretException.Kind.PENDING_DELETION) {
        throw e;
      }
      session.hint("the store shows no versions: " + e.getMessage());
    }
  }

  private void print(List<HistoryEntry> events) {
    if (session.json) {
      session.output().document(events.stream().map(Output::object).toList());
      return;
    }
    TextTable table = new TextTable("TIME", "VERSION", "BY", "WHAT");
    for (HistoryEntry event : events) {
      table.row(
          Paint.Tone.PLAIN,
          session.output().times().text(event.at()),
          event.version(),
          event.by(),
          event.what());
    }
    session.output().table(table);
  }
}
