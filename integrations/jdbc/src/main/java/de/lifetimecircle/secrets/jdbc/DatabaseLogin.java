package de.lifetimecircle.secrets.jdbc;

import java.util.Map;

/**
 * One way into a database. Immutable; {@code toString} shows neither user nor password.
 *
 * @param url the JDBC URL, which contains neither
 * @param user the name of the user
 * @param password the password
 * @param otherPasswords more properties for the driver, such as the password of its key; a driver
 *     shows its URL in messages
 */
record DatabaseLogin(String url, String user, String password, Map<String, String> otherPasswords) {

  DatabaseLogin {
    otherPasswords = Map.copyOf(otherPasswords);
  }

  /** A login with no other password. */
  DatabaseLogin(String url, String user, String password) {
    this(url, user, password, Map.of());
  }

  /** Shows the URL only. */
  @Override
  public String toString() {
    return "DatabaseLogin[" + url + "]";
  }
}
