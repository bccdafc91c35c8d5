package de.lifetimecircle.secrets.spi;

/**
 * One setting of the library, of a backend or of metrics, as its documentation and its error
 * messages name it. Immutable.
 *
 * @param name kebab-case, without the scheme: {@code key-file} is set as {@code gpg.key-file}
 * @param description one sentence for people
 * @param sensitivity whether its value may be shown
 * @param standard the value that holds if none is set; empty if there is none
 */
public record ConfigKey(String name, String description, Sensitivity sensitivity, String standard) {
  /** Whether the value of a setting may be shown. */
  public enum Sensitivity {
    /** May be shown. */
    PUBLIC,
    /** Bears a secret: never in a message, a log or a listing. */
    SECRET
  }

  /** A setting whose value may be shown. */
  public static ConfigKey of(String name, String description) {
    return new ConfigKey(name, description, Sensitivity.PUBLIC, "");
  }

  /** A setting whose value is a secret. */
  public static ConfigKey secret(String name, String description) {
    return new ConfigKey(name, description, Sensitivity.SECRET, "");
  }

  /** Returns the same setting with the value that holds if none is set. */
  public ConfigKey withStandard(String value) {
    return new ConfigKey(name, description, sensitivity, value);
  }

  /** Returns the same setting by its whole name, the owner's word and a dot before it. */
  public ConfigKey under(String owner) {
    return new ConfigKey(owner + "." + name, description, sensitivity, standard);
  }
}
