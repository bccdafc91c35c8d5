package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.bouncycastle.openpgp.PGPException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where failures of the OpenPGP library become a {@link PgpFailure}.
 *
 * <p>Malformed input makes the library throw far more than it declares: NullPointerException,
 * IllegalArgumentException, IllegalStateException and ArrayIndexOutOfBoundsException were all seen
 * when bytes of a message were flipped, and nested structures can exhaust the stack.
 */
final class BouncyCastleErrors {

  private BouncyCastleErrors() {}

  /** A step that calls the library. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws PGPException, IOException;
  }

  /** Runs the step; any failure that is not yet a {@link PgpFailure} becomes one. */
  static <T> T call(PgpFailure.Reason reason, String what, String why, Step<T> step) {
    try {
      return step.run();
    } catch (PGPException | IOException | RuntimeException | StackOverflowError e) {
      PgpFailure ours = failureWithin(e);
      if (ours != null) {
        throw ours;
      }
      throw why.isEmpty()
          ? new PgpFailure(reason, what + thrown(e), "")
          : new PgpFailure(reason, what, why + thrown(e));
    }
  }

  /** A text of the library may hold data, so only that of the file system is repeated. */
  private static String thrown(Throwable e) {
    if (e instanceof FileSystemException file) {
      return " (" + FileFailure.reason(file) + ")";
    }
    return e instanceof IOException ? "" : " (" + e.getClass().getSimpleName() + ")";
  }

  /** Returns a failure of ours that had to travel through a callback of the library. */
  private static @Nullable PgpFailure failureWithin(Throwable thrown) {
    Throwable current = thrown;
    for (int depth = 0; current != null && depth < 8; depth++) {
      if (current instanceof PgpFailure) {
        return (PgpFailure) current;
      }
      current = current.getCause();
    }
    return null;
  }
}
