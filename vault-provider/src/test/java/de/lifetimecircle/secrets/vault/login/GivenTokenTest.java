package de.lifetimecircle.secrets.vault.login;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.vault.config.Settings;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.transport.Client;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A token of the settings, whose end only the server knows. */
final class GivenTokenTest {
  private static final Duration CALL = Duration.ofMillis(500);

  private final FaultProxy vault = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final AtomicInteger lookups = new AtomicInteger();
  private final CountDownLatch renewed = new CountDownLatch(1);

  @AfterEach
  void close() {
    vault.close();
  }

  private static Answer json(int status, Map<String, ?> body) {
    return Answer.of(status, "application/json", Json.write(body));
  }

  /** A server that is sealed when it is asked first, and knows a token that ends in a second. */
  private Answer answer(Request request) {
    if (request.target().endsWith("/renew-self")) {
      renewed.countDown();
      return json(
          200,
          Map.of("auth", Map.of("client_token", "t", "renewable", true, "lease_duration", 600)));
    }
    return lookups.incrementAndGet() == 1
        ? json(503, Map.of("errors", List.of("Vault is sealed")))
        : json(200, Map.of("data", Map.of("renewable", true, "ttl", 1)));
  }

  @Test
  void isRenewedThoughTheServerDidNotAnswerTheFirstLookUp() throws Exception {
    vault.intercept(this::answer);
    Settings settings =
        Settings.of(
            new StoreConfig(
                Map.of("address", vault.uri().toString(), "token", "t", "proxy", "direct"),
                name -> Optional.empty(),
                CALL,
                InstantSource.system()));
    try (Client client = new Client(settings.server());
        Session session = new Session(client, settings.login(), CALL)) {
      assertThat(session.token(Deadline.in(Duration.ofSeconds(30)))).isEqualTo("t");
      assertThat(renewed.await(50, TimeUnit.SECONDS)).as("the token is renewed").isTrue();
      assertThat(lookups).hasValueGreaterThan(1);
    }
  }
}
