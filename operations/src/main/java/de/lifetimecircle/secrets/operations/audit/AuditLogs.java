package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads logs of any size, one record at a time, also compressed by gzip. A record that cannot be
 * read is counted and reported by its line; reading continues. Used by one thread; blocks for the
 * streams.
 */
public final class AuditLogs {
  /** A person does not look up more lines than this. */
  private static final int MOST_NAMED = 10;

  private final List<LogReader> forms;
  private final Consumer<AuditEvent> sink;
  private long records;
  private long understood;
  private long events;
  private long broken;
  private final List<String> problems = new ArrayList<>();
  private @Nullable LogReader last;

  /**
   * Makes a reader.
   *
   * @param sink takes the events, in the order of the logs
   */
  public AuditLogs(LogFormat format, Consumer<AuditEvent> sink) {
    this.forms = format.readers();
    this.sink = sink;
  }

  /**
   * Reads one log to its end. The response to a request may be in the next log.
   *
   * @param name the name of the log in messages
   * @throws SecretException {@code CONFIGURATION} if nothing in it could be read
   */
  public void read(String name, InputStream in) {
    long before = understood;
    long brokenBefore = broken;
    try {
      LogRecordSplitter.read(
          new InputStreamReader(plain(in), StandardCharsets.UTF_8), raw -> record(name, raw));
    } catch (IOException e) { // for example a compressed file that was cut short
      broken++;
      problem(name + ": ends early: " + FileFailure.reason(e));
    }
    if (understood == before && broken > brokenBefore) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "read the log")
          .name(name)
          .reason("nothing in it could be read")
          .problems(problems)
          .advice("Name its format with --format, or see docs/audit.md for what can be read")
          .build();
    }
  }

  /** Reports the requests without a response; call it after the last log. */
  public void end() {
    forms.forEach(form -> form.end(this::tell));
  }

  private static InputStream plain(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
    buffered.mark(2);
    boolean compressed = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    return compressed ? new GZIPInputStream(buffered, 1 << 16) : buffered;
  }

  private void record(String name, RawLogRecord raw) {
    records++;
    String place = name + ":" + raw.line() + ": ";
    String why = raw.text() == null ? "too long, or cut short" : read(raw.text(), place);
    if (why.isEmpty()) {
      understood++;
    } else {
      broken++;
      problem(place + why);
    }
  }

  /** Returns the problem of a record; empty if there is none. */
  private String read(String text, String place) {
    Object document;
    try {
      document = Json.parse(text);
    } catch (IllegalArgumentException e) {
      // the exception's text quotes nothing, but names a position in the line
      return "not JSON";
    }
    if (!(document instanceof Map<?, ?> record)) {
      return "not an object of JSON";
    }
    LogReader form = form(record);
    if (form == null) {
      return "of no known kind";
    }
    try {
      form.read(record, this::tell);
      long lost = form.lost(record);
      if (lost > 0) {
        broken += lost;
        problem(place + lost + " before it could not be written");
      }
      return "";
    } catch (IllegalArgumentException e) {
      return "without a part that every record of its kind has";
    }
  }

  /** Most often the format of the record before. */
  private @Nullable LogReader form(Map<?, ?> record) {
    if (last == null || !last.recognises(record)) {
      last = forms.stream().filter(form -> form.recognises(record)).findFirst().orElse(null);
    }
    return last;
  }

  private void tell(AuditEvent event) {
    events++;
    sink.accept(event);
  }

  private void problem(String text) {
    if (problems.size() < MOST_NAMED) {
      problems.add(text);
    }
  }

  /** Returns the number of records, including those about other things than secrets. */
  public long records() {
    return records;
  }

  /** Returns the number of records about secrets. */
  public long events() {
    return events;
  }

  /** Returns the number of records that could not be read, or that the log reports as lost. */
  public long broken() {
    return broken;
  }

  /** Returns the first problems, each with its log and line, without text of the record. */
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
