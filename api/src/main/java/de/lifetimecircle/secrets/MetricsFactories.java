package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.NearestName;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.TreeMap;
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

  /** All factories by word; two for one word are a mistake, as with backends. */
  static Map<String, SecretMetricsFactory> find(ConfigProblems problems) {
    Map<String, SecretMetricsFactory> factories = new TreeMap<>();
    try {
      for (SecretMetricsFactory factory : ClassPath.services(SecretMetricsFactory.class)) {
        SecretMetricsFactory other = factories.put(factory.word(), factory);
        if (other != null) {
          problems.add(
              "class path: two metrics for '"
                  + factory.word()
                  + "', "
                  + other.getClass().getName()
                  + " and "
                  + factory.getClass().getName()
                  + " (expected: one; remove a jar)");
        }
      }
    } catch (ServiceConfigurationError e) {
      problems.add("class path: metrics cannot be loaded: " + e.getMessage());
    }
    return factories;
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
