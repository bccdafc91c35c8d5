package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.Json;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The readers of each secret so far, with the time of their first read; a reader that is not among
 * them is a first reader. Kept in a file between audits. Used by one thread.
 *
 * <p>A log may have a million readers. In memory each is the first half of a digest of its secret
 * and its name, which takes 100 bytes instead of 250; their texts are in the file, and those of new
 * readers are compressed until {@link #write}.
 */
public final class KnownReaders {
  private final Map<Key, Read> reads = new HashMap<>();
  private final @Nullable Path file;
  private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
  private final Writer fresh;

  private record Key(long high, long low) {}

  /**
   * The reads of one reader.
   *
   * @param first the time of the first one, in milliseconds
   * @param known whether one was before this audit
   */
  private record Read(long first, boolean known) {
    static final Read NONE = new Read(Long.MAX_VALUE, false);
  }

  private record Reader(String principal, String name, Instant first) {
    String line() {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("name", name);
      line.put("principal", principal);
      line.put("first", first.toString());
      return Json.write(line) + "\n";
    }
  }

  /** Returns no readers. */
  public KnownReaders() {
    this(null);
  }

  private KnownReaders(@Nullable Path file) {
    this.file = file;
    try {
      this.fresh = new OutputStreamWriter(new GZIPOutputStream(compressed), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it writes to memory
    }
  }

  /**
   * Reads a file of {@link #write}; blocks for the file system.
   *
   * @return no readers if the file does not exist yet
   * @throws SecretException {@code CONFIGURATION} if the file cannot be read or has another format
   */
  public static Optional<KnownReaders> of(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    KnownReaders readers = new KnownReaders(file);
    try {
      readers.each(reader -> readers.isNew(reader, true));
    } catch (IOException e) {
      throw unusable("read", file, FileFailure.reason(e));
    }
    return Optional.of(readers);
  }

  /** Returns whether a principal had read a secret before this audit. */
  public boolean knows(String principal, String name) {
    return reads.getOrDefault(key(principal, name), Read.NONE).known();
  }

  /** Adds a read from before this audit. */
  public void add(String principal, String name, Instant at) {
    keep(new Reader(principal, name, at), true);
  }

  /** Adds a read of this audit: its reader is known to the next audit, and not yet to this one. */
  void see(String principal, String name, Instant at) {
    keep(new Reader(principal, name, at), false);
  }

  private static Key key(String principal, String name) {
    String digest = RecordMapping.digest(name + '\0' + principal);
    return new Key(
        Long.parseUnsignedLong(digest, 0, 16, 16), Long.parseUnsignedLong(digest, 16, 32, 16));
  }

  private boolean isNew(Reader reader, boolean known) {
    Key key = key(reader.principal(), reader.name());
    Read before = reads.getOrDefault(key, Read.NONE);
    long first = Math.min(before.first(), reader.first().toEpochMilli());
    reads.put(key, new Read(first, before.known() || known));
    return before.equals(Read.NONE);
  }

  private void keep(Reader reader, boolean known) {
    try {
      if (isNew(reader, known)) {
        fresh.write(reader.line());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it writes to memory
    }
  }

  /** Reads the file, one line at a time. */
  private void each(Consumer<Reader> sink) throws IOException {
    Path from = file;
    if (from == null) {
      return;
    }
    try (InputStream in = Files.newInputStream(from)) {
      each(in, raw -> sink.accept(reader(from, raw)));
    }
  }

  private static void each(InputStream in, Consumer<RawLogRecord> sink) throws IOException {
    LogRecordSplitter.read(new InputStreamReader(in, StandardCharsets.UTF_8), sink);
  }

  private static Reader reader(Path file, RawLogRecord raw) {
    try {
      Object record = Json.parse(raw.text() == null ? "" : raw.text());
      String name = JsonFact.text(record, "name");
      if (name.isEmpty()) {
        throw new IllegalArgumentException("no name");
      }
      return new Reader(JsonFact.text(record, "principal"), name, JsonFact.time(record, "first"));
    } catch (IllegalArgumentException e) {
      throw unusable("read", file, "line " + raw.line() + " is not one that this command writes");
    }
  }

  /**
   * Replaces the file in one step, readable only for its owner: the readers from before, then those
   * of this audit. Call it once, after the last read; blocks for the file system.
   *
   * @throws SecretException {@code CONFIGURATION} if it cannot be written
   */
  public void write(Path target) {
    try {
      fresh.close();
      AtomicFile.write(
          target,
          out -> {
            BufferedWriter text =
                new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            each(reader -> put(text, reader));
            try (InputStream in =
                new GZIPInputStream(new ByteArrayInputStream(compressed.toByteArray()))) {
              each(in, raw -> put(text, reader(target, raw)));
            }
            text.flush();
          },
          AtomicFile.Readers.OWNER);
    } catch (UncheckedIOException e) {
      throw unusable("write", target, "a line could not be written");
    } catch (IOException e) {
      throw unusable("write", target, FileFailure.reason(e));
    }
  }

  /** Writes a line with the earliest time, which may come from a later event. */
  private void put(Writer text, Reader reader) {
    Read read = reads.getOrDefault(key(reader.principal(), reader.name()), Read.NONE);
    Instant other = Instant.ofEpochMilli(read.first());
    Instant first = other.isBefore(reader.first()) ? other : reader.first();
    try {
      text.write(new Reader(reader.principal(), reader.name(), first).line());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SecretException unusable(String action, Path file, String why) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, action + " the known readers")
        .name(file.toString())
        .reason(why)
        .advice("Check the file of --state and its rights; without it the baseline starts empty")
        .build();
  }
}
