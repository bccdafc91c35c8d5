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
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backends, metrics and channels of the jars on the class path.
 *
 * @param keys every key that can be set, by its whole name: the library's own first
 */
public record Extensions(
    Factories<SecretStoreFactory> stores,
    Factories<SecretMetricsFactory> metrics,
    Factories<RotationChannelFactory> channels,
    Map<String, ConfigKey> keys) {

  public static Extensions find(ConfigProblems problems) {
    Factories<SecretStoreFactory> stores = Factories.stores(problems);
    Factories<SecretMetricsFactory> metrics = Factories.metrics(problems);
    Factories<RotationChannelFactory> channels = Factories.channels(problems);
    Map<String, ConfigKey> keys = new LinkedHashMap<>();
    for (ConfigKey key : CoreSettings.KEYS) {
      keys.put(key.name(), key);
    }
    for (Map.Entry<String, SecretStoreFactory> each : stores.found().entrySet()) {
      add(keys, each.getKey(), each.getValue().keys());
    }
    for (Map.Entry<String, SecretMetricsFactory> each : metrics.found().entrySet()) {
      add(keys, each.getKey(), each.getValue().keys());
    }
    for (Map.Entry<String, RotationChannelFactory> each : channels.found().entrySet()) {
      add(keys, each.getKey(), each.getValue().keys());
    }
    return new Extensions(stores, metrics, channels, keys);
  }

  private static void add(Map<String, ConfigKey> to, String owner, List<ConfigKey> keys) {
    for (ConfigKey key : keys) {
      ConfigKey whole = key.under(owner);
      to.put(whole.name(), whole);
    }
  }

  /**
   * Whether this is the word of an extension of this project that is not on the class path. Its
   * settings are allowed in a file that serves several programs.
   */
  boolean lack(String owner) {
    return stores.lack(owner) || metrics.lack(owner) || channels.lack(owner);
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
