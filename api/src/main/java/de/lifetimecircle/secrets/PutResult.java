package de.lifetimecircle.secrets;

/**
 * The result of a write. Immutable.
 *
 * <pre>{@code
 * try (SecretWriter writer = SecretWriter.open();
 *     SecretValue value = SecretValue.of("a-new-token")) {
 *   PutResult result = writer.put("API_TOKEN", value);
 *   if (result.outcome() != PutResult.Outcome.UNCHANGED) {
 *     writer.announce("API_TOKEN", result.version()); // with the setting push
 *   }
 * }
 * }</pre>
 *
 * @param version the id of the version that now holds the value; for {@code UNCHANGED}, of the one
 *     that held it before
 * @param outcome whether a version was made for it
 */
public record PutResult(String version, Outcome outcome) {
  /** The effect of a write. */
  public enum Outcome {
    /** The name is new. */
    CREATED,
    /** The name has a new version. */
    UPDATED,
    /** The current version has this very value already; none was made. */
    UNCHANGED
  }
}
