package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;

/** The rows of the table, each with its exceptions as clients nest them. */
class NetworkFailureTest {
  private static Throwable nested(Throwable... each) {
    for (int i = each.length - 1; i > 0; i--) {
      each[i - 1].initCause(each[i]);
    }
    return new RuntimeException(new IOException("from the client", each[0]));
  }

  private static void assertRow(NetworkFailure row, Throwable... each) {
    assertThat(NetworkFailure.of(nested(each))).as(row.name()).contains(row);
  }

  @Test
  void aBadCertificateSaysWhatIsWrongWithIt() {
    assertRow(
        NetworkFailure.CERTIFICATE_OF_ANOTHER_HOST, new SSLPeerUnverifiedException("other host"));
    assertRow(
        NetworkFailure.EXPIRED_CERTIFICATE,
        new SSLHandshakeException("no"),
        new CertificateException("validation"),
        new CertPathValidatorException("expired", new CertificateExpiredException("expired")));
    assertRow(
        NetworkFailure.UNTRUSTED_CERTIFICATE,
        new SSLHandshakeException("no"),
        new CertificateException("no path"),
        new CertPathBuilderException("no path"));
    assertRow(
        NetworkFailure.BAD_CERTIFICATE,
        new SSLHandshakeException("no"),
        new CertificateException("no name that matches"));
    assertRow(
        NetworkFailure.NO_TLS,
        new ConnectException(),
        new SSLHandshakeException("no"),
        new EOFException());
  }

  @Test
  void aConnectionThatIsNotMadeSaysWhy() {
    assertRow(
        NetworkFailure.UNKNOWN_HOST, new ConnectException(), new UnresolvedAddressException());
    assertRow(NetworkFailure.UNKNOWN_HOST, new UnknownHostException("nowhere"));
    assertRow(
        NetworkFailure.CONNECT_TIMEOUT,
        new HttpTimeoutException("late"),
        new HttpConnectTimeoutException("late"),
        new ConnectException("HTTP connect timed out"));
    assertRow(NetworkFailure.REFUSED, new ConnectException(), new ClosedChannelException());
  }

  @Test
  void aConnectionThatEndsSaysHow() {
    assertRow(NetworkFailure.TIMEOUT, new HttpTimeoutException("late"));
    assertRow(NetworkFailure.TIMEOUT, new SocketTimeoutException("late"));
    assertRow(NetworkFailure.BROKEN, new NoRouteToHostException());
  }

  @Test
  void whatTheTableDoesNotHaveIsLeftToTheStore() {
    assertThat(NetworkFailure.of(nested(new EOFException()))).isEmpty();
    assertThat(NetworkFailure.of(new IllegalStateException())).isEmpty();
  }

  @Test
  void causesThatLeadInACircleEnd() {
    IOException one = new IOException("one");
    IOException other = new IOException("other", one);
    one.initCause(other);
    assertThat(Causes.of(one)).hasSize(24).startsWith(one, other, one);
    assertThat(NetworkFailure.of(one)).isEmpty();
  }

  @Test
  void theNearestCauseOfATypeIsFound() {
    EOFException near = new EOFException();
    assertThat(Causes.find(nested(near, new EOFException()), EOFException.class)).contains(near);
    assertThat(Causes.find(nested(near), InterruptedException.class)).isEmpty();
  }
}
