package de.lifetimecircle.secrets.vault;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Placeholder of the first slice. */
record AwsIdentity(
    Function<String, Optional<String>> environment,
    InstantSource clock,
    Optional<String> region,
    Optional<String> serverId,
    Optional<String> role)
    implements Login.Body {
  @Override
  public Map<String, String> read() throws VaultProblem {
    throw KvEngine.unsupported("AWS login yet");
  }
}
