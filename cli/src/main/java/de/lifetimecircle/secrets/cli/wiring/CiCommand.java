package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.wiring.GithubWorkflow;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the workflow of a deployment. */
@Command(
    name = "ci",
    description = {
      "Write a workflow that deploys with the secrets in one step of it, masked, and that logs in to"
          + " the backend of --backend (aws, azure or vault) without a key.",
      "Asks no backend; the programs are the hooks deploy and verify of the inventory."
    },
    sortOptions = false)
public final class CiCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public CiCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "SYSTEM", description = "Where it runs: github.")
  String system = "";

  @Option(
      names = "--archive",
      paramLabel = "URL",
      required = true,
      description = "Where runners fetch the archive secrets-VERSION.tar.gz.")
  String archive = "";

  @Option(
      names = "--sha256",
      paramLabel = "SUM",
      required = true,
      description = "The archive's SHA-256, without which it is not run.")
  String sha256 = "";

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    if (!system.equals("github")) {
      throw CommandFailure.usage("Cannot write a workflow: no such system (expected: github).");
    }
    String backend = session.backend;
    if (backend == null || !GithubWorkflow.BACKENDS.contains(backend)) {
      throw CommandFailure.usage(
          "Cannot write the workflow: give --backend with one of "
              + String.join(", ", GithubWorkflow.BACKENDS)
              + ". A store of files has no login without a key: run 'secrets exec' on a runner of"
              + " your own that holds a copy.");
    }
    String file = inventory.inventory == null ? Inventory.FILE : inventory.inventory;
    String text =
        GithubWorkflow.text(
            inventory.read(),
            inventory.environment,
            file,
            backend,
            new GithubWorkflow.Archive(archive, sha256));
    if (session.json) {
      session.output().document(Map.of("workflow", text));
    } else {
      session.output().bytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
