package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.NearestName;
import de.lifetimecircle.secrets.spi.SecretAudit;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the providers on the class path. */
final class StoreFactories {
  /** The artifact to add for each scheme of this project. */
  static final Map<String, String> ARTIFACTS =
      Map.of(
          "gpg", "de.lifetimecircle.secrets:secrets-file-gpg-provider",
          "aws", "de.lifetimecircle.secrets:secrets-aws-provider",
          "azure", "de.lifetimecircle.secrets:secrets-azure-provider",
          "vault", "de.lifetimecircle.secrets:secrets-vault-provider");

  private StoreFactories() {}

  /** All factories by scheme. */
  static Map<String, SecretStoreFactory> find(ConfigProblems problems) {
    return ServiceDiscovery.byWord(
        SecretStoreFactory.class, SecretStoreFactory::scheme, "providers", problems);
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

  /** Explains that no provider on the class path has a scheme. */
  static String missing(String scheme, Map<String, SecretStoreFactory> present) {
    String artifact = ARTIFACTS.get(scheme);
    if (artifact != null) {
      return "backend: " + scheme + " (no provider for it on the class path; add " + artifact + ")";
    }
    Set<String> known = new TreeSet<>(ARTIFACTS.keySet());
    known.addAll(present.keySet());
    String hint = NearestName.hint(scheme, known);
    return "backend: " + scheme + " (expected: one of " + known + hint + ")";
  }
}
