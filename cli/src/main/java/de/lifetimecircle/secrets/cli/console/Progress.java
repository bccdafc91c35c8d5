package de.lifetimecircle.secrets.cli.console;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows a person how far a long command is, and how much is left: a line that the next one
 * replaces, each second. Prints nothing if standard error is no terminal, so that logs of machines
 * stay short. Used by one thread.
 */
public final class Progress {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** The first few things take longer: connections are opened, and code is loaded. */
  private static final long TOO_SOON = TimeUnit.SECONDS.toNanos(5);

  private static final long UNKNOWN = 0;

  private final CommandSession session;
  private final LongSupplier nanos;
  private final boolean watched;
  private String what;
  private long began;
  private long base;
  private long last;
  private long done;
  private long total = UNKNOWN;

  /**
   * Begins to count.
   *
   * @param what the counted things and the action, such as {@code files scanned}
   */
  public Progress(CommandSession session, String what) {
    this(session, what, System::nanoTime);
  }

  /** Begins to count by a clock of a test. */
  public Progress(CommandSession session, String what, LongSupplier nanos) {
    this.session = session;
    this.what = what;
    this.nanos = nanos;
    this.watched = session.terminal.errorIsTerminal();
    this.last = nanos.getAsLong();
    this.began = last;
  }

  /** Returns whether a person watches: only then is it worth the time to count what is left. */
  public boolean isWatched() {
    return watched;
  }

  /** Adds to the number of things that there are, as far as it is known. */
  public void expect(long more) {
    total += more;
  }

  /** Counts one more. */
  public void advance() {
    done++;
    report();
  }

  /** Sets how many of how many are done. */
  public void at(long nowDone, long ofAll) {
    at(what, nowDone, ofAll);
  }

  /** Sets how many of how many are done; another kind of things begins another count. */
  public void at(String things, long nowDone, long ofAll) {
    if (!things.equals(what)) {
      what = things;
      began = nanos.getAsLong();
      base = nowDone;
    }
    done = nowDone;
    total = ofAll;
    report();
  }

  private void report() {
    if (!watched) {
      return;
    }
    long now = nanos.getAsLong();
    if (now - last >= PAUSE) {
      last = now;
      session.terminal.progress("secrets: " + text(now - began));
    }
  }

  private String text(long took) {
    if (total < done || total == UNKNOWN) { // more came while it worked
      return Counted.number(done) + " " + what + " so far";
    }
    String text = Counted.number(done) + " of " + Counted.number(total) + " " + what;
    return done == total || done <= base || took < TOO_SOON
        ? text
        : text + ", about " + left((double) took / (done - base) * (total - done)) + " left";
  }

  private static String left(double remaining) {
    long seconds = (long) Math.ceil(remaining / TimeUnit.SECONDS.toNanos(1));
    if (seconds <= TimeUnit.MINUTES.toSeconds(2)) {
      return seconds + " s";
    }
    long minutes = (seconds + 59) / 60;
    return minutes <= TimeUnit.HOURS.toMinutes(2) ? minutes + " min" : (minutes + 59) / 60 + " h";
  }
}
