package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Explains a failure on the way to the server by the types of the exceptions. Stateless. */
final class VaultNetworkProblems {
  private static final String CHECK_WAY =
      "Check vault.address, the network, and that the server is up";

  private VaultNetworkProblems() {}

  static StoreFailure of(@Nullable Throwable thrown, VaultDeadline deadline) {
    Throwable cause = thrown == null ? new IllegalStateException() : thrown;
    if (has(cause, SSLException.class) || has(cause, CertificateException.class)) {
      return tls(cause).causedBy(cause);
    }
    if (has(
        cause, HttpConnectTimeoutException.class)) { // before the ConnectException that caused it
      return StoreFailure.of(
              Kind.TIMEOUT, "no connection within the time", CHECK_WAY + ", or raise 'timeout'")
          .causedBy(cause);
    }
    if (has(cause, HttpTimeoutException.class)) {
      return deadline.late();
    }
    if (has(cause, UnresolvedAddressException.class) || has(cause, UnknownHostException.class)) {
      return unavailable("the host name of vault.address does not resolve", CHECK_WAY)
          .causedBy(cause);
    }
    if (has(cause, ConnectException.class)) {
      return unavailable("no server accepts connections at vault.address", CHECK_WAY)
          .causedBy(cause);
    }
    return unavailable("the connection broke before the answer was complete", CHECK_WAY)
        .causedBy(cause);
  }

  private static StoreFailure tls(Throwable thrown) {
    if (has(thrown, CertificateExpiredException.class)) {
      return unavailable("the server's certificate has expired", "Renew it on the server");
    }
    if (has(thrown, CertPathBuilderException.class)) {
      return unavailable(
          "the server's certificate comes from an authority that is not trusted",
          "Set vault.ca-file to the certificate of the authority");
    }
    if (has(thrown, CertificateException.class)) {
      return unavailable(
          "the server's certificate is not good for the host name of vault.address",
          "Use a host name that the certificate has");
    }
    return unavailable(
        "no secure connection could be agreed on",
        "Check vault.address, vault.ca-file and vault.client-cert-file");
  }

  private static StoreFailure unavailable(String reason, String advice) {
    return StoreFailure.of(Kind.UNAVAILABLE, reason, advice);
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < 20; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
      depth++;
    }
    return false;
  }
}
