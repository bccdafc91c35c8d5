package de.lifetimecircle.secrets.remote;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The reason why a request got no answer, as far as the types of the exceptions tell: one table of
 * the exceptions of the JDK, of its HTTP client and of clients over its sockets. The store chooses
 * kind, reason and advice for each row, because only the store knows the names of its settings.
 *
 * <pre>{@code
 * throw switch (NetworkFailure.of(thrown).orElse(NetworkFailure.BROKEN)) {
 *   case UNKNOWN_HOST -> StoreFailure.of(Kind.UNAVAILABLE, "the host is unknown", "Check my.url");
 *   case TIMEOUT -> StoreFailure.of(Kind.TIMEOUT, "no answer came in time", "Raise 'timeout'");
 *   default -> StoreFailure.of(Kind.UNAVAILABLE, "the connection failed", null);
 * };
 * }</pre>
 *
 * <p>A client nests exceptions, and the first row counts that has one of them. So the row that
 * knows most comes first: a failed handshake before the connection that it ends, a connection that
 * came too late before the {@link ConnectException} that the JDK's client gives as its cause.
 */
public enum NetworkFailure {
  /** The certificate is good, and for another host. */
  CERTIFICATE_OF_ANOTHER_HOST,
  /** The certificate, or one above it, has expired. */
  EXPIRED_CERTIFICATE,
  /** No trusted authority stands above the certificate. */
  UNTRUSTED_CERTIFICATE,
  /** Something else is wrong with the certificate; for the JDK's client, most often its host. */
  BAD_CERTIFICATE,
  /** The two sides agreed on no secure connection. */
  NO_TLS,
  /** The name of the host does not resolve. */
  UNKNOWN_HOST,
  /** The host did not accept the connection in time. */
  CONNECT_TIMEOUT,
  /** The connection stands, and no answer came in time. */
  TIMEOUT,
  /** The host accepts no connection at this port. */
  REFUSED,
  /** The connection ended before the answer was complete. */
  BROKEN;

  /**
   * Finds the row of a failure.
   *
   * @param thrown the exception as it was caught
   * @return the first row that has the type of the exception or of one of its causes; empty if none
   *     has, which leaves an I/O failure without a known reason, or no failure of the network
   */
  public static Optional<NetworkFailure> of(Throwable thrown) {
    List<Throwable> causes = Causes.of(thrown);
    return Stream.of(values()).filter(row -> causes.stream().anyMatch(row::has)).findFirst();
  }

  private boolean has(Throwable each) {
    return switch (this) {
      case CERTIFICATE_OF_ANOTHER_HOST -> each instanceof SSLPeerUnverifiedException;
      case EXPIRED_CERTIFICATE -> each instanceof CertificateExpiredException;
      case UNTRUSTED_CERTIFICATE -> each instanceof CertPathBuilderException;
      case BAD_CERTIFICATE -> each instanceof CertificateException;
      case NO_TLS -> each instanceof SSLException;
      case UNKNOWN_HOST ->
          each instanceof UnknownHostException || each instanceof UnresolvedAddressException;
      case CONNECT_TIMEOUT -> each instanceof HttpConnectTimeoutException;
      case TIMEOUT ->
          each instanceof HttpTimeoutException || each instanceof InterruptedIOException;
      case REFUSED -> each instanceof ConnectException;
      case BROKEN -> each instanceof SocketException;
    };
  }
}
