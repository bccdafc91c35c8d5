package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.cli.console.Counted;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.LocalTimes;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryFileOption;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.rotation.LogEntry;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the log of rotations and verifies that it is complete. */
@Command(
    name = "log",
    description = {
      "Show past rotations, when and by whom, without contacting a backend.",
      "Exits with 8 if lines were edited, removed or moved."
    },
    sortOptions = false)
public final class LogCommand extends SessionCommand implements Callable<Integer> {
  private static final int MOST_PROBLEMS = 1000;

  @Option(
      names = "--verify",
      description =
          "Only verify that the log is complete, and print the digest of its last line, which you"
              + " should keep elsewhere.")
  boolean verify;

  @Mixin InventoryFileOption file = new InventoryFileOption();

  @Mixin JournalOption journal = new JournalOption();

  @Override
  public Integer call() {
    Path folder = journal.folder(file.inventory());
    RotationLog log = new RotationLog(folder);
    RotationLog.Summary read = session.json ? printJson(log) : print(log, folder);
    return code(read).code();
  }

  private static ExitCode code(RotationLog.Summary read) {
    return read.problems() == 0 ? ExitCode.OK : ExitCode.CORRUPT;
  }

  /** Prints each line as it is read, because a log grows for years. */
  private RotationLog.Summary print(RotationLog log, Path folder) {
    Output output = session.output();
    RotationLog.Summary read =
        log.read(
            entry -> {
              if (!verify) {
                output.line(text(entry, output.times()));
              }
            },
            problem -> output.line("FAIL  " + problem));
    if (!verify && read.problems() == 0 && read.entries() == 0) {
      output.line(
          "No rotation is recorded in "
              + folder
              + ". 'secrets rotate NAME' without an inventory records none.");
    }
    if (verify && read.problems() == 0) {
      output.line("OK    " + Counted.of(read.entries(), "line") + ", head " + read.head());
    }
    return read;
  }

  /** Writes the parts of the document one after the other, so that the log need not fit a list. */
  private RotationLog.Summary printJson(RotationLog log) {
    List<String> problems = new ArrayList<>();
    String[] separator = {"{\"command\":\"log\",\"result\":{\"entries\":["};
    RotationLog.Summary read =
        log.read(
            entry -> {
              if (!verify) {
                raw(separator[0] + Json.write(entry.document()));
                separator[0] = ",";
              }
            },
            problem -> {
              if (problems.size() < MOST_PROBLEMS) {
                problems.add(problem);
              }
            });
    raw(separator[0].equals(",") ? "]" : separator[0] + "]");
    raw(",\"problems\":" + Json.write(problems) + ",\"head\":" + Json.write(read.head()));
    raw("},\"exitCode\":" + code(read).code() + "}\n");
    return read;
  }

  private void raw(String text) {
    session.output().bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(LogEntry entry, LocalTimes times) {
    String what = EnumText.of(entry.event());
    return entry.sequence()
        + "  "
        + times.text(entry.at())
        + "  "
        + entry.by()
        + "  "
        + entry.name()
        + ": "
        + what
        + entry.step().map(step -> " " + step.word()).orElse("")
        + (entry.note().isEmpty() ? "" : " (" + entry.note().replace('\n', ' ') + ")");
  }
}
