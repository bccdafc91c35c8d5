package de.lifetimecircle.secrets.examples.plain;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Turns what the file system says into the one exception of the library, once. Stateless. */
final class PlainErrors {
  private PlainErrors() {}

  /** A call of the file system. */
  interface Call<T> {
    T run() throws IOException;
  }

  /** Runs a call; each failure comes out with what was wanted, of which name, and why. */
  static <T> T call(String action, String name, Call<T> call) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(Kind.INTERRUPTED, action, name, "the thread was interrupted").build();
    }
    try {
      return call.run();
    } catch (NoSuchFileException e) {
      throw failure(Kind.NOT_FOUND, action, name, "there is no such secret")
          .advice("Check the name, or put it first")
          .build();
    } catch (AccessDeniedException e) {
      throw failure(Kind.ACCESS_DENIED, action, name, "its file may not be opened")
          .advice("Give this user the right")
          .cause(e)
          .build();
    } catch (ClosedByInterruptException e) {
      throw failure(Kind.INTERRUPTED, action, name, "the thread was interrupted").cause(e).build();
    } catch (IOException e) {
      throw failure(Kind.UNAVAILABLE, action, name, "the file system failed").cause(e).build();
    }
  }

  static SecretException.Builder failure(Kind kind, String action, String name, String reason) {
    SecretException.Builder builder =
        SecretException.of(kind, action).scheme(PlainStoreFactory.SCHEME).reason(reason);
    return name.isEmpty() ? builder : builder.name(name);
  }

  static SecretException unsupported(String action, String name) {
    return failure(Kind.UNSUPPORTED, action, name, "plain files cannot do that").build();
  }
}
