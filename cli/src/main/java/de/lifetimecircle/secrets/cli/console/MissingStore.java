package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out whether an empty list means that there is no store of files at all, as with the
 * settings of another one or those of another home. Stateless.
 */
public final class MissingStore {
  private MissingStore() {}

  /** Returns the folder in which no store has been made yet. */
  public static Optional<String> place(SecretProvider provider) {
    boolean isFiles = StoreSettings.backend(provider).equals("gpg");
    Map<String, String> facts = isFiles ? provider.check() : Map.of();
    return facts.containsKey("not there yet")
        ? Optional.ofNullable(facts.get("store"))
        : Optional.empty();
  }
}
