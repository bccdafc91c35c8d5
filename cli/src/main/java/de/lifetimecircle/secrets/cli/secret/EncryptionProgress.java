package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.Progress;
import de.lifetimecircle.secrets.spi.RecipientProgress;

/** Shows a person how far a change of the recipients is; see {@link Progress}. */
record EncryptionProgress(Progress progress) implements RecipientProgress {
  static final String CHECKED = "secrets checked";

  @Override
  public void checked(long done, long total) {
    progress.at(CHECKED, done, total);
  }

  @Override
  public void encrypted(long done, long total) {
    progress.at("secrets encrypted to the recipients", done, total);
  }
}
