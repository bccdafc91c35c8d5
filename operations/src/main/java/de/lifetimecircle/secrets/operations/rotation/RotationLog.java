package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records rotations with their people and times in a file of JSON lines that only grows. Each line
 * has a digest of itself and of the line before, so that an edited, removed or moved line is
 * detected. A complete rewrite is detected only if the last digest is kept elsewhere.
 *
 * <p>Methods block for the file system. Lines are added by one process at a time; reading needs no
 * lock.
 */
public final class RotationLog {
  /** The name of the file. */
  public static final String FILE = "rotation-log.jsonl";

  private static final String NOTHING = "";
  private static final int TAIL = 65_536;
  private static final int LONGEST = 1024 * 1024;

  private final Path file;

  private RotationLog(Path file) {
    this.file = file;
  }

  /** Returns the log in a folder of journals, whether it exists yet or not. */
  public static RotationLog in(Path folder) {
    return new RotationLog(folder.resolve(FILE));
  }

  /**
   * The content of a log.
   *
   * @param entries the lines that could be read, in their order
   * @param problems the problems, each with the number of its line
   * @param head the digest of the last line, to be kept elsewhere; empty for an empty log
   */
  public record Reading(List<LogEntry> entries, List<String> problems, String head) {
    /** Copies the lists. */
    public Reading {
      entries = List.copyOf(entries);
      problems = List.copyOf(problems);
    }
  }

  /** The lines of one log, each with its digest. */
  private record Line(@Nullable LogEntry entry, String previous, String digest, String problem) {}

  /**
   * Reads and verifies the whole log at once; see {@link #read(Consumer, Consumer)} for a long one.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if the file cannot be
   *     read
   */
  public Reading read() {
    List<LogEntry> entries = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Summary summary = read(entries::add, problems::add);
    return new Reading(entries, problems, summary.head());
  }

  /**
   * The result of reading a log line by line.
   *
   * @param entries the number of lines that could be read
   * @param problems the number of problems
   * @param head the digest of the last line; empty for an empty log
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
    Verification verification = new Verification(entries, problems);
    try (InputStream in =
        Files.exists(file)
            ? new BufferedInputStream(Files.newInputStream(file), TAIL)
            : InputStream.nullInputStream()) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          verification.add(line.toString(StandardCharsets.UTF_8), Ending.COMPLETE);
          line.reset();
        } else if (line.size() < LONGEST) { // a longer line is damaged, and does not fill memory
          line.write(next);
        }
      }
      if (line.size() > 0) {
        verification.add(line.toString(StandardCharsets.UTF_8), Ending.OPEN);
      }
    } catch (IOException e) {
      throw JournalFolder.unusable("read the rotation log", file, e);
    }
    return verification.summary();
  }

  /** The end of a line: with a line feed, or with the file. */
  private enum Ending {
    COMPLETE,
    OPEN
  }

  /** Verifies one line after the other. Used by one thread. */
  private static final class Verification {
    private final Consumer<LogEntry> entries;
    private final Consumer<String> problems;
    private String head = NOTHING;
    private int number;
    private long read;
    private long wrong;

    Verification(Consumer<LogEntry> entries, Consumer<String> problems) {
      this.entries = entries;
      this.problems = problems;
    }

    void add(String text, Ending ending) {
      number++;
      Line line = line(text);
      LogEntry entry = line.entry();
      if (entry == null && ending == Ending.OPEN) {
        problem("cut short by a crash; the next rotation repairs it");
      } else if (entry == null) {
        problem(line.problem());
      } else {
        follows(entry, line);
        read++;
        entries.accept(entry);
      }
      head = line.digest().isEmpty() ? head : line.digest();
    }

    private void follows(LogEntry entry, Line line) {
      if (!line.problem().isEmpty()) {
        problem(line.problem());
      }
      if (entry.sequence() != number || !line.previous().equals(head)) {
        problem("does not follow the line before it: lines were edited, removed, added or moved");
      }
    }

    private void problem(String text) {
      wrong++;
      problems.accept("line " + number + ": " + text);
    }

    Summary summary() {
      return new Summary(read, wrong, head);
    }
  }

