package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Translates every answer of the server into the one exception of the library, once. Stateless.
 *
 * <p>Decides by status, then by the words of the server's own that its documentation has; hands on
 * none of them.
 */
final class VaultErrors {
  static final String SCHEME = "vault";

  private VaultErrors() {}

  /** One call of the store: it fails with what it knows, and is translated at its end. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws VaultProblem;
  }

  /** Runs a call; every failure comes out with what was wanted, of which name, and why. */
  static <T> T call(String action, @Nullable String name, Call<T> call) {
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw VaultProblem.interrupted();
      }
      return call.run();
    } catch (VaultProblem e) {
      throw build(action, name, e);
    } catch (SecretException e) {
      throw e;
    } catch (RuntimeException e) {
      throw build(
          action,
          name,
          VaultProblem.of(
                  Kind.INTERNAL,
                  "an unexpected " + e.getClass().getSimpleName(),
                  "Please report it")
              .causedBy(e));
    }
  }

  private static SecretException build(String action, @Nullable String name, VaultProblem e) {
    SecretException.Builder builder =
        SecretException.of(e.kind(), action)
            .scheme(SCHEME)
            .reason(e.reason())
            .advice(e.advice())
            .cause(e.getCause());
    if (name != null) {
      builder.name(name);
    }
    if (e.retryAfter() != null) {
      builder.retryAfter(e.retryAfter());
    }
    return builder.build();
  }

  /** Fails for an answer that means the same whatever was asked. */
  static void requireAnswer(VaultReply reply) throws VaultProblem {
    VaultProblem problem = ofStatus(reply);
    if (problem != null) {
      throw problem.after(reply.retryAfter());
    }
    if (!reply.isDocument()) {
      throw VaultReply.foreign();
    }
    if (reply.status() == 404 && reply.says("no handler for route")) {
      throw VaultProblem.of(
          Kind.CONFIGURATION,
          "no secrets engine is mounted there",
          "Check vault.mount, vault.namespace and vault.auth-mount");
    }
    if (reply.says("versioned K/V")) {
      throw VaultProblem.of(
          Kind.CONFIGURATION, "the mount is KV version 2", "Set vault.kv-version to 2");
    }
  }

  private static @Nullable VaultProblem ofStatus(VaultReply reply) {
    int status = reply.status();
    if (status == 429) {
      return VaultProblem.of(
          Kind.THROTTLED, "the server asks to be called less often", "Raise its quota or wait");
    }
    if (status == 412) {
      return unavailable("the node has not caught up with what was written", "Try again");
    }
    if (status == 472) {
      return unavailable(
          "the node is a standby for disaster recovery", "Point vault.address to the active one");
    }
    if (status == 473) {
      return unavailable(
          "the node is a performance standby that cannot answer", "Use the active node");
    }
    if (status == 503 && reply.says("sealed")) {
      return unavailable("the server is sealed", "Unseal it");
    }
    if (status == 413 || isTooLarge(reply)) {
      return VaultProblem.of(
          Kind.TOO_LARGE,
          "the server's storage does not take a secret of that size",
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

  private static boolean isTooLarge(VaultReply reply) {
    return reply.status() >= 400
        && (reply.says("value being too large")
            || reply.says("entry too large")
            || reply.says("request body too large")
            || reply.says("exceeds max"));
  }

  private static VaultProblem unavailable(String reason, String advice) {
    return VaultProblem.of(Kind.UNAVAILABLE, reason, advice);
  }

  /** What a refusal means that no rule of the operation explains. */
  static VaultProblem unexpected(VaultReply reply) {
    if (reply.status() == 400 && reply.says("missing client token")) {
      return VaultProblem.of(Kind.UNAUTHENTICATED, "the server was sent no token", "Set a login");
    }
    if (reply.status() == 401) {
      return VaultProblem.of(
          Kind.UNAUTHENTICATED,
          "the server answered 401",
          "Check the login and what stands before it");
    }
    if (reply.status() == 405) {
      return VaultProblem.of(
          Kind.CONFIGURATION,
          "what is mounted there is not a KV engine of that version",
          "Check vault.mount and vault.kv-version");
    }
    return VaultProblem.of(
        Kind.INTERNAL,
        "the server answered " + reply.status() + " and this library does not know why",
        "Look at the server's log");
  }

  static VaultProblem denied(String policy) {
    return VaultProblem.of(
        Kind.ACCESS_DENIED,
        "the token is good and lacks the right",
        "Grant " + policy + " in a policy of the token");
  }

  static VaultProblem notFound() {
    return VaultProblem.of(
        Kind.NOT_FOUND, "there is no such secret", "Check the name and vault.mount");
  }
}
