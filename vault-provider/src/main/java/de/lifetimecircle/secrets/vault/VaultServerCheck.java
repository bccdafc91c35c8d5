package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Asks the server for its state, the token for its rights and the mount for its version. */
record VaultServerCheck(VaultConfig config) {
  Map<String, String> run(VaultCall call, VaultSession session) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("address", config.address());
    config.namespace().ifPresent(namespace -> facts.put("namespace", namespace));
    health(call, facts);
    facts.put("login", session.word());
    token(call, facts);
    facts.put("mount", config.mount());
    facts.put(
        "kv version",
        VaultMountCheck.version(call, config.mount())
            .orElse(config.kvVersion() + " (as configured)"));
    return facts;
  }

  /** The state is no secret; where it is hidden all the same, the token says enough. */
  private static void health(VaultCall call, Map<String, String> facts) {
    VaultReply reply = call.health();
    if (Boolean.TRUE.equals(reply.top("sealed").orElse(false))) {
      throw StoreFailure.of(Kind.UNAVAILABLE, "the server is sealed", "Unseal it");
    }
    VaultErrors.requireAnswer(reply);
    reply.top("version").ifPresent(version -> facts.put("server", String.valueOf(version)));
    reply.top("standby").ifPresent(standby -> facts.put("standby", String.valueOf(standby)));
  }

  /**
   * Adds the token's facts, without the token and without the accessor that could be used instead.
   */
  private static void token(VaultCall call, Map<String, String> facts) {
    VaultReply reply = call.read("auth/token/lookup-self");
    if (!reply.ok()) {
      throw VaultErrors.unexpected(reply);
    }
    Map<?, ?> token = reply.data();
    TreeSet<String> policies = new TreeSet<>();
    add(policies, token.get("policies"));
    add(policies, token.get("identity_policies"));
    facts.put("policies", String.join(", ", policies));
    long ttl = Json.number(token, "ttl");
    facts.put("token ends", ttl == 0 ? "never" : "in " + ttl + " s");
    facts.put("renewable", String.valueOf(Boolean.TRUE.equals(token.get("renewable"))));
  }

  private static void add(
      TreeSet<String> policies, @org.jspecify.annotations.Nullable Object list) {
    if (list instanceof List<?> names) {
      names.forEach(name -> policies.add(String.valueOf(name)));
    }
  }
}
