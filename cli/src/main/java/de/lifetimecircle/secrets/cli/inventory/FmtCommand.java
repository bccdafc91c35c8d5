package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Formats an inventory. */
@Command(
    name = "fmt",
    description = {
      "Format the inventory: keys in the usual order, comments kept in place.",
      "If the file has mistakes, reports them all and changes nothing."
    })
public final class FmtCommand extends SessionCommand implements Runnable {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "The inventory, in place of --inventory.")
  @Nullable String given;

  @Mixin InventoryFileOption option = new InventoryFileOption();

  @Option(names = "--check", description = "Change nothing; fail if something would change.")
  boolean check;

  @Override
  public void run() {
    if (given != null && option.inventory().given()) {
      throw CommandFailure.usage("Cannot use FILE and --inventory together: give one of them.");
    }
    Path path = given == null ? option.inventory().file() : InventoryOptions.path(given);
    String file = path.toString();
    if (check && !InventoryText.isTidy(path)) {
      throw CommandFailure.invalid(
          "Cannot accept the inventory: it is not formatted. Run 'secrets fmt"
              + (file.equals(Inventory.FILE) ? "" : " " + ShellWord.of(file))
              + "'.");
    }
    boolean changed = !check && InventoryText.tidy(path);
    session
        .output()
        .result(
            changed ? "Formatted " + file : "Unchanged: " + file,
            Output.object("file", file, "outcome", changed ? "changed" : "unchanged"));
  }
}
