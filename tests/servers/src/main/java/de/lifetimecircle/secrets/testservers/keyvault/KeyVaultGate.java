package de.lifetimecircle.secrets.testservers.keyvault;

import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultTokens.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The checks that a request passes before the test vault handles it, in this order: the challenge,
 * the faults, the quota, the token, the right. Safe for use by several threads.
 */
final class KeyVaultGate {
  private static final String BEARER = "Bearer ";

  /** The time that a quota counts for. */
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final String tenant;
  private final KeyVaultTokens tokens;
  private final KeyVaultFaults faults;
  private final KeyVaultServer.Rights rights;
  private final Quota quota;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger challenges = new AtomicInteger();

  KeyVaultGate(
      String tenant,
      KeyVaultTokens tokens,
      KeyVaultFaults faults,
      KeyVaultServer.Rights rights,
      Quota quota) {
    this.tenant = tenant;
    this.tokens = tokens;
    this.faults = faults;
    this.rights = rights;
    this.quota = quota;
  }

  /** Requests in each stretch of ten seconds; none is counted beyond the limit. */
  static final class Quota {
    private final InstantSource clock;
    private final int limit;
    private Instant start = Instant.MIN;
    private int used;

    Quota(InstantSource clock, int limit) {
      this.clock = clock;
      this.limit = limit;
    }

    /** How long to wait if there is no place for one more, else empty. */
    synchronized Optional<Duration> take() {
      Instant now = clock.instant();
      if (start.equals(Instant.MIN) || !now.isBefore(start.plus(WINDOW))) {
        start = now;
        used = 0;
      }
      if (used == limit) {
        return Optional.of(Duration.between(now, start.plus(WINDOW)));
      }
      used++;
      return Optional.empty();
    }
  }

  int requests() {
    return requests.get();
  }

  int challenges() {
    return challenges.get();
  }

  void resetCounts() {
    requests.set(0);
    challenges.set(0);
  }

  /** Lets a request through to its route, or says what stops it. */
  KeyVaultFaults.Strike answer(KeyVaultCall call, KeyVaultRoutes routes) {
    String challenge = challenge(call);
    String authorization = call.header("authorization").orElse("");
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      challenges.incrementAndGet();
      throw KeyVaultRefusal.unauthorized(
          "AKV10000: Request is missing a Bearer or PoP token.", challenge);
    }
    requests.incrementAndGet();
    Optional<KeyVaultFaults.Strike> strike = faults.nextStrike();
    if (strike.isPresent()) {
      return strike.get();
    }
    Optional<Duration> wait = quota.take();
    if (wait.isPresent()) {
      return new KeyVaultFaults.Strike(KeyVaultReply.throttled(wait.get()));
    }
    Caller caller = tokens.verify(authorization.substring(BEARER.length()).strip(), challenge);
    return new KeyVaultFaults.Strike(
        routes.answer(call, (operation, name) -> check(caller, operation, name)));
  }

  private String challenge(KeyVaultCall call) {
    return "Bearer authorization=\""
        + call.base()
        + "/"
        + tenant
        + "\", resource=\""
        + KeyVaultTokens.AUDIENCE
        + "\"";
  }

  private void check(Caller caller, KeyVaultOperation operation, String name) {
    if (!faults.denies(name, operation)) {
      return;
    }
    if (rights == KeyVaultServer.Rights.ACCESS_POLICIES) {
      throw KeyVaultRefusal.forbidden(
          "The user, group or application '"
              + caller
              + "' does not have secrets "
              + operation.permission()
              + " permission on key vault 'localhost;location=test'. For help resolving this issue,"
              + " please see https://go.microsoft.com/fwlink/?linkid=2125287",
          "AccessDenied");
    }
    throw KeyVaultRefusal.forbidden(
        "Caller is not authorized to perform action on resource.\r\n"
            + "If role assignments, deny assignments or role definitions were changed recently,"
            + " please observe propagation time.\r\nCaller: "
            + caller
            + "\r\nAction: '"
            + operation.action()
            + "'\r\nResource: '/subscriptions/test/resourcegroups/test/providers/"
            + "microsoft.keyvault/vaults/localhost/secrets/"
            + name
            + "'\r\nAssignment: (not found)\r\n",
        "ForbiddenByRbac");
  }
}
