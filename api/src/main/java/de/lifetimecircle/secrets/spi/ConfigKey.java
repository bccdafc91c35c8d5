package de.lifetimecircle.secrets.spi;

/**
 * One setting of a backend, as its documentation and its error messages name it. Immutable.
 *
 * @param name kebab-case, without the scheme: {@code key-file} is set as {@code gpg.key-file}
 * @param description one sentence for people
 * @param sensitivity whether its value may be shown
 */
public record ConfigKey(String name, String description, Sensitivity sensitivity) {
  /** Whether the value of a setting may be shown. */
  public enum Sensitivity {
    /** May be shown. */
    PUBLIC,
    /** Bears a secret: never in a message, a log or a listing. */
    SECRET
  }

  /** A setting whose value may be shown. */
  public static ConfigKey of(String name, String description) {
    return new ConfigKey(name, description, Sensitivity.PUBLIC);
  }

  /** A setting whose value is a secret. */
  public static ConfigKey secret(String name, String description) {
    return new ConfigKey(name, description, Sensitivity.SECRET);
  }
}
