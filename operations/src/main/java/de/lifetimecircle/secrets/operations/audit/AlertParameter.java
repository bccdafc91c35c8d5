package de.lifetimecircle.secrets.operations.audit;

import java.util.Locale;

/**
 * A value that the script which deploys the alerts takes from its environment. Immutable.
 *
 * @param name the name of the template's parameter
 * @param meaning the value's meaning, for people
 */
record AlertParameter(String name, String meaning) {
  /** Returns the name of the variable. */
  String variable() {
    return name.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
  }
}
