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
 * Who has read which secret so far, and when first: what a first reader is compared with. Kept in a
 * file between two audits. Used by one thread.
 */
public final class KnownReaders {
  private record Reader(String principal, String name) {}

  private final Map<Reader, Instant> first =
      new TreeMap<>(Comparator.comparing(Reader::name).thenComparing(Reader::principal));

  /** Without any. */
  public KnownReaders() {}

  /**
   * Those of a file that {@link #write} wrote; blocks for the file system.
   *
   * @return empty where there is no such file yet
   * @throws SecretException {@code CONFIGURATION} if it cannot be read or is of another form
   */
  public static Optional<KnownReaders> of(Path file) {
    return Files.exists(file) ? Optional.of(new KnownReaders().read(file)) : Optional.empty();
  }

  /** Whether that principal has read that secret before. */
  public boolean knows(String principal, String name) {
    return first.containsKey(new Reader(principal, name));
  }

  /** Remembers a read. */
  public void add(String principal, String name, Instant at) {
    first.merge(new Reader(principal, name), at, (a, b) -> a.isBefore(b) ? a : b);
  }

  /** These and those. */
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
      throw unusable("read", file, "line " + raw.line() + " is none of its own");
    }
  }

  /**
   * Replaces the file as a whole, for its owner alone; blocks for the file system.
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
        .advice("Check the file of --state and its rights; without it the baseline begins anew")
        .build();
  }
}
