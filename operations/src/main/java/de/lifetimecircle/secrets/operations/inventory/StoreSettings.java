package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import java.util.Optional;

/** Looks up the settings with which a store was opened; asks no backend. Stateless. */
public final class StoreSettings {
  private StoreSettings() {}

  /** Returns the value of a setting; the empty text if the store has none of that key. */
  public static String value(SecretProvider provider, String key) {
    return provider.settings().stream()
        .filter(setting -> setting.key().equals(key))
        .map(Setting::value)
        .findFirst()
        .orElse("");
  }

  /** Returns the scheme of the backend, such as {@code aws}. */
  public static String backend(SecretProvider provider) {
    return value(provider, "backend");
  }

  /** Returns what {@link #backend} returns; empty if no setting names one. */
  public static Optional<String> chosenBackend(SecretProvider provider) {
    return provider.settings().stream()
        .filter(setting -> setting.key().equals("backend") && !setting.source().equals("default"))
        .map(Setting::value)
        .findFirst();
  }
}
