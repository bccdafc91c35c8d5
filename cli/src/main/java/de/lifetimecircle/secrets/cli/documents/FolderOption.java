package de.lifetimecircle.secrets.cli.documents;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.files.OutputFolder;
import de.lifetimecircle.secrets.operations.files.PrivateFile;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that can write a folder instead of one text. Not thread-safe. */
public final class FolderOption {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write a folder instead: the files, the commands that attach them, and a page that"
              + " explains both.")
  @Nullable String out;

  @Option(names = "--replace", description = "With --out: replace files that have other content.")
  boolean replace;

  /**
   * Returns whether a folder is wanted.
   *
   * @throws CommandFailure if the options contradict each other
   */
  public boolean given() {
    if (replace && out == null) {
      throw CommandFailure.usage("Cannot use --replace without --out.");
    }
    return out != null;
  }

  /** Writes the folder and says so. Call it only if one is wanted. */
  public void write(CommandSession session, Map<String, String> files) {
    String folder = out == null ? "." : out;
    List<String> written =
        OutputFolder.write(
            InventoryOptions.path(folder),
            files,
            replace ? PrivateFile.Existing.REPLACED : PrivateFile.Existing.REFUSED);
    if (session.json) {
      List<String> names = List.copyOf(files.keySet());
      session
          .output()
          .document(Output.object("folder", folder, "files", names, "written", written));
      return;
    }
    files
        .keySet()
        .forEach(
            name ->
                session
                    .output()
                    .line((written.contains(name) ? "Wrote " : "Same  ") + folder + "/" + name));
    if (files.containsKey("attach.sh")) {
      String script = ShellWord.of(folder + "/attach.sh");
      session.output().line("Read " + folder + "/README.md, then run: sh " + script);
    }
  }
}
