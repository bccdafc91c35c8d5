package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.wiring.CiSystem;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a CI workflow for a deployment. */
@Command(
    name = "ci",
    description = {
      "Write a workflow that deploys with the secrets in one of its steps only, masked, and that"
          + " logs in to the backend of --backend (aws, azure or vault) without a stored key.",
      "Does not contact the backend; the workflow runs the inventory's hooks deploy and verify."
    },
    sortOptions = false)
public final class CiCommand extends SessionCommand implements Runnable {
  /** The beginning of each file that this command writes. */
  private static final String OURS = "# Written by 'secrets ci ";

  @Parameters(paramLabel = "SYSTEM", description = "The CI system: github or gitlab.")
  CiSystem system = CiSystem.GITHUB; // never left so: the parser requires one

  @Option(
      names = "--archive",
      paramLabel = "URL",
      required = true,
      description = "The URL from which runners fetch secrets-VERSION.tar.gz.")
  String archive = "";

  @Option(
      names = "--sha256",
      paramLabel = "SUM",
      required = true,
      description = "The archive's SHA-256; the workflow runs no other archive.")
  String sha256 = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Write this file instead of standard output; an earlier one of this command is replaced,"
              + " and no other.")
  @Nullable String out;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Override
  public void run() {
    String backend =
        session
            .chosenBackend()
            .filter(CiSystem.BACKENDS::contains)
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "Cannot write the workflow: add --backend with one of "
                            + String.join(", ", CiSystem.BACKENDS)
                            + ". A store of files always needs a key: run 'secrets exec' on your"
                            + " own runner with a copy of the store."));
    InventoryLocation site = inventory.site();
    CiSystem.Archive pinned = new CiSystem.Archive(archive, sha256);
    String environment = site.environment().name();
    String text = system.text(site.inventory(), environment, site.inRepository(), backend, pinned);
    if (out != null) {
      write(out, text);
    } else {
      session.output().text("workflow", text, text);
    }
  }

  /**
   * Writes the file only once its text is complete; a redirection would have emptied the old one.
   */
  private void write(String place, String text) {
    Path file = InventoryOptions.path(place);
    boolean replaceable =
        RepositoryFile.read(file, "the workflow")
            .map(old -> old.isBlank() || old.startsWith(OURS))
            .orElse(true);
    if (!replaceable) {
      throw CommandFailure.invalid(
          "Cannot write the workflow: '"
              + place
              + "' exists, and this command did not write it. Move it away, or name another file"
              + " with --out.");
    }
    RepositoryFile.write(file, text, "the workflow");
    session.output().result("Wrote " + place, Output.object("file", place, "outcome", "written"));
  }
}
