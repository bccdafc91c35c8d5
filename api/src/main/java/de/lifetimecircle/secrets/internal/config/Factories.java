package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.NearestName;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The factories of one kind that the jars on the class path bring.
 *
 * @param key the setting that chooses one of them by its word
 * @param absent what a message says of a word whose artifact is not there
 * @param choice how many words the setting takes, for messages
 * @param builtIn the words that need no artifact
 * @param artifacts the end of the artifact's name for each word of this project
 * @param found the factories by word
 */
record Factories<F>(
    String key,
    String absent,
    String choice,
    Set<String> builtIn,
    Map<String, String> artifacts,
    Map<String, F> found) {
  static final String NONE = "none";
  static final String LOG = "log";
  static final String JMX = "jmx";

  static Factories<SecretStoreFactory> stores(ConfigProblems problems) {
    return new Factories<>(
        Configuration.BACKEND,
        "no provider for it on the class path",
        "one of",
        Set.of(),
        Map.of(
            "gpg", "file-gpg-provider",
            "aws", "aws-provider",
            "azure", "azure-provider",
            "vault", "vault-provider"),
        ServiceDiscovery.byWord(
            SecretStoreFactory.class, SecretStoreFactory::scheme, "providers", problems));
  }

  static Factories<SecretMetricsFactory> metrics(ConfigProblems problems) {
    return new Factories<>(
        "metrics",
        "nothing on the class path for it",
        "one or more of",
        Set.of(NONE, LOG, JMX),
        Map.of("micrometer", "micrometer", "opentelemetry", "opentelemetry"),
        ServiceDiscovery.byWord(
            SecretMetricsFactory.class, SecretMetricsFactory::word, "metrics", problems));
  }

  static Factories<RotationChannelFactory> channels(ConfigProblems problems) {
    return new Factories<>(
        "push",
        "nothing on the class path for it",
        "one of",
        Set.of(NONE),
        Map.of("postgresql", "push-postgresql", "redis", "push-redis"),
        ServiceDiscovery.byWord(
            RotationChannelFactory.class, RotationChannelFactory::word, "channels", problems));
  }

  /** Whether this is a word of this project whose artifact is not on the class path. */
  boolean lack(String word) {
    return artifacts.containsKey(word) && !found.containsKey(word);
  }

  /** Opens what a word names; returns null after adding the problems. */
  <T> @Nullable T open(String word, ConfigProblems problems, Function<F, T> opening) {
    F factory = found.get(word);
    if (factory == null) {
      problems.add(key + ": " + word + " (" + missing(word) + ")");
      return null;
    }
    return Extensions.open(problems, () -> opening.apply(factory));
  }

  private String missing(String word) {
    String artifact = artifacts.get(word);
    if (artifact != null) {
      return absent + "; add de.lifetimecircle.secrets:secrets-" + artifact;
    }
    Set<String> known = new TreeSet<>(builtIn);
    known.addAll(artifacts.keySet());
    known.addAll(found.keySet());
    return "expected: " + choice + " " + known + NearestName.hint(word, known);
  }
}
