package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.config.Settings;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import de.lifetimecircle.secrets.vault.login.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Asks the server for its state, the token for its rights and the mount for its version. */
record ServerCheck(Settings config) {
  Map<String, String> run(Call call, Session session) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("address", config.server().address());
    config.server().namespace().ifPresent(namespace -> facts.put("namespace", namespace));
    health(call, facts);
    facts.put("login", session.word());
    token(call, facts);
    facts.put("mount", config.mount());
    facts.put(
        "kv version",
        MountCheck.version(call, config.mount()).orElse(config.kvVersion() + " (as configured)"));
    return facts;
  }

  /** The state is no secret; where it is hidden all the same, the token says enough. */
  private static void health(Call call, Map<String, String> facts) {
    Reply reply = call.health();
    if (Boolean.TRUE.equals(reply.top("sealed").orElse(false))) {
      throw StoreFailure.of(Kind.UNAVAILABLE, "the server is sealed", "Unseal it");
    }
    Failures.requireAnswer(reply);
    reply.top("version").ifPresent(version -> facts.put("server", String.valueOf(version)));
    reply.top("standby").ifPresent(standby -> facts.put("standby", String.valueOf(standby)));
  }

  /**
   * Adds the token's facts, without the token and without the accessor that could be used instead.
   */
  private static void token(Call call, Map<String, String> facts) {
    Reply reply = call.read("auth/token/lookup-self");
    Failures.requireDone(reply);
    Map<?, ?> token = reply.data();
    TreeSet<String> policies = new TreeSet<>();
    add(policies, token.get("policies"));
    add(policies, token.get("identity_policies"));
    facts.put("policies", String.join(", ", policies));
    long ttl = Json.number(token, "ttl");
    facts.put("token ends", ttl == 0 ? "never" : "in " + ttl + " s");
    facts.put("renewable", String.valueOf(Boolean.TRUE.equals(token.get("renewable"))));
  }

  private static void add(TreeSet<String> policies, @Nullable Object list) {
    if (list instanceof List<?> names) {
      names.forEach(name -> policies.add(String.valueOf(name)));
    }
  }
}
