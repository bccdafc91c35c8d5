package de.lifetimecircle.secrets.gpg.openpgp;

import static de.lifetimecircle.secrets.gpg.openpgp.PgpFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.bouncycastle.openpgp.PGPException;
import org.junit.jupiter.api.Test;

/** What a message repeats of a failure of the OpenPGP library or the file system. */
class BouncyCastleErrorsTest {

  @Test
  void onlyTheFileSystemsReasonIsRepeated() {
    record Case(Exception thrown, String message) {}
    for (Case each :
        List.of(
            new Case(new AccessDeniedException("/keys"), "Cannot read key (permission denied)"),
            new Case(new IOException("c4n4ry"), "Cannot read key"),
            new Case(new EOFException("c4n4ry"), "Cannot read key"),
            new Case(new PGPException("c4n4ry"), "Cannot read key (PGPException)"),
            new Case(
                new IllegalStateException("c4n4ry"), "Cannot read key (IllegalStateException)"))) {
      PgpFailure failure =
          assertFails(
              PgpFailure.Reason.DAMAGED,
              () ->
                  BouncyCastleErrors.call(
                      PgpFailure.Reason.DAMAGED, "read key", "", () -> failing(each.thrown())));
      assertThat(failure).hasMessage(each.message());
    }
  }

  private static Object failing(Exception thrown) throws PGPException, IOException {
    if (thrown instanceof IOException io) {
      throw io;
    }
    if (thrown instanceof PGPException pgp) {
      throw pgp;
    }
    throw (RuntimeException) thrown;
  }
}
