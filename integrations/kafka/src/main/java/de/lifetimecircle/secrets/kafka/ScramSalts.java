package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers which version of a password belongs to which salt. A broker makes a new salt each time
 * the password is set, so a salt that was not seen before means another password.
 *
 * <p>Safe for use by several threads: one lock, never held while the backend is asked. Holds ids of
 * versions and salts, which a broker shows to everybody who names the user, and no password.
 */
final class ScramSalts {
  private static final int REMEMBERED = 16;

  private enum Outcome {
    ACCEPTED,
    REFUSED
  }

  private final ProviderLease lease;
  private final String name;

  /** By salt, what the broker said to the id of each version. */
  private final Map<String, Map<String, Outcome>> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Outcome>> eldest) {
          return size() > REMEMBERED;
        }
      };

  ScramSalts(ProviderLease lease, String name) {
    this.lease = lease;
    this.name = name;
  }

  synchronized void accepted(String salt, Secret version) {
    known.computeIfAbsent(salt, shown -> new HashMap<>()).put(key(version), Outcome.ACCEPTED);
  }

  synchronized void refused(String salt, Secret version) {
    known.computeIfAbsent(salt, shown -> new HashMap<>()).put(key(version), Outcome.REFUSED);
  }

  /** An id may come a second time, with another password, after the name was purged. */
  private static String key(Secret version) {
    return version.version() + version.created().map(made -> "@" + made).orElse("");
  }

  private synchronized boolean isEmpty() {
    return known.isEmpty();
  }

  private synchronized boolean has(String salt, Secret version, Outcome outcome) {
    return known.getOrDefault(salt, Map.of()).get(key(version)) == outcome;
  }

  private synchronized boolean isOfAnotherSalt(String salt, Secret version) {
    return known.entrySet().stream()
        .anyMatch(
            each ->
                !each.getKey().equals(salt)
                    && each.getValue().get(key(version)) == Outcome.ACCEPTED);
  }

  private synchronized void forgetRefusals(String salt) {
    known.getOrDefault(salt, new HashMap<>()).values().removeIf(Outcome.REFUSED::equals);
  }

  /**
   * Chooses the version whose password the broker has under this salt: one that it accepted under
   * it; else one that it accepted under no other salt, the current one first, then a newer one,
   * which is pending. Asks the backend unless the current version is known to fit.
   *
   * @throws SecretException if no version can be read
   */
  Secret choose(String salt) {
    Secret held = lease.provider().get(name);
    if (has(salt, held, Outcome.ACCEPTED)) {
      return held;
    }
    if (isEmpty()) {
      return lease.recent(name);
    }
    List<Secret> valid = valid();
    Secret current = valid.get(0);
    Comparator<Secret> order =
        Comparator.<Secret>comparingInt(each -> has(salt, each, Outcome.ACCEPTED) ? 0 : 1)
            .thenComparingInt(each -> isOfAnotherSalt(salt, each) ? 1 : 0)
            .thenComparingInt(each -> place(each, current));
    Optional<Secret> best =
        valid.stream().filter(each -> !has(salt, each, Outcome.REFUSED)).min(order);
    if (best.isEmpty()) {
      forgetRefusals(salt); // a refusal may have been a lost connection
    }
    return best.orElse(current);
  }

  private List<Secret> valid() {
    try {
      return lease.provider().validVersions(name, ProviderLease.RECENT);
    } catch (SecretException e) {
      // A service that may read a secret but not list its versions still gets the current one.
      boolean mayNotList = e.kind() == Kind.ACCESS_DENIED || e.kind() == Kind.UNSUPPORTED;
      return mayNotList ? List.of(lease.recent(name)) : held();
    }
  }

  private List<Secret> held() {
    try {
      return lease.provider().validVersions(name);
    } catch (SecretException e) {
      return List.of(lease.provider().get(name));
    }
  }

  /** 0 for the current version, 1 for one made after it or at an unknown time, 2 for an older. */
  private static int place(Secret version, Secret current) {
    if (version.version().equals(current.version())) {
      return 0;
    }
    Optional<Instant> made = version.created();
    Optional<Instant> served = current.created();
    boolean isOlder = made.isPresent() && served.isPresent() && made.get().isBefore(served.get());
    return isOlder ? 2 : 1;
  }
}
