package de.lifetimecircle.secrets;

/**
 * One setting in force. Immutable.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * for (Setting setting : secrets.settings()) {
 *   System.out.println(setting.key() + "=" + setting.value() + " # " + setting.source());
 * }
 * }</pre>
 *
 * @param key the key, kebab-case
 * @param value its value; {@code redacted} for a key that bears a secret, and for every key of a
 *     backend that is not on the class path
 * @param source where it was set, in words: {@code builder}, {@code environment SECRETS_BACKEND} …
 */
public record Setting(String key, String value, String source) {}
