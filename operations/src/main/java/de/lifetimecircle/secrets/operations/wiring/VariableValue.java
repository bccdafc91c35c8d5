package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;

/**
 * The value for a variable of a program. Immutable; its text shows no value.
 *
 * @param wire the variable and its secret
 * @param value the value, valid until its provider is closed
 * @param origin its origin; {@code OVERRIDE} for a local override
 */
public record VariableValue(SecretVariable wire, SecretValue value, Secret.Origin origin) {
  /** Returns the name of the variable. */
  public String variable() {
    return wire.variable();
  }

  /** Returns the name of the secret in the store. */
  public String name() {
    return wire.name();
  }

  /**
   * Returns the value as text.
   *
   * @param place the receiver of the text, for the message
   * @throws SecretException {@code INVALID_VALUE} if the value is not UTF-8 or has a NUL byte;
   *     names the secret
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

  /** Returns a failure with the reason and without the value. */
  SecretException unfit(String place, String why) {
    return SecretException.of(SecretException.Kind.INVALID_VALUE, "put into " + place + " secret")
        .name(name())
        .reason(why)
        .advice(
            "Let the program read it with 'secrets get "
                + ShellWord.of(name())
                + "', or store it as Base64")
        .build();
  }
}
