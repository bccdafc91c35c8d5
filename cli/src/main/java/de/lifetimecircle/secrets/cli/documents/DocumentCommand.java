package de.lifetimecircle.secrets.cli.documents;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.OptionWords;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.EnvironmentDocument;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Documents the secrets of a service, without their values. */
@Command(
    name = "document",
    description = {
      "Write a page about all secrets of the inventory: ids, versions, owners and the schedule of"
          + " rotations, but no value.",
      "'secrets describe NAME' shows what the backend knows about one."
    })
public final class DocumentCommand extends SessionCommand implements Runnable {
  @Option(
      names = "--format",
      paramLabel = "DOCUMENT",
      completionCandidates = Documents.class,
      description = "The document: ${COMPLETION-CANDIDATES}. Default: secrets.")
  EnvironmentDocument format = EnvironmentDocument.SECRETS;

  @Mixin LanguageOption language = new LanguageOption();
  @Mixin InventoryOptions inventory = new InventoryOptions();

  /** The words of {@code --format}, for its description. */
  static final class Documents implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return OptionWords.of(EnvironmentDocument.class).iterator();
    }
  }

  @Override
  public void run() {
    Inventory read = inventory.read();
    try (SecretProvider provider = session.openToReport()) {
      Language spoken = language.language(session.environment);
      String text = format.text(read, inventory.environment, provider, session.clock, spoken);
      session.output().text("document", text, Output.printable(text));
    }
  }
}
