package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The times of deployments and rotations, read from runs of GitHub, from lines with {@code from}
 * and {@code to}, or from the rotation log. Used by one thread.
 */
public final class DeploymentTimes {
  /** The time before and after a line of the rotation log in which its step may have run. */
  private static final Duration STEP = Duration.ofMinutes(10);

  private static final List<String> BEGIN =
      List.of("from", "startedAt", "run_started_at", "createdAt");
  private static final List<String> END = List.of("to", "updatedAt", "updated_at");

  /** The end of each period by its start; periods do not overlap. */
  private final TreeMap<Instant, Instant> ends = new TreeMap<>();

  /** Returns no times. */
  public DeploymentTimes() {}

  /** Returns whether a deployment or rotation ran at that time. */
  public boolean contains(Instant at) {
    Map.Entry<Instant, Instant> begun = ends.floorEntry(at);
    return begun != null && !begun.getValue().isBefore(at);
  }

  /** Adds a period, including both ends. */
  public DeploymentTimes add(Instant from, Instant to) {
    Instant first = from;
    Instant last = to;
    Map.Entry<Instant, Instant> near = ends.floorEntry(last);
    while (near != null && !near.getValue().isBefore(first)) { // merge overlapping periods
      first = near.getKey().isBefore(first) ? near.getKey() : first;
      last = near.getValue().isAfter(last) ? near.getValue() : last;
      ends.remove(near.getKey());
      near = ends.floorEntry(last);
    }
    ends.put(first, last);
    return this;
  }

  /**
   * Adds the times in a file; blocks for the file system.
   *
   * @throws SecretException {@code CONFIGURATION} if the file cannot be read, or a record has no
   *     known form; names its line
   */
  public DeploymentTimes read(Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      LogRecordSplitter.read(reader, raw -> record(file, raw));
    } catch (NoSuchFileException e) {
      throw problem(file.toString(), "there is no such file");
    } catch (IOException e) {
      throw problem(file.toString(), "it cannot be read (" + FileFailure.reason(e) + ")");
    }
    return this;
  }

  private void record(Path file, RawLogRecord raw) {
    try {
      Object record = Json.parse(raw.text() == null ? "" : raw.text());
      String step = JsonFact.text(record, "at");
      if (!step.isEmpty() && JsonFact.at(record, "rotation") != null) {
        Instant at = JsonFact.time(step);
        add(at.minus(STEP), at.plus(STEP));
      } else {
        add(time(record, BEGIN), time(record, END));
      }
    } catch (IllegalArgumentException e) {
      throw problem(file + ":" + raw.line(), "no beginning and end of a deployment");
    }
  }

  private static Instant time(@Nullable Object record, List<String> keys) {
    return JsonFact.time(
        JsonFact.first(
            keys.stream().map(key -> JsonFact.text(record, key)).toArray(String[]::new)));
  }

  private static SecretException problem(String name, String why) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "read the deployments")
        .name(name)
        .reason(why)
        .advice(
            "Give lines such as {\"from\": \"2026-03-02T09:00:00Z\", \"to\": ...}, what 'gh run"
                + " list --json startedAt,updatedAt' prints, or the log of rotations")
        .build();
  }
}
