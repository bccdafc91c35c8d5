package de.lifetimecircle.secrets.vault.errors;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/**
 * Which of several causes names the failure on the way, in the orders in which the JDK has them.
 */
class VaultNetworkProblemsTest {

  private static final String WAY = "Check vault.address, the network, and that the server is up";

  private record Case(Kind kind, String reason, String advice, List<Throwable> nested) {
    static Case unavailable(String reason, String advice, Throwable... nested) {
      return new Case(Kind.UNAVAILABLE, reason, advice, List.of(nested));
    }
  }

  private static List<Case> cases() {
    return List.of(
        new Case(
            Kind.TIMEOUT,
            "no connection within the time",
            WAY + ", or raise 'timeout'",
            List.of(new HttpConnectTimeoutException("late"), new ConnectException("late"))),
        new Case(
            Kind.TIMEOUT,
            "no answer within 10000 ms",
            "raise 'timeout'",
            List.of(new HttpTimeoutException("late"))),
        Case.unavailable(
            "no server accepts", WAY, new ConnectException(), new ClosedChannelException()),
        Case.unavailable(
            "does not resolve", WAY, new ConnectException(), new UnresolvedAddressException()),
        Case.unavailable(
            "does not resolve", WAY, new ConnectException(), new UnknownHostException("nowhere")),
        Case.unavailable(
            "no secure connection",
            "vault.ca-file",
            new ConnectException(),
            new SSLHandshakeException("no")),
        Case.unavailable("the connection broke", WAY, new EOFException()));
  }

  @Test
  void theCauseThatKnowsMostNamesTheFailure() {
    for (Case each : cases()) {
      StoreFailure problem =
          NetworkFailures.of(nested(each.nested()), Deadline.in(Duration.ofSeconds(10)));
      assertThat(problem.kind()).as(each.reason()).isEqualTo(each.kind());
      assertThat(problem.toException("vault", "fetch secret", "A"))
          .hasMessageContaining(each.reason())
          .hasMessageContaining(each.advice());
    }
  }

  /** Each caused by the next, the whole by an exception of the client. */
  private static IOException nested(List<Throwable> throwables) {
    Throwable cause = null;
    for (int i = throwables.size() - 1; i >= 0; i--) {
      Throwable outer = throwables.get(i);
      cause = cause == null ? outer : outer.initCause(cause);
    }
    return new IOException("from the client", cause);
  }
}
