package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.NearestName;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the channels for rotations on the class path. */
final class ChannelFactories {
  /** The artifact to add for each word of this project. */
  static final Map<String, String> ARTIFACTS =
      Map.of(
          "postgresql", "de.lifetimecircle.secrets:secrets-push-postgresql",
          "redis", "de.lifetimecircle.secrets:secrets-push-redis");

  /** The word that needs no artifact. */
  static final String NONE = "none";

  private ChannelFactories() {}

  /** All factories by word. */
  static Map<String, RotationChannelFactory> find(ConfigProblems problems) {
    return ServiceDiscovery.byWord(
        RotationChannelFactory.class, RotationChannelFactory::word, "channels", problems);
  }

  /** Explains that no channel on the class path has a word. */
  static String missing(String word, Set<String> present) {
    String artifact = ARTIFACTS.get(word);
    if (artifact != null) {
      return "push: " + word + " (nothing on the class path for it; add " + artifact + ")";
    }
    Set<String> known = new TreeSet<>(Set.of(NONE));
    known.addAll(ARTIFACTS.keySet());
    known.addAll(present);
    return "push: " + word + " (expected: one of " + known + NearestName.hint(word, known) + ")";
  }
}
