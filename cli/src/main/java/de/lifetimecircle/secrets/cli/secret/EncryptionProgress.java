package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.spi.RecipientProgress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Prints the progress of a change of the recipients to standard error, once a second. Prints
 * nothing in the first second, and nothing without a terminal, so that logs stay short. Used by one
 * thread.
 */
final class EncryptionProgress implements RecipientProgress {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final CommandSession session;
  private final LongSupplier nanos;
  private long last;

  EncryptionProgress(CommandSession session) {
    this(session, System::nanoTime);
  }

  EncryptionProgress(CommandSession session, LongSupplier nanos) {
    this.session = session;
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  @Override
  public void checked(long done, long total) {
    report("checked %,d of %,d secrets", done, total);
  }

  @Override
  public void encrypted(long done, long total) {
    report("encrypted %,d of %,d secrets to the recipients", done, total);
  }

  private void report(String format, long done, long total) {
    long now = nanos.getAsLong();
    boolean watched = session.terminal.outputIsTerminal() || session.terminal.inputIsTerminal();
    if (watched && now - last >= PAUSE) {
      last = now;
      session.hint(String.format(Locale.ROOT, format, done, total));
    }
  }
}
