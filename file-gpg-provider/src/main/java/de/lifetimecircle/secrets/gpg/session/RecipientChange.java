package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.gpg.files.CallDeadline;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.session.Reencryption.Pass;
import de.lifetimecircle.secrets.gpg.session.Reencryption.Portion;
import de.lifetimecircle.secrets.spi.RecipientProgress;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes the recipients and encrypts all versions again, in many short holds of the lock. Used by
 * one thread.
 *
 * <p>Between two holds it pauses for longer than a waiting writer pauses between two attempts, so a
 * writer waits for one portion and not for the whole store. A process that is killed leaves a store
 * that everybody can read and write; the index says how far the work is.
 */
public record RecipientChange(StoreSession session, RecipientProgress progress) {

  /** How much one hold of the lock does. */
  static final Portion PORTION = new Portion(1, Duration.ofMillis(200));

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Adds a recipient, or takes its newer certificate. Returns its fingerprint. */
  public String add(PgpCertificate added) throws IOException {
    session.trust().requireWriter();
    StoreRecipients recipients = session.recipients();
    recipients.requireUsable(added);
    ReencryptionCheck check = new ReencryptionCheck(session);
    if (recipients.isChange(session.index().load(), added)) {
      check.withoutLock(progress);
    }
    session.write(
        store -> {
          recipients.add(store, added, check);
          return added;
        });
    complete();
    return added.fingerprint();
  }

  /** Removes a recipient. */
  public void remove(String fingerprint) throws IOException {
    session.trust().requireWriter();
    StoreRecipients recipients = session.recipients();
    recipients.requireRemovable(session.index().load(), fingerprint);
    ReencryptionCheck check = new ReencryptionCheck(session);
    check.withoutLock(progress);
    session.write(
        store -> {
          recipients.remove(store, fingerprint, check);
          return fingerprint;
        });
    complete();
  }

  private void complete() throws IOException {
    Pass pass = Pass.NONE;
    while (true) {
      Pass before = pass;
      pass =
          session.portion(
              CallDeadline.after(PATIENCE), store -> new Reencryption(store).run(before, PORTION));
      progress.encrypted(pass.names(), pass.total());
      if (pass.ended()) {
        return;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw StoreFailure.interrupted();
      }
    }
  }
}
