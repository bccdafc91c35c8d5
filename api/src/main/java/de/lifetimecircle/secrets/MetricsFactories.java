package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.NearestName;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the metrics on the class path. */
final class MetricsFactories {
  /** The artifact to add for each word of this project. */
  static final Map<String, String> ARTIFACTS =
      Map.of(
          "micrometer", "de.lifetimecircle.secrets:secrets-micrometer",
          "opentelemetry", "de.lifetimecircle.secrets:secrets-opentelemetry");

  /** The words that need no artifact. */
  static final String NONE = "none";

  static final String LOG = "log";
  static final String JMX = "jmx";

  private MetricsFactories() {}

  /** All factories by word. */
  static Map<String, SecretMetricsFactory> find(ConfigProblems problems) {
    return ServiceDiscovery.byWord(
        SecretMetricsFactory.class, SecretMetricsFactory::word, "metrics", problems);
  }

  /** Explains that no metrics on the class path have a word. */
  static String missing(String word, Set<String> present) {
    String artifact = ARTIFACTS.get(word);
    if (artifact != null) {
      return "metrics: " + word + " (nothing on the class path for it; add " + artifact + ")";
    }
    Set<String> known = new TreeSet<>(Set.of(NONE, LOG, JMX));
    known.addAll(ARTIFACTS.keySet());
    known.addAll(present);
    String hint = NearestName.hint(word, known);
    return "metrics: " + word + " (expected: one or more of " + known + hint + ")";
  }
}
