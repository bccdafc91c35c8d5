package de.lifetimecircle.secrets.azure.errors;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/**
 * Which of several causes names the failure on the way, in the orders in which clients nest them.
 */
class AzureNetworkTest {

  /** Each caused by the next, the whole by a client's own exception. */
  private static StoreFailure problem(Throwable... nested) {
    Throwable cause = null;
    for (int i = nested.length - 1; i >= 0; i--) {
      cause = cause == null ? nested[i] : nested[i].initCause(cause);
    }
    return Failures.problem(new RuntimeException(new IOException("from the client", cause)));
  }

  @Test
  void connectTimeoutIsATimeoutThoughItsCauseIsAConnectException() {
    ConnectException ofTheJdk = new ConnectException("HTTP connect timed out");
    StoreFailure problem = problem(new HttpConnectTimeoutException("timed out"), ofTheJdk);
    assertThat(problem.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(problem.toException("azure", "get secret", "A"))
        .hasMessageContaining("no connection within the time")
        .hasMessageContaining("'timeout'");
  }

  @Test
  void theInnermostCauseNamesTheFailureElse() {
    record Case(Kind kind, String reason, List<Throwable> nested) {}
    List<Case> cases =
        List.of(
            new Case(Kind.TIMEOUT, "no answer", List.of(new HttpTimeoutException("late"))),
            new Case(Kind.UNAVAILABLE, "no server answers", List.of(new ConnectException())),
            new Case(
                Kind.UNAVAILABLE,
                "no server answers",
                List.of(new ConnectException(), new ClosedChannelException())),
            new Case(
                Kind.UNAVAILABLE,
                "name of the host",
                List.of(new ConnectException(), new UnresolvedAddressException())),
            new Case(
                Kind.UNAVAILABLE,
                "name of the host",
                List.of(new ConnectException(), new UnknownHostException("nowhere"))),
            new Case(
                Kind.UNAVAILABLE,
                "TLS failed",
                List.of(new ConnectException(), new SSLHandshakeException("no"))),
            new Case(
                Kind.TIMEOUT,
                "no connection",
                List.of(
                    new HttpTimeoutException("late"), new HttpConnectTimeoutException("late"))));
    for (Case each : cases) {
      StoreFailure problem = problem(each.nested().toArray(Throwable[]::new));
      assertThat(problem.kind()).as(each.reason()).isEqualTo(each.kind());
      assertThat(problem.toException("azure", "get secret", "A"))
          .hasMessageContaining(each.reason());
    }
  }
}
