package de.lifetimecircle.secrets.jdbc;

/**
 * One way into a database. Immutable; {@code toString} shows neither user nor password.
 *
 * @param url the JDBC URL, which contains neither
 * @param user the name of the user
 * @param password the password
 */
record DatabaseLogin(String url, String user, String password) {

  /** Shows the URL only. */
  @Override
  public String toString() {
    return "DatabaseLogin[" + url + "]";
  }
}
