package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.rotation.RotationSchedule;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes job definitions that rotate due secrets each night. */
@Command(
    name = "schedule",
    description = {
      "Write job definitions that run 'secrets rotate due' each night: a file for cron, units for"
          + " systemd or a workflow for GitHub.",
      "Prints each definition under its file name to standard output; installs nothing."
    },
    sortOptions = false)
public final class ScheduleCommand extends SessionCommand implements Runnable {
  @Option(
      names = "--as",
      required = true,
      paramLabel = "cron|systemd|github",
      description = "The scheduler.")
  RotationSchedule.For as = RotationSchedule.For.CRON;

  @Option(names = "--hour", paramLabel = "0..23", description = "The hour of the day. Default: 3.")
  int hour = 3;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    if (hour < 0 || hour > 23) {
      throw CommandFailure.usage("Cannot use --hour: not an hour of the day (expected: 0 to 23).");
    }
    InventoryLocation site = inventory.site();
    Map<String, String> files =
        RotationSchedule.text(
            site.inventory(), inventory.environment, site.inRepository(), as, hour);
    if (session.json) {
      session.output().document(new LinkedHashMap<>(files));
      return;
    }
    files.forEach(
        (file, text) -> {
          if (files.size() > 1) {
            session.output().line("# ---- " + file);
          }
          session.output().line(text.stripTrailing());
        });
  }
}
