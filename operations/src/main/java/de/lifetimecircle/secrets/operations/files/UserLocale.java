package de.lifetimecircle.secrets.operations.files;

import java.util.Map;

/**
 * The locale of the user, for the programs that this one starts. The launcher gives the JVM a
 * locale with UTF-8, because a JVM decodes arguments, variables and names of files by it.
 * Stateless.
 */
public final class UserLocale {
  /** The variable that the launcher changes. */
  static final String VARIABLE = "LC_ALL";

  /** The launcher's property with the old value, empty if there was none; absent if unchanged. */
  static final String PROPERTY = "launcher.lc_all";

  private UserLocale() {}

  /** Gives the variables of a process the user's locale back. */
  public static void restore(Map<String, String> environment) {
    String own = System.getProperty(PROPERTY);
    if (own == null) {
      return;
    }
    if (own.isEmpty()) {
      environment.remove(VARIABLE);
    } else {
      environment.put(VARIABLE, own);
    }
  }
}
