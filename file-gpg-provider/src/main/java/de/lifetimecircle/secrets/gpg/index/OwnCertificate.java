package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.gpg.config.KeySource;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.FileFacts;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the certificate of our key up to date while the store is open: an extension or a revocation
 * reaches it through the key file, or through the copy in the store that another process of ours
 * has written. Safe for use by several threads.
 *
 * <p>Neither place can remove anything, because only statements signed by the primary key are
 * added. A place that cannot be read adds nothing; opening the store, or the next write, reports
 * the reason.
 */
final class OwnCertificate {
  private final PgpIdentity identity;
  private final KeySource source;
  private final DurableFiles files;
  private @Nullable FileFacts sourceFacts;
  private byte @Nullable [] storeCopy;

  OwnCertificate(PgpIdentity identity, KeySource source, DurableFiles files) {
    this.identity = identity;
    this.source = source;
    this.files = files;
  }

  /** Returns the certificate, updated from both places. Reads a file only if it has changed. */
  synchronized PgpCertificate current() {
    try {
      readSource();
    } catch (IOException | StoreFailure | PgpFailure e) {
      StoreLog.LOG.log(System.Logger.Level.DEBUG, "Cannot read {0} again.", source);
    }
    try {
      readStoreCopy();
    } catch (IOException | StoreFailure | PgpFailure e) {
      StoreLog.LOG.log(System.Logger.Level.DEBUG, "Cannot read our certificate in the store.");
    }
    return identity.certificate();
  }

  private void readSource() throws IOException {
    FileFacts facts = FileFacts.of(source.toString(), source.file());
    // The first comparison of two records in a process loads some 80 classes of the JDK.
    if (sourceFacts == null || !facts.equals(sourceFacts)) {
      identity.learn(source.certificate());
      sourceFacts = facts;
    }
  }

  private void readStoreCopy() throws IOException {
    byte[] bytes =
        files.read(
            StoreLayout.certificate(identity.certificate().fingerprint()),
            PgpCertificate.MAX_BYTES);
    if (bytes != null && !Arrays.equals(bytes, storeCopy)) {
      identity.learn(PgpCertificate.parse(bytes));
      storeCopy = bytes;
    }
  }
}
