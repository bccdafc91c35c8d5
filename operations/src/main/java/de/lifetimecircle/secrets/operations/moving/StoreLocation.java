package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tells which store a provider's settings lead to, without secret settings. Stateless. */
final class StoreLocation {
  /** The settings of each scheme that locate a value; for an unknown scheme all settings count. */
  private static final Map<String, Set<String>> WHERE =
      Map.of(
          "aws", Set.of("region", "endpoint"),
          "azure", Set.of("vault-url", "names"),
          "gpg", Set.of("store"),
          "vault",
              Set.of("address", "namespace", "mount", "kv-version", "field", "field-separator"));

  private StoreLocation() {}

  /** Returns the location of values, which does not depend on login, network or timeouts. */
  static Map<String, String> of(SecretProvider provider) {
    Map<String, String> settings = settings(provider);
    String scheme = settings.getOrDefault("backend", "");
    Set<String> where = WHERE.getOrDefault(scheme, Set.of());
    String own = scheme + ".";
    if (!where.isEmpty()) {
      settings
          .keySet()
          .removeIf(key -> key.startsWith(own) && !where.contains(key.substring(own.length())));
    }
    return settings;
  }

  /** Returns all settings of the store, including those of its connection. */
  static Map<String, String> settings(SecretProvider provider) {
    Map<String, String> settings = new TreeMap<>();
    String backend = StoreSettings.backend(provider);
    for (Setting setting : provider.settings()) {
      boolean own = setting.key().startsWith(backend + ".") && !setting.value().equals("redacted");
      if (own || setting.key().equals("backend") || setting.key().equals("prefix")) {
        settings.put(setting.key(), setting.value());
      }
    }
    return settings;
  }
}
