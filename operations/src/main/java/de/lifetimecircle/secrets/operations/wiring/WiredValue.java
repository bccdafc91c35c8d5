package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;

/**
 * What a variable of a program is set to. Immutable; its text shows no value.
 *
 * @param wire the variable and its secret
 * @param value the value; good until the provider is closed that it was read from
 * @param origin where it is from; {@code OVERRIDE} for a local override
 */
public record WiredValue(WiredVariable wire, SecretValue value, Secret.Origin origin) {
  /** The name of the variable. */
  public String variable() {
    return wire.variable();
  }

  /** The name of the secret in the store. */
  public String name() {
    return wire.name();
  }

  /**
   * The value as text.
   *
   * @param place what is to hold the text, for the message
   * @throws SecretException {@code INVALID_VALUE} that names the secret, where it is not UTF-8 or
   *     has a NUL byte, which neither a variable nor a line of text can hold
   */
  String text(String place) {
    String text;
    try {
      text = value.asString();
    } catch (SecretException e) {
      throw e.kind() == SecretException.Kind.INVALID_VALUE
          ? unfit(place, "its value is not UTF-8 text")
          : e;
    }
    if (text.indexOf('\0') >= 0) {
      throw unfit(place, "its value has a NUL byte");
    }
    return text;
  }

  /** A failure that says why the value cannot be held, and not what it is. */
  SecretException unfit(String place, String why) {
    return SecretException.of(SecretException.Kind.INVALID_VALUE, "put into " + place + " secret")
        .name(name())
        .reason(why)
        .advice("Let the program read it with 'secrets get', or store it as Base64")
        .build();
  }
}
