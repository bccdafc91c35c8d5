package de.lifetimecircle.secrets.vault.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import de.lifetimecircle.secrets.vault.transport.Client;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The token of a store: fetched at first use, renewed before it expires, replaced when it ends
 * early.
 *
 * <p>Safe for use by several threads. States: no token, a token, closed. Readers read the token
 * from a volatile field without the lock. A thread that finds no token, or whose token was refused,
 * takes the lock. Threads that waited for the lock meanwhile adopt the holder's result: the new
 * token, the failure, or the finding that the token is good. So there is one look-up and one login,
 * however many threads meet a dead token. No thread takes another lock while it holds this one.
 * Waiting for it ends at the deadline of the call and on an interrupt.
 *
 * <p>A bad token and a missing right get the same answer from the server (403, "permission
 * denied"); only a look-up of the token by itself, which the default policy allows, tells them
 * apart.
 */
public final class Session implements AutoCloseable {
  private static final Set<Kind> SHARED =
      Set.of(Kind.UNAUTHENTICATED, Kind.UNAVAILABLE, Kind.THROTTLED, Kind.CONFIGURATION);
  private static final Duration LAST_CALL = Duration.ofSeconds(1);
  private static final String LOOKUP = "auth/token/lookup-self";

  private final Client driver;
  private final Login login;
  private final TokenRenewal renewal;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong findings = new AtomicLong();
  private volatile @Nullable Held held;
  private volatile boolean closed;
  // Guarded by the lock: the last finding.
  private @Nullable StoreFailure failure;
  private String good = "";
  private boolean mayNotLookUp;

  /** A token as it is held. */
  record Held(Login.Grant grant, String mark, long expires, long firstSeconds) {
    public static Held of(Login.Grant grant, String mark, long firstSeconds) {
      long left = Duration.ofSeconds(grant.seconds()).toNanos();
      long expires = grant.seconds() == 0 ? Long.MAX_VALUE : System.nanoTime() + left;
      return new Held(grant, mark, expires, firstSeconds);
    }

    public String token() {
      return grant.token();
    }

    public boolean isExpired() {
      return expires != Long.MAX_VALUE && expires - System.nanoTime() <= 0;
    }

    @Override
    public String toString() {
      return "Held[redacted]";
    }
  }

  /** Makes the session. Logs in at the first call. */
  public Session(Client driver, Login login, Duration timeout) {
    this.driver = driver;
    this.login = login;
    this.renewal = new TokenRenewal(this, timeout);
  }

  /** The token to use now; logs in where there is none. */
  public String token(Deadline deadline) {
    Held now = held;
    if (now != null && isUsable(now)) {
      return now.token();
    }
    long seen = findings.get();
    lock(deadline);
    try {
      now = held;
      if (now != null && isUsable(now)) {
        return now.token();
      }
      shareFailureSince(seen);
      return logIn(deadline).token();
    } finally {
      lock.unlock();
    }
  }

  private boolean isUsable(Held now) {
    return !now.isExpired() && now.mark().equals(login.mark());
  }

  /** Returns the number of findings so far; callers ask before a request. */
  public long findings() {
    return findings.get();
  }

  /**
   * Decides what to do after the server refused a call with 403.
   *
   * @param seen the findings before the request was sent: a later finding holds for this request
   *     too, so that a storm of refused requests does not become a storm of logins
   * @return another token to try with
   * @throws StoreFailure {@code ACCESS_DENIED} if the token is good, {@code UNAUTHENTICATED} if it
   *     is dead and there is no other
   */
  public String afterRefusal(String used, long seen, String right, Deadline deadline) {
    lock(deadline);
    try {
      Held now = held;
      if (now != null && !now.token().equals(used)) {
        return now.token();
      }
      shareFailureSince(seen);
      if ((findings.get() != seen && good.equals(used)) || isGood(used, deadline)) {
        throw Failures.denied(right);
      }
      return replaceDead(used, deadline);
    } finally {
      lock.unlock();
    }
  }

  /** Creates the failure for a new token that the server refused as well. */
  public StoreFailure refusedAgain(String used, String right, Deadline deadline) {
    lock(deadline);
    try {
      // A token that was made a moment ago is good: if it cannot say so itself, none after it can.
      mayNotLookUp |= !isGood(used, deadline);
      return Failures.denied(right);
    } finally {
      lock.unlock();
    }
  }

  private boolean isGood(String token, Deadline deadline) {
    if (mayNotLookUp) {
      return true;
    }
    Reply reply = driver.read(LOOKUP, token, deadline);
    Failures.requireAnswer(reply);
    if (reply.ok()) {
      found(null, token);
    }
    return reply.ok();
  }

  private String replaceDead(String dead, Deadline deadline) {
    held = null;
    if (login.isRepeatable()) {
      Held fresh = logIn(deadline);
      if (!fresh.token().equals(dead)) {
        return fresh.token();
      }
      held = null;
    }
    StoreFailure problem =
        StoreFailure.of(
            Kind.UNAUTHENTICATED,
            "the server does not know the token: it is wrong, expired or revoked",
            "Set a new one, or a login that gets one");
    found(problem, "");
    throw problem;
  }

  private Held logIn(Deadline deadline) {
    if (closed) {
      throw StoreFailure.closed();
    }
    String mark = login.mark();
    try {
      Login.Grant grant = login.perform(driver, deadline);
      Held fresh = Held.of(grant, mark, grant.seconds());
      hold(fresh);
      found(null, "");
      return fresh;
    } catch (StoreFailure e) {
      found(SHARED.contains(e.kind()) ? e : null, "");
      throw e;
    }
  }

  private void hold(Held fresh) {
    held = fresh;
    renewal.plan(fresh);
  }

  private void found(@Nullable StoreFailure problem, String goodToken) {
    failure = problem;
    good = goodToken;
    findings.incrementAndGet();
  }

  private void shareFailureSince(long seen) {
    StoreFailure known = failure;
    if (findings.get() != seen && known != null) {
      throw known;
    }
  }

  private void lock(Deadline deadline) {
    try {
      if (!lock.tryLock(deadline.left(), TimeUnit.NANOSECONDS)) {
        throw deadline.late();
      }
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
    if (closed) {
      lock.unlock();
      throw StoreFailure.closed();
    }
  }

  /**
   * Learns of a token that was given to us how long it is good; called in the background.
   *
   * @throws StoreFailure if the server gives no answer, so that it is asked again
   */
  void learn(Held given, Deadline deadline) {
    lock(deadline);
    try {
      if (!given.equals(held)) {
        return;
      }
      Reply reply = driver.read(LOOKUP, given.token(), deadline);
      Failures.requireAnswer(reply);
      Map<?, ?> facts = reply.data();
      boolean renewable = Boolean.TRUE.equals(facts.get("renewable"));
      long seconds = Json.number(facts, "ttl");
      if (reply.ok() && renewable && seconds > 0 && given.equals(held)) {
        Login.Grant known = new Login.Grant(given.token(), true, seconds, false);
        hold(Held.of(known, given.mark(), seconds));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Renews a token, or gets a new one where that is no longer enough; called in the background. */
  void renew(Held due, Deadline deadline) {
    lock(deadline);
    try {
      if (!due.equals(held)) {
        return;
      }
      boolean isEnough = due.grant().isRenewable() && renewed(due, deadline);
      if (!isEnough && login.isRepeatable()) {
        // The old token is not revoked: calls under way may still use it, and it ends by itself.
        Held unused = logIn(deadline);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the renewed token is good for long enough; towards its greatest age it is not. */
  private boolean renewed(Held due, Deadline deadline) {
    Reply reply = driver.write("auth/token/renew-self", Map.of(), due.token(), deadline);
    Failures.requireAnswer(reply);
    if (!reply.ok()) {
      return false;
    }
    long seconds = Json.number(reply.auth(), "lease_duration");
    boolean renewable = Boolean.TRUE.equals(reply.auth().get("renewable"));
    Login.Grant grant = new Login.Grant(due.token(), renewable, seconds, due.grant().isOurs());
    hold(Held.of(grant, due.mark(), due.firstSeconds()));
    return seconds * 2 >= due.firstSeconds();
  }

  /** Returns the name of the login, as the setting has it. */
  public String word() {
    return login.word();
  }

  /** Returns whether the store was closed. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Ends the renewal and revokes a token of our own, so that none piles up on the server. A login
   * under way ends first, as the server may have made its token already. Takes at most about two
   * seconds.
   */
  @Override
  public void close() {
    closed = true;
    awaitLogin();
    renewal.close();
    Held last = held;
    held = null;
    if (last == null || !last.grant().isOurs() || Thread.currentThread().isInterrupted()) {
      return;
    }
    try {
      driver.write("auth/token/revoke-self", Map.of(), last.token(), Deadline.in(LAST_CALL));
    } catch (StoreFailure e) {
      // It ends by itself when its time is over.
    }
  }

  /** Waits for the lock: every thread that takes it later sees that the session is closed. */
  private void awaitLogin() {
    try {
      if (lock.tryLock(LAST_CALL.toNanos(), TimeUnit.NANOSECONDS)) {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
