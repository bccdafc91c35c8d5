package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the records of rotations, for commands that only read them as well. */
public final class JournalOption {
  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description =
          "The folder of the journals and the log. Default: secrets-rotations beside the"
              + " inventory.")
  @Nullable String journal;

  /** Returns the folder: the named one, or the usual one beside that inventory. */
  Path folder(InventoryOptions inventory) {
    return inventory.journals(journal);
  }
}
