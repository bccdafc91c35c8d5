package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The secret that a property name stands for: {@code secret.NAME}, or {@code secret.NAME#field} for
 * one field of a JSON object.
 *
 * @param name the name of the secret
 * @param field the field; empty for the whole value
 */
record SecretReference(String name, String field) {
  static final String PREFIX = "secret.";

  /**
   * Returns the secret that a property name stands for; null for a name of another source, or that
   * Spring only tries. It tries the whole text {@code secret.NAME:default} before it splits off the
   * default, and no backend takes a colon in a name.
   */
  static @Nullable SecretReference of(String property) {
    if (!property.startsWith(PREFIX) || property.indexOf(':') >= 0) {
      return null;
    }
    String rest = property.substring(PREFIX.length());
    int hash = rest.indexOf('#');
    SecretReference reference =
        hash < 0
            ? new SecretReference(rest, "")
            : new SecretReference(rest.substring(0, hash), rest.substring(hash + 1));
    return reference.name.isEmpty() ? null : reference;
  }

  /** The text of a version that this names. */
  String of(Secret secret) {
    return field.isEmpty() ? secret.asString() : secret.value().json(field);
  }

  /** The placeholder of the secret. */
  @Override
  public String toString() {
    return "${" + PREFIX + name + (field.isEmpty() ? "" : "#" + field) + "}";
  }
}
