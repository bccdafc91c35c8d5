package de.lifetimecircle.secrets.testkit;

import java.util.function.BiConsumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sees every log record of the process, at every level; the JDK's default logging backend only. */
@OutsideTheRules
final class LogTap extends Handler {
  private final BiConsumer<String, Object> sink;
  private final Logger root = Logger.getLogger("");
  private final Level before;

  /**
   * Begins to listen.
   *
   * @param sink takes the logger's name and a text or a throwable
   */
  private LogTap(BiConsumer<String, Object> sink) {
    this.sink = sink;
    this.before = root.getLevel();
    setLevel(Level.ALL);
  }

  static LogTap open(BiConsumer<String, Object> sink) {
    LogTap tap = new LogTap(sink);
    tap.root.setLevel(Level.ALL);
    tap.root.addHandler(tap);
    return tap;
  }

  @Override
  public void publish(LogRecord record) {
    String logger = String.valueOf(record.getLoggerName());
    sink.accept(logger, String.valueOf(record.getMessage()));
    sink.accept(logger, new SimpleFormatter().formatMessage(record));
    Object[] parameters = record.getParameters();
    if (parameters != null) {
      for (Object parameter : parameters) {
        sink.accept(logger, String.valueOf(parameter));
      }
    }
    if (record.getThrown() != null) {
      sink.accept(logger, record.getThrown());
    }
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