  /**
   * Parses a line. An edited line keeps its digest, so that only this line is reported, not all
   * after it.
   */
  private static Line line(String text) {
    try {
      if (!(Json.parse(text) instanceof Map<?, ?> document)) {
        return new Line(null, NOTHING, NOTHING, "not an object");
      }
      Map<Object, Object> summed = new LinkedHashMap<>(document);
      String digest = String.valueOf(summed.remove("digest"));
      boolean whole = RotationJournal.sum(Json.write(summed)).equals(digest);
      return new Line(
          LogEntry.of(document),
          VersionChange.text(document, "previous"),
          digest,
          whole ? "" : "edited: its digest does not fit");
    } catch (RuntimeException e) {
      return new Line(null, NOTHING, NOTHING, "edited or damaged: it cannot be read");
    }
  }

  /**
   * Adds a line, and first repairs an end that was cut short; returns a note for a person, or an
   * empty text.
   */
  static String append(Path folder, LogEntry entry) {
    Path file = folder.resolve(FILE);
    // One thread of this process at a time, because a file lock belongs to the whole process.
    synchronized (RotationLog.class) {
      Path locked = folder.resolve("locks").resolve(FILE);
      try (FileChannel lock =
              FileChannel.open(
                  ownWay(locked), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileChannel channel =
              FileChannel.open(
                  ownWay(file),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE)) {
        FileLock held = lock.lock();
        String note = append(channel, file, entry);
        held.release();
        return note;
      } catch (IOException e) {
        throw JournalFolder.unusable("write the rotation log", file, e);
      }
    }
  }

  private static Path ownWay(Path file) throws IOException {
    TrustedPath.requireNoForeignLink(file);
    return file;
  }

  private static void writeAll(FileChannel channel, String text) throws IOException {
    AtomicFile.writeAll(channel, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String append(FileChannel channel, Path file, LogEntry entry) throws IOException {
    String tail = tail(channel);
    int cut = tail.lastIndexOf('\n') + 1;
    String rest = tail.substring(cut);
    boolean whole = !rest.isEmpty() && line(rest).entry() != null;
    String lastLine = whole ? rest : last(tail, cut);
    Optional<Line> last = lastLine.isEmpty() ? Optional.empty() : Optional.of(line(lastLine));
    String head = last.map(Line::digest).orElse(NOTHING);
    LogEntry before = last.map(Line::entry).orElse(null);
    int next = before == null ? 1 : before.sequence() + 1;
    String note = "";
    channel.position(channel.size());
    if (whole) {
      writeAll(channel, "\n");
    } else if (!rest.isEmpty()) {
      keepAside(file, rest);
      channel.truncate(channel.size() - rest.getBytes(StandardCharsets.UTF_8).length);
      channel.position(channel.size());
      String text = written(mended(entry).numbered(next++, ""), head);
      writeAll(channel, text);
      head = line(text.stripTrailing()).digest();
      note = "the last line of the rotation log was cut short by a crash; it was repaired";
    }
    String clock = "";
    if (before != null && entry.at().isBefore(before.at())) {
      clock = "the clock is behind the line before";
      note = "the clock is behind the last line of the rotation log, of " + before.at();
    }
    writeAll(channel, written(entry.numbered(next, clock), head));
    return note;
  }

  private static String last(String tail, int cut) {
    return cut == 0 ? "" : tail.substring(tail.lastIndexOf('\n', cut - 2) + 1, cut - 1);
  }

  private static String tail(FileChannel channel) throws IOException {
    long from = Math.max(0, channel.size() - TAIL);
    ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  private static void keepAside(Path file, String rest) throws IOException {
    Files.writeString(
        ownWay(file.resolveSibling(FILE + ".cut")),
        rest + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static LogEntry mended(LogEntry cause) {
    Instant at = cause.at();
    return new LogEntry(
        0,
        at,
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
        "the line after the one before this was cut short; what was left of it is in "
            + FILE
            + ".cut");
  }

  private static String written(LogEntry entry, String head) {
    Map<String, Object> document = entry.document();
    document.put("previous", head);
    document.put("digest", RotationJournal.sum(Json.write(document)));
    return Json.write(document) + "\n";
  }
}
