package de.lifetimecircle.secrets.cli.handover;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.documents.LanguageOption;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.check.InventoryCheck;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the runbook of a service. */
@Command(
    name = "runbook",
    description = {
      "Write the runbook from the inventory and the store: where the secrets are, who reads them,"
          + " how they rotate, and how to react if one is exposed; it contains no value.",
      "Keeps the text that the team has added below its last line. 'secrets check' fails if the"
          + " runbook is out of date."
    },
    sortOptions = false)
public final class RunbookCommand extends SessionCommand implements Runnable {
  private static final String STANDARD_OUTPUT = "-";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The file, or - for standard output. Default: the file that the inventory names, or"
              + " docs/SECRETS_PROD_RUNBOOK.md for prod.")
  @Nullable String out;

  @Mixin LanguageOption language = new LanguageOption();
  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    InventoryLocation site = inventory.site();
    boolean shown = STANDARD_OUTPUT.equals(out);
    String place = out == null ? site.place(InventoryLocation.ProjectFile.RUNBOOK) : out;
    Path file =
        out == null || shown
            ? site.path(InventoryLocation.ProjectFile.RUNBOOK)
            : InventoryOptions.path(place);
    Language chosen = language.language(session.environment);
    if (!language.given()) {
      chosen = Runbook.language(file).orElse(chosen);
    }
    try (SecretProvider provider = session.openToReport()) {
      StoreSnapshot store = StoreSnapshot.of(site, provider);
      new InventoryCheck(store, session.clock)
          .placeholders()
          .ifPresent(found -> session.hint(found.name() + " " + found.detail()));
      if (shown) {
        String text = Runbook.text(site, store, chosen);
        session.output().text("runbook", text, Output.printable(text));
        return;
      }
      Runbook.write(file, site, store, chosen);
    }
    session.output().result("Wrote " + place, Output.object("file", place, "outcome", "written"));
  }
}
