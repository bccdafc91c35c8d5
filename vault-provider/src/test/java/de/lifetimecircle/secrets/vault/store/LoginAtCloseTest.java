package de.lifetimecircle.secrets.vault.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.vault.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that is closed while the server makes a token for it. */
final class LoginAtCloseTest {
  private final FaultProxy vault = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final AtomicInteger logins = new AtomicInteger();
  private final CountDownLatch underWay = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final List<String> revoked = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    mayEnd.countDown();
    vault.close();
  }

  /** A server whose tokens end in a second. */
  private Answer answer(Request request, int slow) {
    if (request.target().endsWith("/revoke-self")) {
      revoked.add(request.headers().getOrDefault("x-vault-token", "none"));
      return json(200, Map.of());
    }
    if (!request.target().endsWith("/login")) {
      return json(404, Map.of("errors", List.of()));
    }
    int number = logins.incrementAndGet();
    if (number == slow) {
      underWay.countDown();
      await(mayEnd);
    }
    Map<String, ?> grant = Map.of("client_token", "token-" + number, "lease_duration", 1);
    return json(200, Map.of("auth", grant));
  }

  private static Answer json(int status, Map<String, ?> body) {
    return Answer.of(status, "application/json", Json.write(body));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(50, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private VaultStore open() {
    return new VaultStore(
        Settings.of(
            new StoreConfig(
                Map.of(
                    "address",
                    vault.uri().toString(),
                    "proxy",
                    "direct",
                    "auth",
                    "approle",
                    "role-id",
                    "r",
                    "secret-id",
                    "s"),
                name -> Optional.empty(),
                Duration.ofSeconds(30),
                InstantSource.system())));
  }

  private static Thread started(Runnable work) {
    Thread thread = new Thread(work, "login-at-close");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void fetch(VaultStore store) {
    try {
      var unused = store.fetch("a");
    } catch (SecretException e) {
      assertThat(e.kind()).isIn(SecretException.Kind.NOT_FOUND, SecretException.Kind.CLOSED);
    }
  }

  /** The first login is made by a reader, the second one in the background. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void tokenOfALoginUnderWayIsRevoked(int slow) throws Exception {
    vault.intercept(request -> answer(request, slow));
    VaultStore store = open();
    Thread reader = started(() -> fetch(store));
    await(underWay);
    Thread closing = started(store::close);
    while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
      Thread.onSpinWait();
    }
    mayEnd.countDown();
    closing.join();
    reader.join();
    assertThat(revoked).containsExactly("token-" + slow);
  }

  /** Not INTERRUPTED, as the thread that logs in for the reader is. */
  @Test
  void readerOfAProviderThatIsClosedDuringTheLoginLearnsJustThat() throws Exception {
    vault.intercept(request -> answer(request, 1));
    SecretProvider provider = SecretProvider.builder().store(open()).environment(Map.of()).build();
    FutureTask<SecretException> reading =
        new FutureTask<>(
            () -> catchThrowableOfType(SecretException.class, () -> provider.get("a")));
    Thread reader = started(reading);
    await(underWay);
    provider.close();
    SecretException seen = reading.get(50, TimeUnit.SECONDS);
    assertThat(seen.kind()).isEqualTo(SecretException.Kind.CLOSED);
    assertThat(seen).hasMessageContaining("'a': the provider is closed");
    reader.join();
  }
}
