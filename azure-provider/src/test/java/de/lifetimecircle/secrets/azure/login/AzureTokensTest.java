package de.lifetimecircle.secrets.azure.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** How often a store logs in, and whose outcome a caller adopts. Each token lasts an hour. */
class AzureTokensTest {
  private static final Challenge ONE = new Challenge("one/.default", null, null);
  private static final Challenge OTHER = new Challenge("other/.default", null, null);

  private Instant now = Instant.parse("2026-03-01T03:00:00Z");
  private volatile boolean failing;
  private volatile Thread asker = Thread.currentThread();
  private volatile CountDownLatch release = new CountDownLatch(0);
  private final List<String> logins = Collections.synchronizedList(new ArrayList<>());
  private final Tokens tokens = new Tokens(Authority::new, null, () -> now);

  /** Numbers its tokens in the order in which it is asked. */
  private final class Authority implements TokenCredential {
    @Override
    public Mono<AccessToken> getToken(TokenRequestContext request) {
      return Mono.fromCallable(() -> getTokenSync(request));
    }

    @Override
    public AccessToken getTokenSync(TokenRequestContext request) {
      asker = Thread.currentThread();
      logins.add(request.getScopes().get(0));
      int number = logins.size();
      try {
        assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (failing) {
        throw new ClientAuthenticationException("no", null);
      }
      return new AccessToken(
          "token-" + number, now.plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
    }
  }

  private void pass(String time) {
    now = now.plus(Duration.parse(time));
  }

  private void awaitLogins(int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (logins.size() < count && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(logins).as("one attempt in 30 s").hasSize(count);
  }

  /** Renewals are made in the background, and a new one begins after the end of the one before. */
  private void awaitRenewal(int count) throws InterruptedException {
    awaitLogins(count);
    asker.join(60_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 50})
  void aRenewalThatFailsIsFollowedByAPause(int reads) throws InterruptedException {
    assertThat(tokens.get(ONE)).isEqualTo("token-1");
    pass("PT56M");
    failing = true;
    for (int attempt = 1; attempt <= 3; attempt++) {
      for (int i = 0; i < reads; i++) {
        assertThat(tokens.get(ONE)).isEqualTo("token-1");
      }
      awaitRenewal(1 + attempt);
      pass("PT30S");
    }
    failing = false;
    assertThat(tokens.get(ONE)).as("nobody waits").isEqualTo("token-1");
    awaitRenewal(5);
    for (int i = 0; i < reads; i++) {
      assertThat(tokens.get(ONE)).isEqualTo("token-5");
    }
    assertThat(logins).hasSize(5);
  }

  /** The failure was of an earlier login, and the one that this caller waited for went well. */
  @Test
  void aCallerAdoptsNoFailureFromBeforeTheLoginItWaitedFor() throws Exception {
    failing = true;
    assertThatThrownBy(() -> tokens.get(ONE)).isInstanceOf(RuntimeException.class);
    failing = false;
    release = new CountDownLatch(1);
    FutureTask<String> one = new FutureTask<>(() -> tokens.get(ONE));
    FutureTask<String> waiting = new FutureTask<>(() -> tokens.get(ONE));
    FutureTask<String> other = new FutureTask<>(() -> tokens.get(OTHER));
    new Thread(one).start();
    awaitLogins(2);
    Thread second = new Thread(waiting);
    second.start();
    while (second.getState() != Thread.State.WAITING && second.isAlive()) {
      Thread.onSpinWait();
    }
    new Thread(other).start();
    awaitLogins(3);
    release.countDown();
    assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo("token-2");
    assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo("token-2");
    assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo("token-3");
    assertThat(logins).containsExactly("one/.default", "one/.default", "other/.default");
  }

  /** The vault refuses a token to many threads at once. */
  @Test
  void aRefusedTokenIsReplacedOnceForAllThatWereRefusedWithIt() {
    assertThat(tokens.get(ONE)).isEqualTo("token-1");
    assertThat(tokens.renew(ONE, "token-1")).isEqualTo("token-2");
    assertThat(tokens.renew(ONE, "token-1")).isEqualTo("token-2");
    Challenge claims = new Challenge("one/.default", null, "{}");
    assertThat(tokens.renew(claims, "token-2")).isEqualTo("token-3");
    assertThat(tokens.get(ONE)).isEqualTo("token-3");
  }
}
