package de.lifetimecircle.secrets.vault.errors;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import org.jspecify.annotations.Nullable;

/**
 * Translates every answer of the server into the one exception of the library, once. Stateless.
 *
 * <p>Decides by status, then by the words of the server's own that its documentation has; hands on
 * none of them.
 */
public final class Failures {
  public static final String SCHEME = "vault";

  private Failures() {}

  /** Fails for an answer that means the same whatever was asked. */
  public static void requireAnswer(Reply reply) {
    StoreFailure problem = ofStatus(reply);
    if (problem != null) {
      throw problem.after(reply.retryAfter());
    }
    if (!reply.isDocument()) {
      throw Reply.foreign();
    }
    if (reply.says("versioned K/V")) {
      throw StoreFailure.of(
          Kind.CONFIGURATION, "the mount is KV version 2", "Set vault.kv-version to 2");
    }
    if (reply.status() == 404 && !reply.isNothing()) {
      throw reply.explains() ? noSuchPlace(reply) : Reply.foreign();
    }
  }

  /** Fails for a request that was refused, where no rule of the operation explains why. */
  public static void requireDone(Reply reply) {
    if (!reply.ok()) {
      throw unexpected(reply);
    }
  }

  /** The server itself says that it lacks more than a secret. */
  private static StoreFailure noSuchPlace(Reply reply) {
    if (reply.says("no handler for route")) {
      return StoreFailure.of(
          Kind.CONFIGURATION,
          "no secrets engine is mounted there",
          "Check vault.mount, vault.namespace and vault.auth-mount");
    }
    if (reply.says("namespace")) {
      return StoreFailure.of(
          Kind.CONFIGURATION,
          "the server has no such namespace",
          "Check vault.namespace: vault namespace list shows them");
    }
    return StoreFailure.of(
        Kind.CONFIGURATION,
        "the server does not know the path of this request",
        "Check vault.address, vault.namespace, vault.mount and vault.kv-version");
  }

  private static @Nullable StoreFailure ofStatus(Reply reply) {
    int status = reply.status();
    if (status == 429) {
      return StoreFailure.of(
          Kind.THROTTLED, "the server asks to be called less often", "Raise its quota or wait");
    }
    if (status == 412) {
      return unavailable("the node has not caught up with the last write", "Try again");
    }
    if (status == 472) {
      return unavailable(
          "the node is a standby for disaster recovery", "Point vault.address to the active one");
    }
    if (status == 473) {
      return unavailable(
          "the node is a performance standby that cannot answer", "Use the active node");
    }
    if (status == 400 && reply.says("will resume service")) { // a KV engine that turns into v2
      return unavailable("the engine mounted there is being upgraded", "Try again later");
    }
    if (status == 503 && reply.says("sealed")) {
      return unavailable("the server is sealed", "Unseal it");
    }
    if (status == 413 || isTooLarge(reply)) {
      return StoreFailure.of(
          Kind.TOO_LARGE,
          "the server's storage does not accept a secret of that size",
          "Keep the secret small, with all of its fields together");
    }
    if (status >= 500) {
      return unavailable("the server answered " + status, "Look at the server's log");
    }
    if (status < 200 || (status >= 300 && status < 400)) {
      return unavailable("the server answered " + status, "Check vault.address");
    }
    return null;
  }

  private static boolean isTooLarge(Reply reply) {
    return reply.status() >= 400
        && (reply.says("value being too large")
            || reply.says("entry too large")
            || reply.says("request body too large")
            || reply.says("exceeds max"));
  }

  private static StoreFailure unavailable(String reason, String advice) {
    return StoreFailure.of(Kind.UNAVAILABLE, reason, advice);
  }

  /** Translates a refusal that no rule of the operation explains. */
  public static StoreFailure unexpected(Reply reply) {
    if (reply.status() == 400 && reply.says("missing client token")) {
      return StoreFailure.of(Kind.UNAUTHENTICATED, "the server was sent no token", "Set a login");
    }
    if (reply.status() == 401) {
      return StoreFailure.of(
          Kind.UNAUTHENTICATED,
          "the server answered 401",
          "Check the login and any proxy in front of the server");
    }
    if (reply.status() == 405) {
      return StoreFailure.of(
          Kind.CONFIGURATION,
          "the engine mounted there is not a KV engine of that version",
          "Check vault.mount and vault.kv-version");
    }
    return StoreFailure.of(
        Kind.INTERNAL,
        "the server answered " + reply.status() + " and this library does not know why",
        "Look at the server's log");
  }

  /** Returns the failure for a good token that lacks a right, which this policy would grant. */
  public static StoreFailure denied(String policy) {
    return StoreFailure.of(
        Kind.ACCESS_DENIED,
        "the token is good and lacks the right",
        "Grant " + policy + " in a policy of the token");
  }

  /** Returns the failure for a name or a version that the server does not have. */
  public static StoreFailure notFound() {
    return StoreFailure.of(
        Kind.NOT_FOUND, "there is no such secret", "Check the name and vault.mount");
  }
}
