package de.lifetimecircle.secrets.examples.plain;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Translates errors of the file system into the library's exception, once. Stateless. */
final class PlainErrors {
  private PlainErrors() {}

  /** A call of the file system. */
  interface Call<T> {
    T run() throws IOException;
  }

  /** Runs a call; each failure names the action, the secret and the reason. */
  static <T> T call(String action, String name, Call<T> call) {
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw StoreFailure.interrupted();
      }
      return call.run();
    } catch (StoreFailure e) {
      throw of(e, action, name);
    } catch (IOException e) {
      throw of(failure(e).causedBy(e), action, name);
    }
  }

  private static StoreFailure failure(IOException e) {
    if (e instanceof NoSuchFileException) {
      return StoreFailure.of(
          Kind.NOT_FOUND, "there is no such secret", "Check the name, or put it first");
    }
    if (e instanceof AccessDeniedException) {
      return StoreFailure.of(
          Kind.ACCESS_DENIED, "its file may not be opened", "Give this user the right");
    }
    return e instanceof ClosedByInterruptException
        ? StoreFailure.interrupted()
        : StoreFailure.of(Kind.UNAVAILABLE, "the file system failed", null);
  }

  static SecretException failure(Kind kind, String action, String name, String reason) {
    return of(StoreFailure.of(kind, reason, null), action, name);
  }

  static SecretException unsupported(String action, String name) {
    return failure(Kind.UNSUPPORTED, action, name, "plain files cannot do that");
  }

  private static SecretException of(StoreFailure failure, String action, String name) {
    @Nullable String shown = name.isEmpty() ? null : name;
    return failure.toException(PlainStoreFactory.SCHEME, action, shown);
  }
}
