package de.lifetimecircle.secrets.bench.loopback;

import java.util.Map;

/** The answers of a made-up Vault with a KV engine of version 2. Stateless. */
public final class VaultAnswers {
  private VaultAnswers() {}

  /** Returns the settings of a store on that server. */
  public static Map<String, String> settings(LoopbackServer server) {
    return Map.of("vault.address", server.uri().toString(), "vault.token", "made-up");
  }

  /** Returns the same secret, whatever name is asked for. */
  public static LoopbackServer.Answer value() {
    return LoopbackServer.Answer.json(
        200,
        """
        {"data":{"data":{"value":"of the benchmark"},
          "metadata":{"created_time":"2026-01-01T00:00:00Z","deletion_time":"",
            "destroyed":false,"version":1}}}""");
  }
}
