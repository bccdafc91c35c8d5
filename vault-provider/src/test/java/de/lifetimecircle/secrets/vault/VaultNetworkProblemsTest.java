package de.lifetimecircle.secrets.vault;

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

  @Test
  void theCauseThatKnowsMostNamesTheFailure() {
    record Case(Kind kind, String reason, String advice, List<Throwable> nested) {}
    String way = "Check vault.address, the network, and that the server is up";
    String raise = way + ", or raise 'timeout'";
    List<Case> cases =
        List.of(
            new Case(
                Kind.TIMEOUT,
                "no connection within the time",
                raise,
                List.of(
                    new HttpConnectTimeoutException("HTTP connect timed out"),
                    new ConnectException("HTTP connect timed out"))),
            new Case(
                Kind.TIMEOUT,
                "no answer within 10000 ms",
                "raise 'timeout'",
                List.of(new HttpTimeoutException("request timed out"))),
            new Case(
                Kind.UNAVAILABLE,
                "no server accepts connections",
                way,
                List.of(new ConnectException(), new ClosedChannelException())),
            new Case(
                Kind.UNAVAILABLE,
                "does not resolve",
                way,
                List.of(new ConnectException(), new UnresolvedAddressException())),
            new Case(
                Kind.UNAVAILABLE,
                "does not resolve",
                way,
                List.of(new ConnectException(), new UnknownHostException("nowhere"))),
            new Case(
                Kind.UNAVAILABLE,
                "no secure connection",
                "vault.ca-file",
                List.of(new ConnectException(), new SSLHandshakeException("no"))),
            new Case(Kind.UNAVAILABLE, "the connection broke", way, List.of(new EOFException())));
    for (Case each : cases) {
      StoreFailure problem =
          VaultNetworkProblems.of(nested(each.nested()), VaultDeadline.in(Duration.ofSeconds(10)));
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
