package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import de.lifetimecircle.secrets.spi.CheckFacts;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Finds out whether an empty list means that there is no store of files at all, as with the
 * settings of another one or those of another home. Stateless.
 */
public final class MissingStore {
  private MissingStore() {}

  /**
   * Rejects a store of files that does not exist yet.
   *
   * @param message makes the message for its place
   * @throws CommandFailure if there is none
   */
  public static void reject(SecretProvider provider, UnaryOperator<String> message) {
    boolean isFiles = StoreSettings.backend(provider).equals("gpg");
    Map<String, String> facts = isFiles ? provider.check() : Map.of();
    if (facts.containsKey(CheckFacts.NO_STORE)) {
      throw CommandFailure.notFound(message.apply(facts.getOrDefault("store", "that place")));
    }
  }
}
