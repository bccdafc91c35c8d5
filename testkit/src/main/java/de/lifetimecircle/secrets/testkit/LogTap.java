package de.lifetimecircle.secrets.testkit;

import java.util.Date;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sees every log record of the process, at every level; the JDK's default logging backend only. */
@OutsideTheRules
final class LogTap extends Handler {
  /** Takes the parts of log records. */
  interface Sink {
    /**
     * Takes a text or a throwable that a logger was given, with the level of {@link System.Logger}.
     */
    void accept(System.Logger.Level level, String logger, Object said);
  }

  private final Sink sink;
  private final Logger root = Logger.getLogger("");
  private final Level before;

  /**
   * Begins to listen.
   *
   * @param sink takes the level, the logger's name and a text or a throwable
   */
  private LogTap(Sink sink) {
    this.sink = sink;
    this.before = root.getLevel();
    setLevel(Level.ALL);
  }

  @SuppressWarnings("JavaUtilDate") // the records of the JDK have dates of this type
  static LogTap open(Sink sink) {
    LogTap tap = new LogTap(sink);
    // Loads what publish needs before the first record: see LeakProbe. The record of a certificate
    // has numbers and dates, whose names of time zones come from a service loader.
    LogRecord record = new LogRecord(Level.ALL, "{0} {1}");
    record.setParameters(new Object[] {1L, new Date(0)});
    String unused =
        level(Level.ALL.intValue()) + new SimpleFormatter().formatMessage(record) + new Date(0);
    tap.root.setLevel(Level.ALL);
    tap.root.addHandler(tap);
    return tap;
  }

  @Override
  public void publish(LogRecord record) {
    String logger = String.valueOf(record.getLoggerName());
    System.Logger.Level level = level(record.getLevel().intValue());
    sink.accept(level, logger, String.valueOf(record.getMessage()));
    sink.accept(level, logger, new SimpleFormatter().formatMessage(record));
    Object[] parameters = record.getParameters();
    if (parameters != null) {
      for (Object parameter : parameters) {
        sink.accept(level, logger, String.valueOf(parameter));
      }
    }
    if (record.getThrown() != null) {
      sink.accept(level, logger, record.getThrown());
    }
  }

  /** Returns the level by the names of {@link System.Logger}, which have other ones in JUL. */
  private static System.Logger.Level level(int severity) {
    System.Logger.Level found = System.Logger.Level.ALL;
    for (System.Logger.Level each : System.Logger.Level.values()) {
      if (each.getSeverity() <= severity) {
        found = each;
      }
    }
    return found;
  }

  @Override
  public void flush() {
    // Nothing is kept here.
  }

  @Override
  public void close() {
    root.removeHandler(this);
    root.setLevel(before);
  }
}
