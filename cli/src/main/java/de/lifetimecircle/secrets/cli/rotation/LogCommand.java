package de.lifetimecircle.secrets.cli.rotation;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.operations.rotation.LogEntry;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the log of rotations and verifies that it is complete. */
@Command(
    name = "log",
    description = {
      "Show past rotations, when and by whom, without contacting a backend.",
      "Exits with 8 if somebody edited, removed or moved lines."
    },
    sortOptions = false)
public final class LogCommand implements Callable<Integer> {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public LogCommand(CommandSession session) {
    this.session = session;
  }

  @Option(
      names = "--verify",
      description =
          "Only verify that the log is complete, and print the digest of its last line, which you"
              + " should keep elsewhere.")
  boolean verify;

  @Mixin RotationOptions options = new RotationOptions();

  @Override
  public Integer call() {
    RotationLog.Reading read = RotationLog.in(options.journalFolder()).read();
    if (session.json) {
      session.output().document(document(read));
    } else {
      if (!verify) {
        read.entries().forEach(entry -> session.output().line(text(entry)));
      }
      read.problems().forEach(problem -> session.output().line("FAIL  " + problem));
      if (verify && read.problems().isEmpty()) {
        session.output().line("OK    " + read.entries().size() + " lines, head " + read.head());
      }
    }
    return (read.problems().isEmpty() ? ExitCode.OK : ExitCode.CORRUPT).code();
  }

  private static String text(LogEntry entry) {
    String what = entry.event().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return entry.sequence()
        + "  "
        + entry.at()
        + "  "
        + entry.by()
        + "  "
        + entry.name()
        + ": "
        + what
        + entry.step().map(step -> " " + step.word()).orElse("")
        + (entry.note().isEmpty() ? "" : " (" + entry.note() + ")");
  }

  private Map<String, Object> document(RotationLog.Reading read) {
    List<Object> entries = new ArrayList<>();
    if (!verify) {
      read.entries().forEach(entry -> entries.add(entry.document()));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("entries", entries);
    document.put("problems", read.problems());
    document.put("head", read.head());
    return document;
  }
}
