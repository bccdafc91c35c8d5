package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.AwsConfig.Endpoint;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Translates failures before AWS could answer, by their causes. Stateless. */
final class AwsFailures {
  private AwsFailures() {}

  static SecretException translate(AwsCall call, RuntimeException e) {
    Optional<AwsLoginFailure> login = cause(e, AwsLoginFailure.class);
    if (login.isPresent()) {
      return call.of(login.get().failure());
    }
    Optional<StoreFailure> trouble = of(e, call.config().endpoint(), AwsService.SECRETS_MANAGER);
    if (trouble.isPresent()) {
      return call.of(trouble.get());
    }
    // Its text may hold anything; its class and place are what a report needs.
    return call.problem(
        Kind.INTERNAL,
        "an unexpected " + e.getClass().getName() + " at " + place(e),
        "Please report it");
  }

  /** Translates a network failure on the way to a service; empty for any other failure. */
  static Optional<StoreFailure> of(RuntimeException e, Endpoint endpoint, AwsService service) {
    String setting = endpoint.named().isPresent() ? endpoint.from() : "aws." + service.key();
    Optional<StoreFailure> network = ofNetwork(e, setting);
    if (network.isPresent()) {
      return network;
    }
    if (has(e, IOException.class) && !isContent(e)) {
      return broken();
    }
    return e instanceof SdkClientException ? Optional.of(foreign(setting)) : Optional.empty();
  }

  /**
   * Translates a network failure; empty for any other failure.
   *
   * @param setting the setting that names the address
   */
  static Optional<StoreFailure> ofNetwork(RuntimeException e, String setting) {
    if (e instanceof ApiCallTimeoutException
        || e instanceof ApiCallAttemptTimeoutException
        || e instanceof AbortedException) {
      return Optional.of(late());
    }
    Optional<AwsProxyRefusal> proxy = cause(e, AwsProxyRefusal.class);
    if (proxy.isPresent()) {
      return proxy.map(AwsProxyRefusal::failure);
    }
    if (has(e, AwsForeignAnswer.class)) {
      return Optional.of(foreign(setting));
    }
    if (has(e, SSLException.class)) {
      return Optional.of(tls(e, setting));
    }
    if (has(e, UnknownHostException.class)) {
      return unavailable(
          "the host name does not resolve",
          "Check " + setting + ", aws.region and the DNS; not every region has FIPS endpoints");
    }
    if (has(e, ConnectionPoolTimeoutException.class)) {
      return Optional.of(
          StoreFailure.of(
              Kind.TIMEOUT, "all connections were in use", "Raise aws.max-connections"));
    }
    String way = "Check " + setting + ", aws.proxy and the firewall";
    if (has(e, ConnectTimeoutException.class)) {
      return Optional.of(
          StoreFailure.of(Kind.TIMEOUT, "the connection was not accepted in time", way));
    }
    if (has(e, ConnectException.class)) {
      return unavailable("the connection was refused", way);
    }
    if (has(e, InterruptedIOException.class)) {
      return Optional.of(late());
    }
    return has(e, SocketException.class) ? broken() : Optional.empty();
  }

  private static Optional<StoreFailure> broken() {
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
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof IOException && t.getClass().getName().contains("jackson")) {
        return true;
      }
    }
    return false;
  }

  private static StoreFailure tls(RuntimeException e, String setting) {
    if (has(e, SSLPeerUnverifiedException.class)) {
      return StoreFailure.of(
          Kind.UNAVAILABLE,
          "the certificate is for another host",
          "Check " + setting + "; somebody may be intercepting the connection");
    }
    if (has(e, CertificateException.class)) {
      return StoreFailure.of(
          Kind.UNAVAILABLE,
          "the certificate is not trusted or has expired",
          "Set aws.ca-file or AWS_CA_BUNDLE if the authority is your own; otherwise somebody may be"
              + " intercepting the connection");
    }
    return StoreFailure.of(
        Kind.UNAVAILABLE,
        "no secure connection could be made",
        "Check " + setting + " and aws.proxy");
  }

  private static StoreFailure late() {
    return StoreFailure.of(
        Kind.TIMEOUT, "no answer came in time", "Raise the timeout, or check the network");
  }

  private static Optional<StoreFailure> unavailable(String reason, String advice) {
    return Optional.of(StoreFailure.of(Kind.UNAVAILABLE, reason, advice));
  }

  private static String place(RuntimeException e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length == 0 ? "an unknown place" : trace[0].toString();
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    return cause(e, type).isPresent();
  }

  private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }
}
