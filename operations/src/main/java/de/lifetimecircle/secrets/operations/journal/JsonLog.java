package de.lifetimecircle.secrets.operations.journal;

import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.spi.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A file that only grows: a record in a line of JSON, with a digest of itself and that of the line
 * before, so that an edited, removed or moved line is detected. Lines removed from the end, and a
 * complete rewrite, are detected only if the last digest is kept elsewhere. Used by one thread,
 * which has locked the file.
 */
public final class JsonLog<T extends Record> {
  private static final int TAIL = 65_536;
  private static final int LONGEST = 8 * 1024 * 1024;
  private static final String EDITED = "edited: its digest does not fit";
  private static final String UNREADABLE = "edited or damaged: it cannot be read";

  private final FileChannel channel;
  private Optional<T> last = Optional.empty();
  private String head = "";

  private JsonLog(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * A problem of a log.
   *
   * @param line the number of the line
   * @param text the problem
   * @param cut whether it is only an end that a crash has cut short
   */
  public record Problem(long line, String text, boolean cut) {}

  /**
   * The result of reading a log.
   *
   * @param entries the number of lines that could be read
   * @param problems the number of problems
   * @param head the digest of the last line; empty for an empty log
   */
  public record Summary(long entries, long problems, String head) {}

  /** A line; without an entry it cannot be read. */
  private record Line<T extends Record>(
      Optional<T> entry, String previous, String digest, String problem) {}

  /**
   * The form of the lines. Immutable.
   *
   * @param type the record
   * @param number the number that a line says it has; null if lines say none
   */
  public record Form<T extends Record>(Class<T> type, @Nullable ToIntFunction<T> number) {
    private boolean isNumbered(T entry, long line) {
      return number == null || number.applyAsInt(entry) == line;
    }

    /**
     * Reads and verifies a log line by line, whatever its length. An edited line keeps its digest,
     * so that only this line is reported, not all after it.
     *
     * @throws IOException if the file cannot be read
     */
    public Summary read(InputStream in, Consumer<T> entries, Consumer<Problem> problems)
        throws IOException {
      Verification<T> verification = new Verification<>(this, entries, problems);
      InputStream bytes = new BufferedInputStream(in, TAIL);
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = bytes.read(); next >= 0; next = bytes.read()) {
        if (next == '\n') {
          verification.add(line.toString(StandardCharsets.UTF_8), false);
          line.reset();
        } else if (line.size() < LONGEST) { // a longer line is damaged, and does not fill memory
          line.write(next);
        }
      }
      if (line.size() > 0) {
        verification.add(line.toString(StandardCharsets.UTF_8), true);
      }
      return new Summary(verification.read, verification.wrong, verification.head);
    }

    private Line<T> line(String text) {
      try {
        Map<Object, Object> members = new LinkedHashMap<>((Map<?, ?>) Json.parse(text));
        String digest = String.valueOf(members.remove("digest"));
        boolean whole = RecordMapping.digest(Json.write(members)).equals(digest);
        String previous = String.valueOf(members.remove("previous"));
        T entry = RecordMapping.read(type, members);
        return new Line<>(Optional.of(entry), previous, digest, whole ? "" : EDITED);
      } catch (RuntimeException e) {
        return new Line<>(Optional.empty(), "", "", UNREADABLE);
      }
    }
  }

  /** Verifies one line after the other. Used by one thread. */
  private static final class Verification<T extends Record> {
    private final Form<T> form;
    private final Consumer<T> entries;
    private final Consumer<Problem> problems;
    private String head = "";
    private long number;
    private long read;
    private long wrong;

    Verification(Form<T> form, Consumer<T> entries, Consumer<Problem> problems) {
      this.form = form;
      this.entries = entries;
      this.problems = problems;
    }

    private void add(String text, boolean open) {
      number++;
      Line<T> line = form.line(text);
      if (!line.problem().isEmpty()) {
        boolean cut = open && line.entry().isEmpty();
        problem(cut ? "cut short by a crash" : line.problem(), cut);
      }
      if (line.entry().isPresent()) {
        if (!line.previous().equals(head) || !form.isNumbered(line.entry().get(), number)) {
          problem(
              "does not follow the line before it: lines were edited, removed, added or moved",
              false);
        }
        read++;
        entries.accept(line.entry().get());
        head = line.digest();
      }
    }

    private void problem(String text, boolean cut) {
      wrong++;
      problems.accept(new Problem(number, text, cut));
    }
  }

  /** Takes what is left of a line that a crash has cut short, before it is removed. */
  @FunctionalInterface
  public interface CutEnd {
    /**
     * Keeps the rest, if it is of use.
     *
     * @throws IOException if it cannot be kept; the log is unchanged then
     */
    void keep(String rest) throws IOException;
  }

  /**
   * Prepares a file for more lines: finds its last one, and removes an end that was cut short.
   *
   * @throws IOException if the file cannot be read or written
   */
  public static <T extends Record> JsonLog<T> at(FileChannel channel, Form<T> form, CutEnd cut)
      throws IOException {
    JsonLog<T> log = new JsonLog<>(channel);
    byte[] tail = tail(channel);
    int end = lineFeed(tail, tail.length) + 1;
    String rest = text(tail, end, tail.length);
    boolean whole = form.line(rest).entry().isPresent();
    String line = whole || end == 0 ? rest : text(tail, lineFeed(tail, end - 1) + 1, end - 1);
    if (!rest.isEmpty() && !whole) {
      cut.keep(rest);
      // The bytes of the file: a character that was cut has others in a text.
      channel.truncate(channel.size() - (tail.length - end));
    }
    Line<T> read = form.line(line);
    log.last = read.entry();
    log.head = read.digest();
    channel.position(channel.size());
    if (whole) {
      AtomicFile.writeAll(channel, new byte[] {'\n'});
    }
    return log;
  }

  /** Returns the end of the file, with the whole of the last line that has an end. */
  private static byte[] tail(FileChannel channel) throws IOException {
    for (long length = TAIL; ; length *= 2) {
      long from = Math.max(0, channel.size() - length);
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
      byte[] tail = Arrays.copyOf(bytes.array(), bytes.position());
      int end = lineFeed(tail, tail.length);
      if (from == 0 || (end > 0 && lineFeed(tail, end) >= 0)) {
        return tail;
      }
    }
  }

  /** Returns the index of the last line feed before an index; -1 if there is none. */
  private static int lineFeed(byte[] bytes, int before) {
    int index = before - 1;
    while (index >= 0 && bytes[index] != '\n') {
      index--;
    }
    return index;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** Returns the last entry; empty in an empty log, or if it cannot be read. */
  public Optional<T> last() {
    return last;
  }

  /**
   * Adds a line and forces it to disk.
   *
   * @throws IOException if it cannot be written
   */
  public void append(T entry) throws IOException {
    Map<String, Object> document = RecordMapping.members(entry);
    document.put("previous", head);
    String digest = RecordMapping.digest(Json.write(document));
    document.put("digest", digest);
    AtomicFile.writeAll(channel, (Json.write(document) + "\n").getBytes(StandardCharsets.UTF_8));
    head = digest;
    last = Optional.of(entry);
  }
}
