package de.lifetimecircle.secrets.azure.errors;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpResponse;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.Causes;
import de.lifetimecircle.secrets.remote.NetworkFailure;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Translates every failure into the one exception of the library, once: by the status and the inner
 * code of an answer, by the cause of a failure on the way, never by the client's class (a 403
 * arrives as {@code ResourceModifiedException}), and without any text of theirs. Stateless.
 */
public final class Failures {
  public static final String SCHEME = "azure";

  private Failures() {}

  /** Runs a call; every failure names the action, the secret and the reason. */
  public static <T> T call(String action, @Nullable String name, Supplier<T> call) {
    try {
      return call.get();
    } catch (SecretException e) {
      throw e;
    } catch (Exception e) {
      throw problem(e).toException(SCHEME, action, name);
    }
  }

  /** Returns the failure for a name or a version that the vault does not have. */
  public static StoreFailure notFound() {
    return StoreFailure.of(
        Kind.NOT_FOUND, "there is no such secret", "Check the name and the vault");
  }

  /** Returns the failure of a call that took too long, with the reason in words. */
  public static StoreFailure timeout(String reason) {
    return StoreFailure.of(
        Kind.TIMEOUT,
        reason,
        "Check that the vault and the login can be reached, or raise 'timeout'");
  }

  /**
   * Returns the failure of a list of versions whose time is over.
   *
   * @param read how many entries have been read so far
   */
  public static StoreFailure listTooLong(int read) {
    return StoreFailure.of(
        Kind.TIMEOUT,
        "the vault lists 25 entries a request, and "
            + read
            + " of them, with more to come, have used up the time",
        "Raise 'timeout'");
  }

  /** Translates a failure of the client. */
  public static StoreFailure problem(Throwable thrown) {
    List<Throwable> chain = Causes.of(thrown);
    for (Throwable each : chain) {
      if (each instanceof StoreFailure known) {
        return known;
      }
      if (each instanceof InterruptedException) {
        return StoreFailure.interrupted();
      }
      HttpResponse answer = each instanceof HttpResponseException http ? http.getResponse() : null;
      if (answer != null) {
        return ServiceError.of(answer).problem().causedBy(each);
      }
    }
    StoreFailure login = LoginFailures.problem(chain);
    if (login != null) {
      return login.causedBy(thrown);
    }
    if (chain.stream().anyMatch(IOException.class::isInstance)) {
      return network(thrown);
    }
    return StoreFailure.unexpected(thrown);
  }

  /** Translates a failure on the way to the service. */
  public static StoreFailure network(Throwable thrown) {
    StoreFailure problem =
        switch (NetworkFailure.of(thrown).orElse(NetworkFailure.BROKEN)) {
          case CERTIFICATE_OF_ANOTHER_HOST,
              EXPIRED_CERTIFICATE,
              UNTRUSTED_CERTIFICATE,
              BAD_CERTIFICATE,
              NO_TLS ->
              StoreFailure.of(
                  Kind.UNAVAILABLE,
                  "TLS failed: the certificate is not one to trust for this host, or no protocol is"
                      + " shared",
                  "Check azure.vault-url and azure.authority, and name the authority with"
                      + " azure.ca-file");
          case UNKNOWN_HOST -> unreachable("the name of the host is not known");
          case CONNECT_TIMEOUT -> timeout("no connection within the time");
          case TIMEOUT -> timeout("no answer within the time");
          case REFUSED -> unreachable("no server answers at the address");
          case BROKEN -> unreachable("the connection failed before the answer was there");
        };
    return problem.causedBy(thrown);
  }

  private static StoreFailure unreachable(String reason) {
    return StoreFailure.of(
        Kind.UNAVAILABLE,
        reason,
        "Check azure.vault-url and azure.authority, the network, its firewall and azure.proxy");
  }
}
