package de.lifetimecircle.secrets.testkit;

/**
 * One place where a secret showed; says where, never what. Immutable.
 *
 * @param secret the label of the secret, not the secret
 * @param channel the kind of place: {@code log}, {@code exception}, {@code standard output} …
 * @param where the logger, class or file
 * @param form how it was written: {@code plain}, {@code base64}, {@code hex}, {@code length} …
 */
public record LeakFinding(String secret, String channel, String where, String form) {
  /** One line for people. */
  @Override
  public String toString() {
    return channel + " of " + where + ": " + secret + " as " + form;
  }
}
