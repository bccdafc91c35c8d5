package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Judges whether the application has its secrets. An outage of the backend is no reason to take it
 * out of service while held values are served; a required secret that cannot be read is.
 *
 * <p>Reads through the cache, so a check costs no call to the backend while values are held.
 */
record SecretsHealth(PropertyReads reads, List<String> required) {
  /**
   * The state of an application's secrets.
   *
   * @param up whether every required secret can be read
   * @param details why, with the names of the secrets that are stale or cannot be read
   */
  record State(boolean up, Map<String, Object> details) {}

  State state() {
    Map<String, String> stale = new TreeMap<>();
    Map<String, String> unreadable = new TreeMap<>();
    Map<String, Object> details = new TreeMap<>();
    for (Map.Entry<SecretProvider, Set<String>> each : reads.namesByProvider().entrySet()) {
      for (SecretResult result : each.getKey().getAll(each.getValue()).values()) {
        result
            .secret()
            .filter(secret -> secret.origin() == Secret.Origin.STALE)
            .ifPresent(secret -> stale.put(result.name(), secret.staleReason().orElse("stale")));
        result.error().ifPresent(error -> unreadable.put(result.name(), error.kind().name()));
      }
    }
    details.put("names", reads.names().size());
    if (!stale.isEmpty()) {
      details.put("stale", stale);
    }
    if (!unreadable.isEmpty()) {
      details.put("unreadable", unreadable);
    }
    boolean isUp =
        Stream.concat(required.stream(), reads.required().stream())
            .noneMatch(unreadable::containsKey);
    return new State(isUp, details);
  }
}
