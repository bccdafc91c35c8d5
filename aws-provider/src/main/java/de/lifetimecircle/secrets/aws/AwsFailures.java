package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
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

/** Translates what happened before AWS could answer, by its cause. Stateless. */
final class AwsFailures {
  private AwsFailures() {}

  static SecretException translate(AwsCall call, RuntimeException e) {
    if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
      return late(call);
    }
    if (e instanceof AbortedException) {
      return late(call);
    }
    if (cause(e, AwsForeignAnswer.class).isPresent()) {
      return foreign(call);
    }
    if (cause(e, SSLException.class).isPresent()) {
      return tls(call, e);
    }
    if (cause(e, UnknownHostException.class).isPresent()) {
      return unavailable(
          call, "the host name does not resolve", "Check aws.region, aws.endpoint and the DNS");
    }
    if (cause(e, ConnectionPoolTimeoutException.class).isPresent()) {
      return call.problem(Kind.TIMEOUT, "all connections were in use", "Raise aws.max-connections");
    }
    if (cause(e, ConnectTimeoutException.class).isPresent()) {
      return call.problem(
          Kind.TIMEOUT,
          "nobody took the connection in time",
          "Check aws.endpoint, aws.proxy and the firewall");
    }
    if (cause(e, ConnectException.class).isPresent()) {
      return unavailable(
          call, "the connection was refused", "Check aws.endpoint, aws.proxy and the firewall");
    }
    if (cause(e, InterruptedIOException.class).isPresent()) {
      return late(call);
    }
    if (cause(e, IOException.class).isPresent() && !isContent(e)) {
      return unavailable(call, "the connection broke", "A later call may succeed");
    }
    return other(call, e);
  }

  private static SecretException other(AwsCall call, RuntimeException e) {
    if (e instanceof AwsNoCredentials) {
      return call.problem(
          Kind.UNAUTHENTICATED,
          "no credentials were found",
          "Set aws.profile or aws.role-arn, log in, or give this machine a role; a file that is"
              + " named in the settings must be readable");
    }
    if (e instanceof SdkClientException) {
      return foreign(call);
    }
    // Its text may hold anything; its class and place are what a report needs.
    return call.problem(
        Kind.INTERNAL,
        "an unexpected " + e.getClass().getName() + " at " + place(e),
        "Please report it");
  }

  private static SecretException foreign(AwsCall call) {
    return unavailable(
        call,
        "the answer is not one of AWS",
        "Check aws.endpoint and what stands between it and this machine");
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

  private static SecretException tls(AwsCall call, RuntimeException e) {
    if (cause(e, SSLPeerUnverifiedException.class).isPresent()) {
      return unavailable(
          call,
          "the certificate is for another host",
          "Check aws.endpoint; somebody may be listening in");
    }
    if (cause(e, CertificateException.class).isPresent()) {
      return unavailable(
          call,
          "the certificate is not trusted or has expired",
          "Set aws.ca-file if the authority is your own; else somebody may be listening in");
    }
    return unavailable(
        call, "no secure connection could be made", "Check aws.endpoint and aws.proxy");
  }

  private static SecretException late(AwsCall call) {
    return call.problem(
        Kind.TIMEOUT, "no answer came in time", "Raise the timeout, or check the network");
  }

  private static SecretException unavailable(AwsCall call, String reason, String advice) {
    return call.problem(Kind.UNAVAILABLE, reason, advice);
  }

  private static String place(RuntimeException e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length == 0 ? "an unknown place" : trace[0].toString();
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
