package de.lifetimecircle.secrets.vault.errors;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.NetworkFailure;
import de.lifetimecircle.secrets.spi.StoreFailure;
import org.jspecify.annotations.Nullable;

/** The words for each failure on the way to the server. Stateless. */
public final class NetworkFailures {
  private static final String CHECK_WAY =
      "Check vault.address, the network, and that the server is up";

  private NetworkFailures() {}

  /** Returns the failure in words for what ended a request; null counts as a broken connection. */
  public static StoreFailure of(@Nullable Throwable thrown, Deadline deadline) {
    Throwable cause = thrown == null ? new IllegalStateException() : thrown;
    return inWords(NetworkFailure.of(cause).orElse(NetworkFailure.BROKEN), deadline)
        .causedBy(cause);
  }

  private static StoreFailure inWords(NetworkFailure failure, Deadline deadline) {
    return switch (failure) {
      case EXPIRED_CERTIFICATE ->
          unavailable("the server's certificate has expired", "Renew it on the server");
      case UNTRUSTED_CERTIFICATE ->
          unavailable(
              "the server's certificate comes from an authority that is not trusted",
              "Set vault.ca-file to the certificate of the authority");
      case CERTIFICATE_OF_ANOTHER_HOST, BAD_CERTIFICATE ->
          unavailable(
              "the server's certificate is not good for the host name of vault.address",
              "Use a host name that the certificate has");
      case NO_TLS ->
          unavailable(
              "no secure connection could be agreed on",
              "Check vault.address, vault.ca-file and vault.client-cert-file");
      case UNKNOWN_HOST ->
          unavailable("the host name of vault.address does not resolve", CHECK_WAY);
      case CONNECT_TIMEOUT ->
          StoreFailure.of(
              Kind.TIMEOUT, "no connection within the time", CHECK_WAY + ", or raise 'timeout'");
      case TIMEOUT -> deadline.late();
      case REFUSED -> unavailable("no server accepts connections at vault.address", CHECK_WAY);
      case BROKEN -> unavailable("the connection broke before the answer was complete", CHECK_WAY);
    };
  }

  private static StoreFailure unavailable(String reason, String advice) {
    return StoreFailure.of(Kind.UNAVAILABLE, reason, advice);
  }
}
