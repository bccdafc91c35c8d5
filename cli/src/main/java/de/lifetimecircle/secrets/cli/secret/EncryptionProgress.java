package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.spi.RecipientProgress;
import java.util.function.LongSupplier;

/** Shows a person how far a change of the recipients is; see {@link Progress}. */
final class EncryptionProgress implements RecipientProgress {
  private static final String CHECKED = "secrets checked";

  private final Progress progress;

  EncryptionProgress(CommandSession session) {
    this(session, System::nanoTime);
  }

  EncryptionProgress(CommandSession session, LongSupplier nanos) {
    this.progress = new Progress(session, CHECKED, nanos);
  }

  @Override
  public void checked(long done, long total) {
    progress.at(CHECKED, done, total);
  }

  @Override
  public void encrypted(long done, long total) {
    progress.at("secrets encrypted to the recipients", done, total);
  }
}
