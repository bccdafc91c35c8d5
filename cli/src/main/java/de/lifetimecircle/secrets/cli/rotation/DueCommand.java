package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.EmergencyNotice;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.emergency.OpenEmergency;
import de.lifetimecircle.secrets.operations.rotation.DueList;
import de.lifetimecircle.secrets.operations.rotation.DueSecret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists due and unfinished rotations. */
@Command(
    name = "due",
    description = {
      "List when each secret is due for rotation, and which rotations are unfinished.",
      "Exits with 9 if there is something to do, and with 11 while an emergency is open; changes"
          + " nothing and reads no value. 'secrets rotate due' does it."
    },
    sortOptions = false)
public final class DueCommand extends SessionCommand implements Callable<Integer> {
  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Mixin JournalOption journal = new JournalOption();

  @Option(
      names = "--within",
      paramLabel = "DAYS",
      description = "Count a secret as due this many days early. Default: 0.")
  int within;

  @Override
  public Integer call() {
    Path folder = journal.folder(inventory);
    List<OpenEmergency> open = OpenEmergency.in(folder, inventory.site(), Language.ENGLISH);
    EmergencyNotice.print(session.output(), open);
    List<DueSecret> all;
    try (SecretProvider provider = session.openStore()) {
      all =
          DueList.of(
              new StoreSnapshot(inventory.read(), inventory.environment, provider),
              folder,
              session.clock,
              new Progress(session, "secrets looked at")::at);
    }
    boolean found = all.stream().anyMatch(this::counts);
    int code = EmergencyNotice.code(session, open, found ? ExitCode.FOUND : ExitCode.OK).code();
    if (session.json) {
      Map<String, Object> document =
          Output.object(
              "emergencies", EmergencyNotice.documents(open),
              "secrets", all.stream().map(DueCommand::document).toList());
      session.output().document(code, document);
    } else {
      new DueTable(session.output(), within).print(all);
    }
    return code;
  }

  private boolean counts(DueSecret due) {
    return due.state() != DueSecret.State.LATER || due.days() <= within;
  }

  private static Map<String, Object> document(DueSecret due) {
    return Output.object(
        "name", due.name(),
        "state", due.state(),
        "due", due.due(),
        "days", due.days(),
        "detail", due.detail());
  }
}
