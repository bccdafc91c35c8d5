package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds the providers on the class path. */
final class Backends {
  /** The artifact to add for each scheme of this project. */
  static final Map<String, String> ARTIFACTS =
      Map.of(
          "gpg", "de.lifetimecircle.secrets:secrets-file-gpg-provider",
          "aws", "de.lifetimecircle.secrets:secrets-aws-provider",
          "azure", "de.lifetimecircle.secrets:secrets-azure-provider",
          "vault", "de.lifetimecircle.secrets:secrets-vault-provider");

  private Backends() {}

  /** All factories by scheme; two for one scheme are a mistake, never "the first wins". */
  static Map<String, SecretStoreFactory> find(ConfigProblems problems) {
    Map<String, SecretStoreFactory> factories = new TreeMap<>();
    try {
      for (SecretStoreFactory factory :
          ServiceLoader.load(SecretStoreFactory.class, ConfigSources.loader())) {
        SecretStoreFactory other = factories.put(factory.scheme(), factory);
        if (other != null) {
          problems.add(
              String.format(
                  Locale.ROOT,
                  "class path: two providers for '%s', %s and %s (expected: one; remove a jar)",
                  factory.scheme(),
                  other.getClass().getName(),
                  factory.getClass().getName()));
        }
      }
    } catch (ServiceConfigurationError e) {
      problems.add("class path: a provider cannot be loaded: " + e.getMessage());
    }
    return factories;
  }

  /** What is wrong with a scheme that no provider on the class path has. */
  static String missing(String scheme, Map<String, SecretStoreFactory> present) {
    String artifact = ARTIFACTS.get(scheme);
    if (artifact != null) {
      return String.format(
          Locale.ROOT,
          "backend: %s (no provider for it on the class path; add %s)",
          scheme,
          artifact);
    }
    TreeMap<String, String> known = new TreeMap<>(ARTIFACTS);
    present.keySet().forEach(s -> known.put(s, s));
    return String.format(
        Locale.ROOT,
        "backend: %s (expected: one of %s%s)",
        scheme,
        known.keySet(),
        NearestKey.hint(scheme, known.keySet()));
  }
}
