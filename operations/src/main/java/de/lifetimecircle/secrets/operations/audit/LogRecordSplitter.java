package de.lifetimecircle.secrets.operations.audit;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Splits a log into its records and holds only one at a time. A record is a JSON document on its
 * own line, an element of an array, or an element of the array in an object such as CloudTrail's
 * {@code {"Records": [...]}}, which may have other members before it. Used once, by one thread.
 */
final class LogRecordSplitter {
  /** Far longer than any record, so that a file of noise cannot fill the memory. */
  private static final int LONGEST = 1024 * 1024;

  private static final int LOOKED_AT = 4096;

  private static final String TEXT = "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"";

  /** A member before the array, such as a count. */
  private static final String SCALAR = TEXT + "\\s*:\\s*(?:" + TEXT + "|[A-Za-z0-9.+-]++)\\s*,\\s*";

  /** The objects around the arrays of CloudTrail, of its lookup, of Azure and of GitHub. */
  private static final Pattern IN_ARRAYS =
      Pattern.compile(
          "\\s*(\\{\\s*(?:"
              + SCALAR
              + ")*+\"(Records|Events|records|value|workflow_runs)\"\\s*:\\s*)?\\[.*",
          Pattern.DOTALL);

  private final Reader reader;
  private final Consumer<RawLogRecord> sink;
  private final char[] buffer = new char[1 << 16];
  private final StringBuilder text = new StringBuilder();
  private int at;
  private int filled;
  private long line = 1;
  private long begun = 1;
  private boolean tooLong;

  private LogRecordSplitter(Reader reader, Consumer<RawLogRecord> sink) {
    this.reader = reader;
    this.sink = sink;
  }

  /**
   * Reads to the end.
   *
   * @throws IOException if the rest cannot be read; the records before it were reported
   */
  static void read(Reader reader, Consumer<RawLogRecord> sink) throws IOException {
    LogRecordSplitter records = new LogRecordSplitter(reader, sink);
    if (IN_ARRAYS.matcher(records.head()).matches()) {
      records.elements();
    } else {
      records.lines();
    }
  }

  private String head() throws IOException {
    int read = 0;
    while (read >= 0 && filled < LOOKED_AT) {
      filled += read;
      read = reader.read(buffer, filled, buffer.length - filled);
    }
    filled += Math.max(0, read);
    return new String(buffer, 0, Math.min(filled, LOOKED_AT));
  }

  private boolean hasMore() throws IOException {
    if (at == filled) {
      at = 0;
      filled = Math.max(0, reader.read(buffer, 0, buffer.length));
    }
    return filled > 0;
  }

  private void keep(int count) {
    tooLong |= text.length() + count > LONGEST;
    if (!tooLong) {
      text.append(buffer, at, count);
    }
    at += count;
  }

  private void tell() {
    sink.accept(new RawLogRecord(begun, tooLong ? null : text.toString()));
    text.setLength(0);
    tooLong = false;
  }

  private void lines() throws IOException {
    while (hasMore()) {
      int end = at;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      keep(end - at);
      if (at < filled) {
        at++;
        line();
        line++;
        begun = line;
      }
    }
    line();
  }

  private void line() {
    if (tooLong || !text.toString().isBlank()) {
      tell();
    }
    text.setLength(0);
  }

  /** Reports each object of the outermost array and skips the text around it. */
  private void elements() throws IOException {
    int depth = 0;
    boolean inArray = false;
    boolean quoted = false;
    boolean escaped = false;
    while (hasMore()) {
      char c = buffer[at];
      line += c == '\n' ? 1 : 0;
      boolean begins = inArray && depth == 0 && c == '{';
      begun = begins ? line : begun;
      if (begins || depth > 0) {
        keep(1);
      } else {
        at++;
      }
      if (quoted) {
        quoted = escaped || c != '"';
        escaped = !escaped && c == '\\';
      } else if (c == '"') {
        quoted = true;
      } else if (begins || (depth > 0 && (c == '{' || c == '['))) {
        depth++;
      } else if (depth > 0 && (c == '}' || c == ']')) {
        depth--;
        if (depth == 0) {
          tell();
        }
      } else if (depth == 0 && (c == '[' || c == ']')) {
        inArray = c == '[';
      }
    }
    if (inArray) { // an array without an end: the file was cut short
      begun = depth > 0 ? begun : line;
      tooLong = true;
      tell();
    }
  }
}
