package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps an inventory tidy. */
@Command(
    name = "fmt",
    description = {
      "Lay the inventory out as usual: keys in their order, comments where they were.",
      "Nothing is done to a file with mistakes; they are all told."
    })
public final class FmtCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public FmtCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "Default: secrets.yaml.")
  String file = Inventory.FILE;

  @Option(names = "--check", description = "Change nothing; fail where something would change.")
  boolean check;

  @Override
  public void run() {
    Path path = InventoryOptions.path(file);
    if (check && !InventoryText.isTidy(path)) {
      throw CommandFailure.invalid("Cannot pass the inventory: it is not tidy. Run 'secrets fmt'.");
    }
    boolean changed = !check && InventoryText.tidy(path);
    Map<String, String> document = new LinkedHashMap<>();
    document.put("file", file);
    document.put("outcome", changed ? "changed" : "unchanged");
    session.output().result(changed ? "Tidied " + file : "Unchanged: " + file, document);
  }
}
