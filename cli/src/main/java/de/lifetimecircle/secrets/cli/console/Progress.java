package de.lifetimecircle.secrets.cli.console;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows a person how far a long command is: a line on standard error after a second, then after
 * ever longer times. Prints nothing if no terminal is there, so that logs of machines stay short.
 * Used by one thread.
 */
public final class Progress {
  private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

  private final CommandSession session;
  private final String what;
  private final LongSupplier nanos;
  private final boolean watched;
  private long last;
  private long pause = FIRST;
  private long done;

  /**
   * Begins to count.
   *
   * @param what the counted things and the action, such as {@code files scanned}
   */
  public Progress(CommandSession session, String what) {
    this(session, what, System::nanoTime);
  }

  Progress(CommandSession session, String what, LongSupplier nanos) {
    this.session = session;
    this.what = what;
    this.nanos = nanos;
    this.watched = session.terminal.outputIsTerminal() || session.terminal.inputIsTerminal();
    this.last = nanos.getAsLong();
  }

  /** Counts one more. */
  public void advance() {
    done++;
    if (!watched) {
      return;
    }
    long now = nanos.getAsLong();
    if (now - last >= pause) {
      last = now;
      pause = Math.min(2 * pause, LONGEST);
      session.hint(String.format(Locale.ROOT, "%,d %s so far", done, what));
    }
  }
}
