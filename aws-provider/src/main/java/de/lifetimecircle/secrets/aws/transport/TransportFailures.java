package de.lifetimecircle.secrets.aws.transport;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.config.Service;
import de.lifetimecircle.secrets.aws.config.Settings.Endpoint;
import de.lifetimecircle.secrets.aws.errors.ProxyRefusal;
import de.lifetimecircle.secrets.aws.errors.UnexpectedResponse;
import de.lifetimecircle.secrets.remote.Causes;
import de.lifetimecircle.secrets.remote.NetworkFailure;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.Optional;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.thirdparty.jackson.core.JsonProcessingException;

/** Translates failures before AWS could answer, by their causes. Stateless. */
public final class TransportFailures {
  private TransportFailures() {}

  /** Translates a network failure on the way to a service; empty for any other failure. */
  public static Optional<StoreFailure> of(RuntimeException e, Endpoint endpoint, Service service) {
    String setting = endpoint.named().isPresent() ? endpoint.from() : "aws." + service.key();
    Optional<StoreFailure> network = ofNetwork(e, setting);
    if (network.isPresent()) {
      return network;
    }
    if (has(e, IOException.class) && !isContent(e)) {
      return Optional.of(broken());
    }
    return e instanceof SdkClientException ? Optional.of(foreign(setting)) : Optional.empty();
  }

  /**
   * Translates a network failure; empty for any other failure.
   *
   * @param setting the setting that names the address
   */
  public static Optional<StoreFailure> ofNetwork(RuntimeException e, String setting) {
    if (e instanceof ApiCallTimeoutException
        || e instanceof ApiCallAttemptTimeoutException
        || e instanceof AbortedException) {
      return Optional.of(late());
    }
    Optional<ProxyRefusal> proxy = Causes.find(e, ProxyRefusal.class);
    if (proxy.isPresent()) {
      return proxy.map(ProxyRefusal::failure);
    }
    if (has(e, UnexpectedResponse.class)) {
      return Optional.of(foreign(setting));
    }
    if (has(e, ConnectionPoolTimeoutException.class)) {
      return Optional.of(
          StoreFailure.of(
              Kind.TIMEOUT, "all connections were in use", "Raise aws.max-connections"));
    }
    // Apache's client has a type of its own for it.
    Optional<NetworkFailure> found =
        has(e, ConnectTimeoutException.class)
            ? Optional.of(NetworkFailure.CONNECT_TIMEOUT)
            : NetworkFailure.of(e);
    return found.map(failure -> inWords(failure, setting));
  }

  private static StoreFailure inWords(NetworkFailure failure, String setting) {
    String way = "Check " + setting + ", aws.proxy and the firewall";
    return switch (failure) {
      case CERTIFICATE_OF_ANOTHER_HOST ->
          unavailable(
              "the certificate is for another host",
              "Check " + setting + "; another party may be intercepting the connection");
      case EXPIRED_CERTIFICATE, UNTRUSTED_CERTIFICATE, BAD_CERTIFICATE ->
          unavailable(
              "the certificate is not trusted or has expired",
              "Set aws.ca-file or AWS_CA_BUNDLE if the authority is your own; otherwise another"
                  + " party may be intercepting the connection");
      case NO_TLS ->
          unavailable("no secure connection could be made", "Check " + setting + " and aws.proxy");
      case UNKNOWN_HOST ->
          unavailable(
              "the host name does not resolve",
              "Check " + setting + ", aws.region and the DNS; not every region has FIPS endpoints");
      case CONNECT_TIMEOUT ->
          StoreFailure.of(Kind.TIMEOUT, "the connection was not accepted in time", way);
      case TIMEOUT -> late();
      case REFUSED -> unavailable("the connection was refused", way);
      case BROKEN -> broken();
    };
  }

  private static StoreFailure broken() {
    return unavailable("the connection broke", "A later call may succeed");
  }

  private static StoreFailure foreign(String setting) {
    return StoreFailure.of(
        Kind.UNAVAILABLE,
        "the answer is not one of AWS",
        "Check " + setting + " and any proxy between it and this machine");
  }

  /** The reader of the JSON fails with an IOException of its own. */
  private static boolean isContent(RuntimeException e) {
    return has(e, JsonProcessingException.class);
  }

  private static StoreFailure late() {
    return StoreFailure.of(
        Kind.TIMEOUT, "no answer came in time", "Raise the timeout, or check the network");
  }

  private static StoreFailure unavailable(String reason, String advice) {
    return StoreFailure.of(Kind.UNAVAILABLE, reason, advice);
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    return Causes.find(e, type).isPresent();
  }
}
