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
  private volatile CountDownLatch release = new CountDownLatch(0);
  private final List<String> logins = Collections.synchronizedList(new ArrayList<>());
  private final Tokens tokens = new Tokens(Authority::new, null, () -> now, Duration.ofSeconds(60));

  /** Numbers its tokens in the order in which it is asked. */
  private final class Authority implements TokenCredential {
    @Override
    public Mono<AccessToken> getToken(TokenRequestContext request) {
      return Mono.fromCallable(() -> getTokenSync(request));
    }

    @Override
    public AccessToken getTokenSync(TokenRequestContext request) {
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 50})
  void aRenewalThatFailsIsFollowedByAPause(int reads) {
    assertThat(tokens.get(ONE)).isEqualTo("token-1");
    pass("PT56M");
    failing = true;
    for (int attempt = 1; attempt <= 3; attempt++) {
      for (int i = 0; i < reads; i++) {
        assertThat(tokens.get(ONE)).isEqualTo("token-1");
      }
      assertThat(logins).as("one attempt in 30 s").hasSize(1 + attempt);
      pass("PT30S");
    }
    failing = false;
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
    FutureTask<String> other = new FutureTask<>(() -> tokens.get(OTHER));
    new Thread(one).start();
    while (logins.size() < 2) {
      Thread.onSpinWait();
    }
    Thread waiting = new Thread(other);
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING && waiting.isAlive()) {
      Thread.onSpinWait();
    }
    release.countDown();
    assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo("token-2");
    assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo("token-3");
    assertThat(logins).containsExactly("one/.default", "one/.default", "other/.default");
  }

  /** A closed store may be referred to for long. */
  @Test
  void nothingIsKeptAfterTheEndNotEvenByALoginUnderWay() throws Exception {
    assertThat(tokens.get(ONE)).isEqualTo("token-1");
    release = new CountDownLatch(1);
    FutureTask<String> late = new FutureTask<>(() -> tokens.get(OTHER));
    new Thread(late).start();
    while (logins.size() < 2) {
      Thread.onSpinWait();
    }
    tokens.forget();
    assertThat(tokens).extracting("held").isNull();
    release.countDown();
    assertThat(late.get(60, TimeUnit.SECONDS)).isEqualTo("token-2");
    assertThat(tokens).extracting("held", "credential").containsOnlyNulls();
  }
}
