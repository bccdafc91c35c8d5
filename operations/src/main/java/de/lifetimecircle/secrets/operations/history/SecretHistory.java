package de.lifetimecircle.secrets.operations.history;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.rotation.LogEntry;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.spi.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects the history of one secret: the versions of the store, the rotation log and audit logs of
 * this library, in the order of time. Reads no value. Used by one thread; blocks for the store and
 * the file system.
 */
public final class SecretHistory {
  private static final Set<String> CHANGES =
      Set.of("put", "promote", "retire", "delete", "restore", "purge");

  private final String stored;
  private final List<HistoryEntry> events = new ArrayList<>();

  /**
   * Begins the history of a secret.
   *
   * @param stored its name in the store
   */
  public SecretHistory(String stored) {
    this.stored = stored;
  }

  /** Adds the versions that the backend keeps, if it keeps any. */
  public void addVersions(SecretProvider provider) {
    List<SecretVersion> oldestFirst = new ArrayList<>(provider.versions(stored));
    Collections.reverse(oldestFirst); // a backend lists the newest one first
    for (SecretVersion version : oldestFirst) {
      List<String> stages = version.stages().stream().sorted().map(EnumText::of).toList();
      String what = "stored" + (stages.isEmpty() ? "" : ", now " + String.join(", ", stages));
      events.add(
          new HistoryEntry(
              version.created(),
              events.size() + 1,
              version.id(),
              "",
              what,
              HistoryEntry.Source.STORE));
    }
  }

  /** Adds the steps of rotations. */
  public void addRotations(RotationLog log) {
    RotationLog.Summary unused = log.read(this::add, problem -> {});
  }

  private void add(LogEntry entry) {
    if (entry.name().equals(stored)) {
      String what =
          (entry.isEmergency() ? "" : "rotation ")
              + EnumText.of(entry.event())
              + entry.step().map(step -> " " + step.word()).orElse("")
              + (entry.note().isEmpty() ? "" : " (" + entry.note() + ")");
      events.add(
          new HistoryEntry(
              entry.at(),
              entry.sequence(),
              entry.newVersion(),
              entry.by(),
              what,
              entry.isEmergency()
                  ? HistoryEntry.Source.EMERGENCIES
                  : HistoryEntry.Source.ROTATIONS));
    }
  }

  /** Which calls of an audit log belong to the history. */
  public enum Calls {
    /** Those that change the secret. */
    CHANGES,
    /** Those, and reads. */
    ALL
  }

  /**
   * Adds the calls in an audit log of this library; other lines are left out.
   *
   * @throws SecretException {@code CONFIGURATION} if the file cannot be read
   */
  public void addAudit(Path file, Calls calls) {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(stored)) {
          audited(line, calls).ifPresent(events::add);
        }
      }
    } catch (IOException e) {
      throw AtomicFile.failure("read the audit log", file, e, "Check the file and its rights");
    }
  }

  private Optional<HistoryEntry> audited(String line, Calls calls) {
    try {
      if (!(Json.parse(line) instanceof Map<?, ?> record)
          || !text(record, "name").equals(stored)
          || !(calls == Calls.ALL || CHANGES.contains(text(record, "operation")))) {
        return Optional.empty();
      }
      String outcome = text(record, "outcome");
      String reason = text(record, "reason");
      String what =
          text(record, "operation")
              + (outcome.equals("ok") ? "" : ": " + outcome)
              + (reason.isEmpty() ? "" : " (" + reason + ")");
      String by = text(record, "principal") + "@" + text(record, "host");
      return Optional.of(
          new HistoryEntry(
              Instant.parse(text(record, "time")),
              events.size() + 1,
              text(record, "version"),
              by,
              what,
              HistoryEntry.Source.AUDIT));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty(); // a line that a full disk cut off, or of another log
    }
  }

  private static String text(Map<?, ?> record, String key) {
    Object value = record.get(key);
    return value == null ? "" : String.valueOf(value);
  }

  /** Returns the events, the oldest first; those of one instant in the order of their source. */
  public List<HistoryEntry> events() {
    return events.stream()
        .sorted(Comparator.comparing(HistoryEntry::at).thenComparingInt(HistoryEntry::sequence))
        .toList();
  }
}
