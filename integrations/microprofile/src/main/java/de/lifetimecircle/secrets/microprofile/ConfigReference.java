package de.lifetimecircle.secrets.microprofile;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;

/**
 * What an expression names: {@code NAME}, or {@code NAME#field} for one field of a JSON object.
 *
 * @param name the name of the secret
 * @param field the field; empty for the whole value
 */
record ConfigReference(String name, String field) {
  /**
   * Reads the text of an expression.
   *
   * @throws SecretException {@code BAD_NAME} if the name has a colon or a brace
   */
  static ConfigReference of(String text) {
    for (char forbidden : new char[] {':', '{', '}'}) {
      if (text.indexOf(forbidden) >= 0) {
        throw SecretException.of(Kind.BAD_NAME, "use the name")
            .name(text)
            .reason(
                "it has a '"
                    + forbidden
                    + "', which expressions of MicroProfile Config cannot"
                    + " carry")
            .advice("Give the secret a name of letters, digits, '_', '-' and '/'")
            .build();
      }
    }
    int hash = text.indexOf('#');
    return hash < 0
        ? new ConfigReference(text, "")
        : new ConfigReference(text.substring(0, hash), text.substring(hash + 1));
  }

  /** The text of a version that this names. */
  String of(Secret secret) {
    return field.isEmpty() ? secret.asString() : secret.value().json(field);
  }
}
