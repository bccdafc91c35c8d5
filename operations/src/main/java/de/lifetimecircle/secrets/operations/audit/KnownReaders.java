package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The readers of each secret so far, with the time of their first read; a reader that is not among
 * them is a first reader. Kept in a file between audits. Used by one thread.
 */
public final class KnownReaders {
  private record Reader(String principal, String name) {}

  private final Map<Reader, Instant> first =
      new TreeMap<>(Comparator.comparing(Reader::name).thenComparing(Reader::principal));

  /** Returns no readers. */
  public KnownReaders() {}

  /**
   * Reads a file of {@link #write}; blocks for the file system.
   *
   * @return no readers if the file does not exist yet
   * @throws SecretException {@code CONFIGURATION} if the file cannot be read or has another format
   */
  public static Optional<KnownReaders> of(Path file) {
    return Files.exists(file) ? Optional.of(new KnownReaders().read(file)) : Optional.empty();
  }

  /** Returns whether a principal has read a secret before. */
  public boolean knows(String principal, String name) {
    return first.containsKey(new Reader(principal, name));
  }

  /** Adds a read. */
  public void add(String principal, String name, Instant at) {
    first.merge(new Reader(principal, name), at, (a, b) -> a.isBefore(b) ? a : b);
  }

  /** Returns the readers of both. */
  KnownReaders with(KnownReaders others) {
    KnownReaders both = new KnownReaders();
    first.forEach((reader, at) -> both.add(reader.principal(), reader.name(), at));
    others.first.forEach((reader, at) -> both.add(reader.principal(), reader.name(), at));
    return both;
  }

  private KnownReaders read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      RecordCutter.read(
          new InputStreamReader(in, StandardCharsets.UTF_8), raw -> record(file, raw));
    } catch (IOException e) {
      throw unusable("read", file, e.getClass().getSimpleName());
    }
    return this;
  }

  private void record(Path file, RawRecord raw) {
    try {
      Object record = Json.parse(raw.text() == null ? "" : raw.text());
      String name = JsonFact.text(record, "name");
      if (name.isEmpty()) {
        throw new IllegalArgumentException("no name");
      }
      add(JsonFact.text(record, "principal"), name, JsonFact.time(record, "first"));
    } catch (IllegalArgumentException e) {
      throw unusable("read", file, "line " + raw.line() + " is not one that this command writes");
    }
  }

  /**
   * Replaces the file in one step, readable only for its owner; blocks for the file system.
   *
   * @throws SecretException {@code CONFIGURATION} if it cannot be written
   */
  public void write(Path file) {
    StringBuilder text = new StringBuilder();
    first.entrySet().forEach(each -> text.append(line(each)));
    try {
      AtomicFile.write(file, text.toString(), AtomicFile.Readers.OWNER);
    } catch (IOException e) {
      throw unusable("write", file, e.getClass().getSimpleName());
    }
  }

  private static String line(Map.Entry<Reader, Instant> reader) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("name", reader.getKey().name());
    line.put("principal", reader.getKey().principal());
    line.put("first", reader.getValue().toString());
    return Json.write(line) + "\n";
  }

  private static SecretException unusable(String action, Path file, String why) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, action + " the known readers")
        .name(file.toString())
        .reason(why)
        .advice("Check the file of --state and its rights; without it the baseline starts empty")
        .build();
  }
}
