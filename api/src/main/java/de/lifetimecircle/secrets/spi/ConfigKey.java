package de.lifetimecircle.secrets.spi;

/**
 * One setting of the library, of a backend or of metrics, as its documentation and its error
 * messages name it. Immutable.
 *
 * <pre>{@code
 * List<ConfigKey> keys =
 *     List.of(
 *         ConfigKey.of("url", "The address of the server."),
 *         ConfigKey.of("namespace", "The folder of the secrets.").withStandard("default"),
 *         ConfigKey.secret("token", "The token to log in with."));
 * }</pre>
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

  /**
   * Describes a setting whose value may be shown.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people, with its full stop
   * @return a key without a default value
   */
  public static ConfigKey of(String name, String description) {
    return new ConfigKey(name, description, Sensitivity.PUBLIC, "");
  }

  /**
   * Describes a setting whose value is a secret.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people, with its full stop
   * @return a key without a default value, whose value never appears in a message
   */
  public static ConfigKey secret(String name, String description) {
    return new ConfigKey(name, description, Sensitivity.SECRET, "");
  }

  /**
   * Adds a default value. It is documentation: the store itself uses it when the key is not set.
   *
   * @param value the value that holds if none is set, as a user would write it
   * @return the same setting with that default
   */
  public ConfigKey withStandard(String value) {
    return new ConfigKey(name, description, sensitivity, value);
  }

  /**
   * Puts the owner's word and a dot before the name, as a user writes the key.
   *
   * @param owner the scheme of a backend, or the word of metrics or of a channel
   * @return the same setting by its whole name: {@code url} of {@code vault} is {@code vault.url}
   */
  public ConfigKey under(String owner) {
    return new ConfigKey(owner + "." + name, description, sensitivity, standard);
  }
}
