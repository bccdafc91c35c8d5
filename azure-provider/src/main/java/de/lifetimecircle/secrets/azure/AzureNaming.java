package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Optional;

/** How names become names of the vault. Stateless. */
enum AzureNaming {
  /** By the escape of {@link AzureNames}: takes any name, and tells small from capital letters. */
  MAPPED {
    @Override
    String stored(String name) {
      return AzureNames.encode(name);
    }

    @Override
    Optional<String> name(String stored) {
      return AzureNames.decode(stored);
    }
  },

  /** As they are: for names that people made in the vault. */
  PLAIN {
    @Override
    String stored(String name) {
      if (!isLegal(name)) {
        throw AzureErrors.badName(
            "azure.names=plain accepts letters, digits and '-' only, at most "
                + AzureNames.MAX_LENGTH);
      }
      return name;
    }

    @Override
    Optional<String> name(String stored) {
      return Optional.of(stored);
    }
  };

  /** Whether a vault can have such a name. */
  static boolean isLegal(String name) {
    return name.matches("[0-9A-Za-z-]{1," + AzureNames.MAX_LENGTH + "}");
  }

  /**
   * Returns the vault's name for a name.
   *
   * @throws StoreFailure {@code BAD_NAME} if the vault cannot hold this name
   */
  abstract String stored(String name);

  /** Whose stored name it is; empty if it is none of ours. */
  abstract Optional<String> name(String stored);
}
