package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Records the steps of a migration in a file, one line of JSON for each, forced to disk before the
 * next step. Holds names and ids of versions, but no value and nothing derived from one.
 *
 * <p>Each line begins with the SHA-256 of the previous sum and its own text, so a changed, missing
 * or moved line is detected. A killed process may leave a last line without its end; that step does
 * not count, and the line is removed. The file is locked while it is open. Used by one thread.
 */
final class MigrationJournal implements AutoCloseable {
  private static final String KIND = "secrets-migration";
  private static final int FORMAT = 1;
  private static final int SUM = 64;

  /** The beginning of a first line. */
  private static final Pattern BEGINNING =
      Pattern.compile("[0-9a-f]{64} \\{\"file\":\"" + KIND + "\".*", Pattern.DOTALL);

  private final Path file;
  private final FileChannel channel;
  private final Runnable breakpoint;
  private final List<Map<?, ?>> lines = new ArrayList<>();
  private String sum = "0".repeat(SUM);

  private MigrationJournal(Path file, FileChannel channel, Runnable breakpoint) {
    this.file = file;
    this.channel = channel;
    this.breakpoint = breakpoint;
  }

  /**
   * Opens or makes the file and reads it.
   *
   * @param breakpoint runs before and after each write, for tests that kill the process there
   * @throws SecretException {@code CONFLICT} while another run has the file open, {@code CORRUPT}
   *     if the file is not a journal, of another version or edited
   */
  static MigrationJournal open(Path file, Runnable breakpoint) {
    MigrationJournal journal = null;
    try {
      TrustedPath.requireNoForeignLink(file);
      FileChannel channel = FileChannel.open(file, OPTIONS, OwnerOnlyFiles.file(file));
      journal = new MigrationJournal(file, channel, breakpoint);
      journal.lock();
      journal.read();
      return journal;
    } catch (IOException | RuntimeException e) {
      if (journal != null) {
        journal.close();
      }
      if (e instanceof SecretException known) {
        throw known;
      }
      throw failure(
          SecretException.Kind.ACCESS_DENIED,
          file,
          e instanceof IOException io ? FileFailure.reason(io) : "its name is not a usable path");
    }
  }

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private static SecretException failure(SecretException.Kind kind, Path file, String reason) {
    return SecretException.of(kind, "use the journal")
        .name(file.toString())
        .reason(reason)
        .advice("Name another one with --journal, or move this one away if you do not need its run")
        .build();
  }

  private void lock() throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // The same as when another process has it.
    }
    throw failure(SecretException.Kind.CONFLICT, file, "another run has it open");
  }

  private void read() throws IOException {
    byte[] bytes = new byte[Math.toIntExact(channel.size())];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
      // until everything is read
    }
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end == 0) {
      requireOurs(new String(bytes, StandardCharsets.UTF_8));
    }
    String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
    text.lines().forEach(this::take);
    channel.truncate(end);
    channel.position(end);
  }

  /** Never cuts a file without a line end: it may be a key that was named by mistake. */
  private void requireOurs(String text) {
    if (!text.isEmpty() && !BEGINNING.matcher(text).matches()) {
      throw damaged("it is not the journal of a migration");
    }
  }

  private void take(String line) {
    Map<?, ?> document = parse(line);
    if (lines.isEmpty()) {
      if (!KIND.equals(document.get("file"))) {
        throw damaged("it is not the journal of a migration");
      }
      if (!String.valueOf(FORMAT).equals(String.valueOf(document.get("format")))) {
        throw damaged("another version of this program wrote it");
      }
    }
    String expected = sum(sum, line.substring(SUM + 1));
    if (!line.startsWith(expected)) {
      throw damaged("line " + (lines.size() + 1) + " was changed by hand or is damaged");
    }
    sum = expected;
    lines.add(document);
  }

  private Map<?, ?> parse(String line) {
    try {
      if (line.length() > SUM + 1 && Json.parse(line.substring(SUM + 1)) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (IllegalArgumentException e) {
      throw damaged("line " + (lines.size() + 1) + " is not JSON");
    }
    throw damaged("line " + (lines.size() + 1) + " is not one of a journal");
  }

  private SecretException damaged(String reason) {
    return failure(SecretException.Kind.CORRUPT, file, reason);
  }

  private static String sum(String before, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest((before + text).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns the first line, which has the plan; null in a new file. */
  @Nullable Map<?, ?> plan() {
    return lines.isEmpty() ? null : lines.get(0);
  }

  /** Returns the lines after the plan. */
  List<Map<?, ?>> steps() {
    return lines.subList(Math.min(1, lines.size()), lines.size());
  }

  /** Records the plan. */
  void begin(Map<String, ?> plan) {
    Map<String, Object> first = new LinkedHashMap<>();
    first.put("file", KIND);
    first.put("format", FORMAT);
    first.putAll(plan);
    append(first);
  }

  /** Records a step, on disk when the method returns. */
  void note(String step, String name, Map<String, ?> facts) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("name", name);
    line.putAll(facts);
    append(line);
  }

  private void append(Map<String, Object> document) {
    String text = Json.write(document);
    String next = sum(sum, text);
    breakpoint.run();
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap((next + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      throw SecretException.of(SecretException.Kind.UNAVAILABLE, "write the journal")
          .name(file.toString())
          .reason(FileFailure.reason(e))
          .advice("Check the disk and run the same command again: it resumes where it stopped")
          .build();
    }
    sum = next;
    lines.add(document);
    breakpoint.run();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Every line is on disk already; the lock ends with the process.
      System.getLogger(MigrationJournal.class.getName())
          .log(System.Logger.Level.DEBUG, "closing the journal failed");
    }
  }
}
