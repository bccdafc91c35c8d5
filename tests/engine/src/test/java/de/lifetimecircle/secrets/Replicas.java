package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Two replicas that take turns, of which the second never learns of a change. */
final class Replicas implements SecretStore {
  private final SecretStore leader;
  private @Nullable StoredSecret first;
  private int reads;

  Replicas(SecretStore leader) {
    this.leader = leader;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of();
  }

  @Override
  public StoredSecret fetch(String name) {
    StoredSecret now = leader.fetch(name);
    if (first == null) {
      first = new StoredSecret(now.value().copy(), now.version(), now.created());
    }
    boolean lags = ++reads % 2 == 0;
    return lags ? new StoredSecret(first.value().copy(), first.version(), first.created()) : now;
  }

  @Override
  public Map<String, String> describe(String name) {
    return leader.describe(name);
  }

  @Override
  public Map<String, String> check() {
    return leader.check();
  }

  @Override
  public void close() {
    leader.close();
  }
}
