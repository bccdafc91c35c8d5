package de.lifetimecircle.secrets.operations.importing;

/**
 * A value of a file, with the name that the file has for it. Immutable; its text shows no value.
 *
 * @param name the name, made of characters that every backend accepts
 * @param value the value
 * @param place where the file has it, such as {@code line 3}
 */
public record ImportedValue(String name, String value, String place) {
  @Override
  public String toString() {
    return "ImportedValue[" + name + ", " + place + ", redacted]";
  }
}
