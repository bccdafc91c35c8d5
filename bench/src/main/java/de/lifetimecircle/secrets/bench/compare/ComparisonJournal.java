package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.RecordJson;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.decision.results.ResultText;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The progress of an unfinished run, in a file beside its result: a line when the run begins and
 * one for each process that ended. A truncated line is skipped, so its work is done again. Used by
 * one thread.
 */
final class ComparisonJournal {
  private static final int FORMAT = 3;

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
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("format", FORMAT);
    fields.put("asked", head.asked());
    fields.put("named", head.named());
    fields.put("begun", head.begun().toString());
    fields.put("seed", head.seed());
    fields.put("prefix", head.prefix());
    fields.put("noise", ResultFile.noise(head.noise()));
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
      Optional<Head> head = lines.isEmpty() ? Optional.empty() : head(lines.get(0));
      List<Entry> entries = new ArrayList<>();
      lines.stream().skip(1).forEach(line -> entry(line).ifPresent(entries::add));
      return head.map(found -> new ComparisonJournal(file, found, entries));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Head> head(String line) {
    try {
      if (Json.parse(line) instanceof Map<?, ?> fields
          && fields.get("format") instanceof BigDecimal format
          && format.intValue() == FORMAT
          && fields.get("seed") instanceof BigDecimal seed
          && fields.get("named") instanceof Map<?, ?> named
          && fields.get("noise") instanceof List<?> noise) {
        return Optional.of(
            new Head(
                String.valueOf(fields.get("asked")),
                texts(named),
                Instant.parse(String.valueOf(fields.get("begun"))),
                seed.longValueExact(),
                String.valueOf(fields.get("prefix")),
                noise(noise)));
      }
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty(); // cut short, or of another version
    }
  }

  private static Optional<Entry> entry(String line) {
    try {
      if (Json.parse(line) instanceof Map<?, ?> fields
          && fields.get("who") instanceof Map<?, ?> who
          && fields.get("millis") instanceof BigDecimal millis
          && fields.get("samples") instanceof List<?> samples) {
        WorkerProcesses.Found found = WorkerProcesses.Found.none();
        samples.forEach(one -> found.samples().add(SampleSet.of((Map<?, ?>) one)));
        found.failed().addAll(statements(fields.get("failed")));
        found.omitted().addAll(statements(fields.get("omitted")));
        return Optional.of(
            new Entry(
                String.valueOf(fields.get("task")),
                RecordJson.read(Participant.class, who),
                millis.longValueExact(),
                found));
      }
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty(); // cut short: it is measured again
    }
  }

  private static Map<String, String> texts(Map<?, ?> map) {
    Map<String, String> texts = new LinkedHashMap<>();
    map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    return texts;
  }

  private static Map<ResultText, BigDecimal> noise(List<?> pairs) {
    Map<ResultText, BigDecimal> noise = new LinkedHashMap<>();
    for (Object each : pairs) {
      List<?> pair = (List<?>) each;
      noise.put(ResultText.read(pair.get(0)), (BigDecimal) pair.get(1));
    }
    return noise;
  }

  /** Reads the list that {@link ResultFile#json} made; anything else is an empty list. */
  static List<ResultText> statements(@Nullable Object json) {
    return json instanceof List<?> list ? list.stream().map(ResultText::read).toList() : List.of();
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
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("task", entry.task());
    fields.put("who", RecordJson.object(entry.who()));
    fields.put("millis", entry.millis());
    fields.put("samples", entry.found().samples().stream().map(SampleSet::json).toList());
    fields.put("failed", ResultFile.json(entry.found().failed()));
    fields.put("omitted", ResultFile.json(entry.found().omitted()));
    try {
      // Begins with the end of the line before it, which may have been cut short.
      Files.writeString(file, "\n" + Json.write(fields), StandardOpenOption.APPEND);
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
