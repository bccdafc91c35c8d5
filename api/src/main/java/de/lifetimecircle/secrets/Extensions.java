package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backends, metrics and channels of the jars on the class path, by scheme and by word. All have
 * settings that begin with it.
 */
record Extensions(
    Map<String, SecretStoreFactory> stores,
    Map<String, SecretMetricsFactory> metrics,
    Map<String, RotationChannelFactory> channels) {

  static Extensions find(ConfigProblems problems) {
    return new Extensions(
        StoreFactories.find(problems),
        MetricsFactories.find(problems),
        ChannelFactories.find(problems));
  }

  /** Every key that can be set, by its whole name: the library's own first. */
  Map<String, ConfigKey> allKeys() {
    Map<String, ConfigKey> keys = new LinkedHashMap<>();
    CoreSettings.KEYS.forEach(key -> keys.put(key.name(), key));
    stores.forEach((scheme, factory) -> add(keys, scheme, factory.keys()));
    metrics.forEach((word, factory) -> add(keys, word, factory.keys()));
    channels.forEach((word, factory) -> add(keys, word, factory.keys()));
    return keys;
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
    return (StoreFactories.ARTIFACTS.containsKey(owner) && !stores.containsKey(owner))
        || (MetricsFactories.ARTIFACTS.containsKey(owner) && !metrics.containsKey(owner))
        || (ChannelFactories.ARTIFACTS.containsKey(owner) && !channels.containsKey(owner));
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
