package de.lifetimecircle.secrets.azure.login;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.remote.SharedLogin;
import de.lifetimecircle.secrets.remote.SharedLogin.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The token of a store: one login when there is none, one ahead of its end, one when the vault
 * refuses it, and none in a storm.
 *
 * <p>Safe for use by several threads; blocks as {@link SharedLogin}. State: the vault's last demand
 * with its login. The monitor guards the change to another demand and is never held during I/O.
 */
public final class Tokens {
  private static final Duration AHEAD = Duration.ofMinutes(5);
  private static final Duration MARGIN = Duration.ofSeconds(5);
  private static final Duration NEXT_TRY = Duration.ofSeconds(30);

  private final Supplier<TokenCredential> credentials;
  private final @Nullable String tenant;
  private final InstantSource clock;
  private @Nullable Login login;

  /**
   * Makes it; nothing is done before the first question.
   *
   * @param credentials makes a credential that remembers no token
   * @param tenant the tenant of the settings, which goes before that of a challenge
   */
  public Tokens(
      Supplier<TokenCredential> credentials, @Nullable String tenant, InstantSource clock) {
    this.credentials = credentials;
    this.tenant = tenant;
    this.clock = clock;
  }

  /** A token that is good as far as we know. */
  public String get(Challenge asked) {
    return login(asked).shared.get();
  }

  /** Another token than the one that the vault refused, from a login of its own. */
  String renew(Challenge asked, String refused) {
    return login(asked).shared.insteadOf(refused);
  }

  /** The login for a demand; a demand with claims, which are for one token only, gets a new one. */
  private synchronized Login login(Challenge asked) {
    Login now = login;
    if (now == null || !asked.equals(now.asked.lasting())) {
      now = new Login(asked);
      login = now;
    }
    return now;
  }

  private static Thread daemon(Runnable question) {
    Thread thread = new Thread(question, "secrets-azure-login");
    thread.setDaemon(true);
    return thread;
  }

  /** The login for one demand; its questions are asked by one thread at a time. */
  private final class Login {
    private final Challenge asked;
    private final SharedLogin<String> shared;
    private Challenge next;
    private @Nullable TokenCredential credential;

    Login(Challenge asked) {
      this.asked = asked;
      this.next = asked;
      this.shared = new SharedLogin<>(this::ask, clock, () -> NEXT_TRY, Tokens::daemon);
    }

    /** A credential is used again, until the vault refuses a token of it. */
    private Result<String> ask(Optional<Result<String>> old) {
      try {
        TokenCredential with = old.isEmpty() || credential == null ? credentials.get() : credential;
        credential = with;
        Result<String> result = result(with.getTokenSync(request(next)));
        next = asked.lasting();
        return result;
      } catch (Exception e) {
        throw Failures.problem(e);
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

  private Result<String> result(AccessToken token) {
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
    return new Result<>(token.getToken(), renewal, end.minus(MARGIN));
  }
}
