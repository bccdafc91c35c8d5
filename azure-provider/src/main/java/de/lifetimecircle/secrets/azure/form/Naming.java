package de.lifetimecircle.secrets.azure.form;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Optional;

/** How names become names of the vault. Stateless. */
public enum Naming {
  /** By the escape of {@link NameEscape}: takes any name, and tells small from capital letters. */
  MAPPED {
    @Override
    public String stored(String name) {
      return NameEscape.encode(name);
    }

    @Override
    public Optional<String> name(String stored) {
      return NameEscape.decode(stored);
    }
  },

  /** As they are: for names that people made in the vault. */
  PLAIN {
    @Override
    public String stored(String name) {
      if (!isLegal(name)) {
        throw NameEscape.bad(
            "azure.names=plain accepts letters, digits and '-' only, at most "
                + NameEscape.MAX_LENGTH);
      }
      return name;
    }

    @Override
    public Optional<String> name(String stored) {
      return Optional.of(stored);
    }
  };

  /** Whether a vault can have such a name. */
  public static boolean isLegal(String name) {
    return name.matches("[0-9A-Za-z-]{1," + NameEscape.MAX_LENGTH + "}");
  }

  /**
   * Returns the vault's name for a name.
   *
   * @throws StoreFailure {@code BAD_NAME} if the vault cannot hold this name
   */
  public abstract String stored(String name);

  /** Whose stored name it is; empty if it is none of ours. */
  public abstract Optional<String> name(String stored);
}
