package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.agent.rules.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps a program that is denied again and again from filling the audit log. The first denial is a
 * line at once. Equal ones within the next minute are counted, and the count is a second line. A
 * user who is denied in more than 60 ways within a minute, such as for names that he guesses, gets
 * one line with the count of all the others. So each denial is in a line or in a count. Everything
 * else is written as it comes.
 *
 * <p>Safe for use by several threads: the counts are guarded by this object's monitor, and lines
 * are written outside it.
 */
public final class ThrottledDenialLog {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  /** How many lines a user may cause in a minute, besides the one for all others. */
  static final int LINES = 60;

  private final ReadLog log;
  private final LongSupplier clock;

  /** By user; guarded by the monitor. */
  private final Map<String, Minute> minutes = new HashMap<>();

  /**
   * Writes to that log.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  public ThrottledDenialLog(ReadLog log, LongSupplier clock) {
    this.log = log;
    this.clock = clock;
  }

  /** The denials of one user since his first one; those that have a line already do not count. */
  private record Minute(long began, Map<ReadLog.Denial, Long> uncounted) {}

  /** Writes an answer or a failure as it comes. */
  public void write(ReadEvent event) {
    log.write(event);
  }

  /** Notes that the rules denied a request. */
  void denied(String operation, Caller caller, String principal, String name) {
    writeDue();
    ReadLog.Denial denial = ReadLog.Denial.of(operation, caller, principal, name);
    if (isFirst(denial)) {
      log.write(
          new ReadEvent(operation, caller, principal, name, Optional.empty(), denial.outcome()));
    }
  }

  private synchronized boolean isFirst(ReadLog.Denial denial) {
    Map<ReadLog.Denial, Long> known =
        minutes
            .computeIfAbsent(denial.user(), any -> new Minute(clock.getAsLong(), new HashMap<>()))
            .uncounted();
    if (known.containsKey(denial)) {
      known.merge(denial, 1L, Long::sum);
      return false;
    }
    if (known.size() < LINES) {
      known.put(denial, 0L);
      return true;
    }
    known.merge(denial.ofOthers(), 1L, Long::sum);
    return false;
  }

  /** Writes the counts whose minute is over; called about once a second. */
  public void writeDue() {
    long now = clock.getAsLong();
    write(taken(now - MINUTE));
  }

  /** Writes all counts, at the end of the agent. */
  public void writeAll() {
    write(taken(clock.getAsLong()));
  }

  private void write(Map<ReadLog.Denial, Long> counts) {
    counts.forEach(log::repeated);
  }

  /** Takes out the counts of the minutes that began at that time or before. */
  private synchronized Map<ReadLog.Denial, Long> taken(long last) {
    Map<ReadLog.Denial, Long> counts = new LinkedHashMap<>();
    minutes
        .values()
        .removeIf(
            minute -> {
              boolean isOver = minute.began() - last <= 0;
              if (isOver) {
                counts.putAll(minute.uncounted());
              }
              return isOver;
            });
    counts.values().removeIf(count -> count == 0);
    return counts;
  }
}
