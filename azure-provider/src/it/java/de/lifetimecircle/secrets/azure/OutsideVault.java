package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.azure.config.Cloud;
import de.lifetimecircle.secrets.azure.form.NameEscape;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.testkit.ScratchNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A vault that somebody else runs, named by the environment ({@code SECRETS_TEST_AZURE_VAULT_URL}
 * and its like), below a prefix of this test's own. What was written is deleted and purged at the
 * end.
 */
final class OutsideVault {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "AUTHORITY", "authority",
          "TENANT_ID", "tenant-id",
          "CLIENT_ID", "client-id",
          "CLIENT_SECRET", "client-secret",
          "CACERT", "ca-file");

  /** A recover takes about 12 s at the service, a purge with its deletion as long again. */
  static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final AzureTestVault settings;
  private final ScratchNames scratch =
      ScratchNames.below("scratch" + UUID.randomUUID().toString().substring(0, 8) + "/");

  private OutsideVault(AzureTestVault settings) {
    this.settings = settings;
  }

  /** The vault that the environment names. */
  static Optional<OutsideVault> named() {
    return variable("VAULT_URL").map(url -> new OutsideVault(settings(url)));
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv("SECRETS_TEST_AZURE_" + name))
        .filter(value -> !value.isBlank());
  }

  private static AzureTestVault settings(String url) {
    AzureTestVault settings = new AzureTestVault().with("vault-url", url).within(TIMEOUT);
    SETTINGS.forEach((name, key) -> variable(name).ifPresent(value -> settings.with(key, value)));
    if (settings.settings.containsKey("client-secret")) {
      settings.with("credential", "client-secret");
    }
    if (Cloud.of(java.net.URI.create(url)).isEmpty()) {
      settings.with("challenge-verification", "off").with("instance-discovery", "off");
    }
    return settings;
  }

  /** The longest name that leaves room for the prefix. */
  int maxName() {
    return NameEscape.MAX_LENGTH - NameEscape.encode(scratch.prefix()).length();
  }

  Set<String> credentials() {
    String secret = settings.settings.get("client-secret");
    return secret == null ? Set.of() : Set.of(secret);
  }

  /** A client that sees its own names only. */
  SecretStore open() {
    return scratch.in(settings.open());
  }

  /** Removes what was written, whatever state it is in. */
  void clean() {
    try (AzureStore store = settings.open()) {
      scratch.clean(store);
    }
  }
}
