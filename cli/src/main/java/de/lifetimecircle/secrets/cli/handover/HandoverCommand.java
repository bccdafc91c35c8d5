package de.lifetimecircle.secrets.cli.handover;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.documents.FolderOption;
import de.lifetimecircle.secrets.cli.documents.LanguageOption;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.policy.RoleUsersOption;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.handover.Handover;
import de.lifetimecircle.secrets.operations.policy.PolicyFolder;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the hand-over messages for DevOps and SRE. */
@Command(
    name = "handover",
    description = {
      "Write the hand-over message for the people who deploy (devops) or watch (sre) the service,"
          + " from the inventory and the store; it contains no value. With --out it also writes"
          + " what they have to apply: the policies for devops, the alerts and the runbook for sre."
    },
    sortOptions = false)
public final class HandoverCommand extends SessionCommand implements Runnable {
  @Option(
      names = "--to",
      paramLabel = "WHOM",
      required = true,
      description = "The reader: devops or sre.")
  Handover.To to = Handover.To.DEVOPS;

  @Option(
      names = "--delivered-by",
      paramLabel = "NAME",
      description = "Also record that NAME has delivered the message, for 'secrets status'.")
  @Nullable String deliveredBy;

  @Mixin RoleUsersOption roles = new RoleUsersOption();
  @Mixin FolderOption folder = new FolderOption();
  @Mixin LanguageOption language = new LanguageOption();
  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    PolicyFolder.Users users = roles.users();
    if (roles.given() && (!folder.given() || to != Handover.To.DEVOPS)) {
      throw CommandFailure.usage(
          "Cannot use --repository or --runs-on here: only the folder for devops has the roles. Add"
              + " --to devops --out DIR.");
    }
    InventoryLocation site = inventory.site();
    try (SecretProvider provider = session.openToReport()) {
      StoreSnapshot store = StoreSnapshot.of(site, provider);
      Language spoken = language.language(session.environment);
      LocalDate today = LocalDate.ofInstant(session.clock.instant(), site.inventory().zone());
      if (folder.given()) {
        folder.write(session, Handover.files(site, store, to, spoken, today, users));
      } else {
        String text = Handover.dated(site, store, to, spoken, today);
        session.output().text("message", text, Output.printable(text));
      }
      deliver(site, store);
    }
  }

  private void deliver(InventoryLocation site, StoreSnapshot store) {
    session.output().finish(); // the remark below is about all of it
    if (deliveredBy != null) {
      Handover.record(site, store, to, deliveredBy, session.clock);
      session.hint("recorded in " + site.place(InventoryLocation.ProjectFile.RECORDS));
    }
  }
}
