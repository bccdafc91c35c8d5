package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.RecordJson;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The progress of an unfinished run, in a file beside its result: a line when the run begins and
 * one for each process that ended. A truncated line is skipped, so its work is done again. Used by
 * one thread.
 */
final class ComparisonJournal {
  private static final int FORMAT = 4;

  private final Path file;
  private final Head head;
  private final List<Entry> entries;

  /**
   * The identity of a run.
   *
   * @param asked machine, commit and arguments, which must be the same to resume
   * @param named the servers that others run, by participant, which must be the same as well
   * @param begun when it began
   * @param seed of the order
   * @param prefix of the names that are written
   * @param noise the noise floor
   */
  record Head(
      String asked,
      Map<String, String> named,
      Instant begun,
      long seed,
      String prefix,
      Map<ResultText, BigDecimal> noise) {}

  /**
   * The results of a process.
   *
   * @param task the id of the task
   * @param who the participant
   * @param millis how long it took
   * @param found its results
   */
  record Entry(String task, Participant who, long millis, WorkerProcesses.Found found) {
    String name() {
      return who.name();
    }
  }

  private ComparisonJournal(Path file, Head head, List<Entry> entries) {
    this.file = file;
    this.head = head;
    this.entries = new ArrayList<>(entries);
  }

  /** Where the journal of a result is. */
  static Path beside(Path result) {
    return result.resolveSibling(result.getFileName() + ".journal");
  }

  /**
   * Begins one; an old one is gone then.
   *
   * @throws UncheckedIOException if it cannot be written, in one sentence
   */
  static ComparisonJournal begin(Path result, Head head) {
    ComparisonJournal journal = new ComparisonJournal(beside(result), head, List.of());
    Map<String, @Nullable Object> fields = RecordJson.object("format", FORMAT);
    fields.putAll(RecordMapping.members(head));
    try {
      Path folder = journal.file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(journal.file, Json.write(fields));
    } catch (IOException e) {
      throw journal.full(e);
    }
    return journal;
  }

  /** The one that an interrupted run has left; nothing if there is none that can be read. */
  static Optional<ComparisonJournal> left(Path result) {
    Path file = beside(result);
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      Optional<Head> head =
          lines.stream()
              .limit(1)
              .map(ComparisonJournal::parsed)
              .filter(line -> String.valueOf(line.get("format")).equals(String.valueOf(FORMAT)))
              .flatMap(line -> read(Head.class, line))
              .findFirst();
      List<Entry> entries =
          lines.stream().skip(1).flatMap(line -> read(Entry.class, parsed(line))).toList();
      return head.map(found -> new ComparisonJournal(file, found, entries));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Map<?, ?> parsed(String line) {
    try {
      return Json.parse(line) instanceof Map<?, ?> fields ? fields : Map.of();
    } catch (IllegalArgumentException e) {
      return Map.of(); // cut short
    }
  }

  /** Returns nothing for a line that was cut short: it is measured again. */
  private static <R extends Record> Stream<R> read(Class<R> type, Map<?, ?> line) {
    try {
      return Stream.of(RecordMapping.readKnown(type, line));
    } catch (IllegalArgumentException e) {
      return Stream.empty();
    }
  }

  Head head() {
    return head;
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Returns the names of the measured participants. */
  Set<String> names() {
    return entries.stream().map(Entry::name).collect(Collectors.toSet());
  }

  boolean has(String task) {
    return entries.stream().anyMatch(entry -> entry.task().equals(task));
  }

  /**
   * Takes down what a process found.
   *
   * @throws UncheckedIOException if it cannot be written, in one sentence
   */
  void add(Entry entry) {
    try {
      // Begins with the end of the line before it, which may have been cut short.
      Files.writeString(
          file, "\n" + Json.write(RecordMapping.members(entry)), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw full(e);
    }
    entries.add(entry);
  }

  private UncheckedIOException full(IOException e) {
    return new UncheckedIOException(
        "Cannot write "
            + file
            + ": "
            + e.getMessage()
            + "; what was measured before is kept. Free some space and run the same command.",
        e);
  }

  /** Ends it: the run is over. */
  void end() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw full(e);
    }
  }

  /** Moves the result and the journal of another run out of the way; tells where to, if any. */
  static Optional<Path> setAside(Path result) {
    Path kept = result.resolveSibling(result.getFileName() + ".before");
    try {
      boolean isThere = Files.exists(result);
      if (isThere) {
        Files.move(result, kept, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.deleteIfExists(beside(result));
      return isThere ? Optional.of(kept) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot move " + result + " out of the way: " + e.getMessage() + ".", e);
    }
  }
}
