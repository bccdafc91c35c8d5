package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import de.lifetimecircle.secrets.spi.SecretAudit;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backends, metrics and channels of the jars on the class path. Searches for a kind on its
 * first use, because each search opens every jar. Not thread-safe.
 */
public final class Extensions {
  /** The library's own keys. */
  static final Map<String, ConfigKey> OWN = own();

  private final ConfigProblems problems;
  private @Nullable Factories<SecretStoreFactory> stores;
  private @Nullable Factories<SecretMetricsFactory> metrics;
  private @Nullable Factories<RotationChannelFactory> channels;

  public Extensions(ConfigProblems problems) {
    this.problems = problems;
  }

  Factories<SecretStoreFactory> stores() {
    if (stores == null) {
      stores = Factories.stores(problems);
    }
    return stores;
  }

  Factories<SecretMetricsFactory> metrics() {
    if (metrics == null) {
      metrics = Factories.metrics(problems);
    }
    return metrics;
  }

  Factories<RotationChannelFactory> channels() {
    if (channels == null) {
      channels = Factories.channels(problems);
    }
    return channels;
  }

  private static Map<String, ConfigKey> own() {
    Map<String, ConfigKey> keys = new LinkedHashMap<>();
    for (ConfigKey key : CoreSettings.KEYS) {
      keys.put(key.name(), key);
    }
    return keys;
  }

  /** Every key that can be set, by its whole name: the library's own first. */
  public Map<String, ConfigKey> keys() {
    Map<String, ConfigKey> keys = new LinkedHashMap<>(OWN);
    for (String owner : owners()) {
      keys.putAll(keysOf(owner));
    }
    return keys;
  }

  /** The key of that whole name; null if nothing on the class path has it. */
  @Nullable ConfigKey key(String name) {
    ConfigKey own = OWN.get(name);
    return own != null ? own : keysOf(owner(name)).get(name);
  }

  /** The part of a key before its first dot; empty if there is no dot. */
  private static String owner(String key) {
    return key.substring(0, Math.max(0, key.indexOf('.')));
  }

  /** The words of all extensions. */
  Set<String> owners() {
    Set<String> owners = new LinkedHashSet<>(stores().found().keySet());
    owners.addAll(metrics().found().keySet());
    owners.addAll(channels().found().keySet());
    return owners;
  }

  /** The keys of one of them, by their whole names: others load no class for theirs. */
  Map<String, ConfigKey> keysOf(String owner) {
    Map<String, ConfigKey> keys = new LinkedHashMap<>();
    SecretStoreFactory store = stores().found().get(owner);
    add(keys, owner, store == null ? List.of() : store.keys());
    SecretMetricsFactory figures = metrics().found().get(owner);
    add(keys, owner, figures == null ? List.of() : figures.keys());
    RotationChannelFactory channel = channels().found().get(owner);
    add(keys, owner, channel == null ? List.of() : channel.keys());
    return keys;
  }

  private static void add(Map<String, ConfigKey> to, String owner, List<ConfigKey> keys) {
    for (ConfigKey key : keys) {
      ConfigKey whole = key.under(owner);
      to.put(whole.name(), whole);
    }
  }

  /**
   * Whether a key is of an extension of this project that is not on the class path. Its settings
   * are allowed in a file that serves several programs.
   */
  boolean lackOwner(String key) {
    String owner = owner(key);
    return stores().lack(owner) || metrics().lack(owner) || channels().lack(owner);
  }

  /** Returns the writer of the audit log; called only if the configuration names one. */
  static SecretAudit audit() {
    for (SecretAudit audit : ServiceDiscovery.services(SecretAudit.class)) {
      return audit;
    }
    throw SecretException.of(SecretException.Kind.CONFIGURATION, "use the configuration")
        .problems(
            List.of(
                "audit.log: nothing on the class path writes it (add"
                    + " de.lifetimecircle.secrets:secrets-audit-log)"))
        .build();
  }

  /** Opens what a jar brings; returns null after adding the problems. */
  static <T> @Nullable T open(ConfigProblems problems, Supplier<T> opening) {
    try {
      return opening.get();
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.CONFIGURATION || e.problems().isEmpty()) {
        throw e;
      }
      for (String problem : e.problems()) {
        problems.add(problem);
      }
      return null;
    } catch (LinkageError e) { // a jar without its dependencies
      problems.add(
          "class path: "
              + StoreFailure.linkage(e)
                  .orElse("the JVM cannot link a class: " + e.getClass().getName())
              + " ("
              + StoreFailure.LINKAGE_ADVICE
              + ")");
      return null;
    }
  }
}
