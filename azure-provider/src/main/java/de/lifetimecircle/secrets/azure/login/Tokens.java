package de.lifetimecircle.secrets.azure.login;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The token of a store: one login when there is none, one ahead of its end, one when the vault
 * refuses it, and none in a storm.
 *
 * <p>States of the token: none, fresh (before its renewal time), due (still good: one thread renews
 * it, the others use it), over. One lock, held during a login. A thread that waited for it adopts
 * the result of the login before, even a failure, so that many readers with a wrong password log in
 * once. The lock is never held with another one.
 */
public final class Tokens {
  private static final Duration AHEAD = Duration.ofMinutes(5);
  private static final Duration MARGIN = Duration.ofSeconds(5);
  private static final Duration NEXT_TRY = Duration.ofSeconds(30);

  /** A token with the question it answers. */
  private record Held(
      String token, @Nullable Challenge asked, Instant renewal, Instant end, long login) {
    boolean answers(Challenge challenge) {
      return challenge.claims() == null && challenge.lasting().equals(asked);
    }
  }

  private final Supplier<TokenCredential> credentials;
  private final @Nullable String tenant;
  private final InstantSource clock;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Held held;
  private volatile boolean closed;
  private final AtomicLong logins = new AtomicLong(); // that have ended
  private @Nullable TokenCredential credential; // guarded by lock
  private @Nullable StoreFailure failure; // of the last login; guarded by lock

  /**
   * Makes it; nothing is done before the first question.
   *
   * @param credentials makes a new credential
   * @param tenant the tenant of the settings, which goes before that of a challenge
   */
  public Tokens(
      Supplier<TokenCredential> credentials,
      @Nullable String tenant,
      InstantSource clock,
      Duration timeout) {
    this.credentials = credentials;
    this.tenant = tenant;
    this.clock = clock;
    this.timeout = timeout;
  }

  /** A token that is good as far as we know. */
  public String get(Challenge asked) {
    Held now = held;
    Instant time = clock.instant();
    if (now == null || !now.answers(asked) || !time.isBefore(now.end())) {
      return login(asked, null);
    }
    if (!time.isBefore(now.renewal()) && lock.tryLock()) {
      try {
        return now.login() == logins.get() ? renewed(asked, now) : now.token();
      } finally {
        lock.unlock();
      }
    }
    return now.token();
  }

  private String renewed(Challenge asked, Held now) {
    try {
      return ask(asked);
    } catch (StoreFailure e) {
      if (e.kind() == Kind.INTERRUPTED) {
        throw e;
      }
      Instant next = clock.instant().plus(NEXT_TRY);
      held = new Held(now.token(), now.asked(), next, now.end(), logins.get());
      return now.token();
    }
  }

  /**
   * Forgets the token and the credential: something may refer to a closed store for long, and a
   * token is good for an hour or more. A login under way forgets its own when it ends.
   */
  public void forget() {
    closed = true;
    held = null;
    if (lock.tryLock()) {
      try {
        credential = null;
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * The token of a new login.
   *
   * @param refused the token that the vault refused; null if there is none. With a managed identity
   *     the new one can be the same; see {@link Credentials#of}.
   */
  String login(Challenge asked, @Nullable String refused) {
    long seen = logins.get();
    acquire();
    try {
      Held now = held;
      boolean usable = now != null && now.answers(asked) && clock.instant().isBefore(now.end());
      if (now != null && usable && !now.token().equals(refused)) {
        return now.token();
      }
      StoreFailure before = failure;
      if (logins.get() != seen && before != null) {
        throw before;
      }
      if (refused != null) {
        held = null;
        credential = null;
      }
      return ask(asked);
    } finally {
      lock.unlock();
    }
  }

  private void acquire() {
    try {
      if (!lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw Failures.timeout("another thread is still logging in");
      }
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
  }

  private String ask(Challenge asked) {
    try {
      TokenCredential with = credential == null ? credentials.get() : credential;
      credential = with;
      AccessToken token = with.getTokenSync(request(asked));
      held = held(token, asked, logins.incrementAndGet());
      failure = null;
      return token.getToken();
    } catch (Exception e) {
      StoreFailure problem = Failures.problem(e);
      // One thread's interrupt is no news for the others.
      failure = problem.kind() == Kind.INTERRUPTED ? null : problem;
      // Only now: threads that came while it ran adopt its outcome.
      logins.incrementAndGet();
      throw problem;
    } finally {
      if (closed) {
        held = null;
        credential = null;
      }
    }
  }

  private TokenRequestContext request(Challenge asked) {
    TokenRequestContext request =
        new TokenRequestContext().addScopes(asked.scope()).setCaeEnabled(true);
    if (tenant == null && asked.tenant() != null) {
      request.setTenantId(asked.tenant());
    }
    return asked.claims() == null ? request : request.setClaims(asked.claims());
  }

  private Held held(AccessToken token, Challenge asked, long login) {
    Instant now = clock.instant();
    Instant end = token.getExpiresAt().toInstant();
    Duration quarter = Duration.between(now, end).dividedBy(4);
    Instant renewal = end.minus(quarter.compareTo(AHEAD) < 0 ? quarter : AHEAD);
    OffsetDateTime advised = token.getRefreshAt();
    // MSAL gives 1970 where the service advises nothing.
    if (advised != null
        && advised.toInstant().isAfter(now)
        && advised.toInstant().isBefore(renewal)) {
      renewal = advised.toInstant();
    }
    return new Held(token.getToken(), asked.lasting(), renewal, end.minus(MARGIN), login);
  }
}
