package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.operations.journal.JsonLog;
import de.lifetimecircle.secrets.operations.journal.NameLock;
import de.lifetimecircle.secrets.operations.journal.RecordFolder;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Records rotations with their people and times in a file of JSON lines that only grows. Each line
 * has a digest of itself and of the line before, so that an edited, removed or moved line is
 * detected. Lines removed from the end, and a complete rewrite, are detected only if the last
 * digest is kept elsewhere.
 *
 * <p>Methods block for the file system. Lines are added by one process at a time; reading needs no
 * lock.
 *
 * @param folder the folder of the journals, whether the log exists there yet or not
 */
public record RotationLog(Path folder) {
  /** The name of the file. */
  public static final String FILE = "rotation-log.jsonl";

  private static final JsonLog.Form<LogEntry> FORM =
      new JsonLog.Form<>(LogEntry.class, LogEntry::sequence);

  private Path file() {
    return folder.resolve(FILE);
  }

  /**
   * The result of reading a log line by line.
   *
   * @param entries the number of lines that could be read
   * @param problems the number of problems
   * @param head the digest of the last line, to be kept elsewhere; empty for an empty log
   */
  public record Summary(long entries, long problems, String head) {}

  /**
   * Reads and verifies the log line by line, whatever its length.
   *
   * @param entries takes the lines that could be read, in their order
   * @param problems takes the problems, each with the number of its line
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if the file cannot be
   *     read
   */
  public Summary read(Consumer<LogEntry> entries, Consumer<String> problems) {
    try (InputStream in =
        Files.exists(file()) ? Files.newInputStream(file()) : InputStream.nullInputStream()) {
      JsonLog.Summary summary =
          FORM.read(in, entries, problem -> problems.accept(RotationLog.words(problem)));
      return new Summary(summary.entries(), summary.problems(), summary.head());
    } catch (IOException e) {
      throw RecordFolder.unusable("read the rotation log", file(), e);
    }
  }

  private static String words(JsonLog.Problem problem) {
    String repaired = problem.cut() ? "; the next rotation repairs it" : "";
    return "line " + problem.line() + ": " + problem.text() + repaired;
  }

  /**
   * Adds a line, and first repairs an end that was cut short; returns a note for a person, or an
   * empty text.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if it cannot be written
   */
  public String append(LogEntry entry) {
    // One thread of this process at a time, because a file lock belongs to the whole process.
    synchronized (RotationLog.class) {
      try (NameLock lock = NameLock.await(RecordFolder.locks(folder).resolve(FILE));
          FileChannel channel = FileChannel.open(ownWay(file()), OPTIONS)) {
        NameLock unused = lock;
        return append(channel, entry);
      } catch (IOException e) {
        throw RecordFolder.unusable("write the rotation log", file(), e);
      }
    }
  }

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private static Path ownWay(Path file) throws IOException {
    TrustedPath.requireNoForeignLink(file);
    return file;
  }

  private String append(FileChannel channel, LogEntry entry) throws IOException {
    List<String> cut = new ArrayList<>();
    JsonLog<LogEntry> log =
        JsonLog.at(
            channel,
            FORM,
            rest -> {
              keepAside(rest);
              cut.add(rest);
            });
    Optional<LogEntry> before = log.last();
    int next = before.map(LogEntry::sequence).orElse(0) + 1;
    String note = "";
    if (!cut.isEmpty()) {
      log.append(mended(entry).numbered(next++, ""));
      note = "the last line of the rotation log was cut short by a crash; it was repaired";
    }
    String clock = "";
    if (before.isPresent() && entry.at().isBefore(before.get().at())) {
      clock = "the clock is behind the line before";
      note = "the clock is behind the last line of the rotation log, of " + before.get().at();
    }
    log.append(entry.numbered(next, clock));
    return note;
  }

  private void keepAside(String rest) throws IOException {
    Files.writeString(
        ownWay(folder.resolve(FILE + ".cut")),
        rest + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static LogEntry mended(LogEntry cause) {
    String note =
        "the line after the one before this was cut short; what was left of it is in "
            + FILE
            + ".cut";
    return new LogEntry(
        0,
        cause.at(),
        cause.by(),
        "",
        cause.environment(),
        "",
        "",
        cause.scheme(),
        LogEntry.Event.MENDED,
        Optional.empty(),
        "",
        "",
        note);
  }
}
