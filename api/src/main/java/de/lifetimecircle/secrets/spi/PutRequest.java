package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.Stage;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One write. Immutable; {@code toString} shows no value.
 *
 * <pre>{@code
 * SecretValue value = SecretValue.of("s3cret");
 * PutRequest request = PutRequest.ifVersion("DB_PASSWORD", "17", value);
 * String current = "18"; // of the name, at the backend
 * if (request.condition() == PutRequest.Condition.IF_VERSION
 *     && !current.equals(request.expectedVersion())) {
 *   throw StoreFailure.of(SecretException.Kind.CONFLICT, "another version is current", null)
 *       .toException("example", "put secret", request.name());
 * }
 * }</pre>
 *
 * @param name the name with the setting {@code prefix}
 * @param value the bytes to store; stays the caller's, so a store must not close it
 * @param condition the state of the name in which the write is done at all
 * @param expectedVersion the version that must be current; present exactly for {@code IF_VERSION}
 * @param stage {@code CURRENT} to serve it at once, {@code PENDING} to keep it for a promotion
 * @param id chosen at random for this write and kept when it is tried again; says nothing of the
 *     value
 * @param description the purpose of the secret in words, for a store that keeps a text for people
 *     beside a new secret; null if the caller gave none
 */
public record PutRequest(
    String name,
    SecretValue value,
    Condition condition,
    @Nullable String expectedVersion,
    Stage stage,
    UUID id,
    @Nullable String description) {

  /** When a write is done. */
  public enum Condition {
    /** Whatever is there. */
    ALWAYS,
    /** Only if the name is new. */
    CREATE_ONLY,
    /** Only if the current version is the expected one. */
    IF_VERSION
  }

  /**
   * Checks that the parts fit each other.
   *
   * @param name the name with the setting {@code prefix}
   * @param value the bytes to store; stays the caller's
   * @param condition the state of the name in which the write is done
   * @param expectedVersion null unless the condition is {@code IF_VERSION}
   * @param stage {@code CURRENT} or {@code PENDING}
   * @param id the same for each try of one write
   * @param description the purpose of the secret; null for none
   * @throws IllegalArgumentException if the stage is {@code PREVIOUS}, or if {@code
   *     expectedVersion} does not go with the condition
   */
  public PutRequest {
    if ((condition == Condition.IF_VERSION) != (expectedVersion != null)) {
      throw new IllegalArgumentException(
          "expectedVersion: " + expectedVersion + " (expected: present exactly for IF_VERSION)");
    }
    if (stage == Stage.PREVIOUS) {
      throw new IllegalArgumentException("stage: PREVIOUS (expected: CURRENT or PENDING)");
    }
  }

  /**
   * Adds the purpose of the secret in words.
   *
   * @param purpose the text for people; null for none
   * @return the same request, of the same id, with that description
   */
  public PutRequest describedAs(@Nullable String purpose) {
    return new PutRequest(name, value, condition, expectedVersion, stage, id, purpose);
  }

  /**
   * Makes a request for a write that is done whatever is there.
   *
   * @param name the name with the setting {@code prefix}
   * @param value the bytes to store; stays the caller's
   * @return a request for the current version, with an id of its own
   */
  public static PutRequest always(String name, SecretValue value) {
    return of(name, value, Condition.ALWAYS, null, Stage.CURRENT);
  }

  /**
   * Makes a request for a write that is done only if the name is new.
   *
   * @param name the name with the setting {@code prefix}
   * @param value the bytes to store; stays the caller's
   * @return a request for the current version, with an id of its own
   */
  public static PutRequest createOnly(String name, SecretValue value) {
    return of(name, value, Condition.CREATE_ONLY, null, Stage.CURRENT);
  }

  /**
   * Makes a request for a write that is done only if a version is still current.
   *
   * @param name the name with the setting {@code prefix}
   * @param version the id of the version that must be current
   * @param value the bytes to store; stays the caller's
   * @return a request for the current version, with an id of its own
   */
  public static PutRequest ifVersion(String name, String version, SecretValue value) {
    return of(name, value, Condition.IF_VERSION, version, Stage.CURRENT);
  }

  /**
   * Makes a request for a write of the pending version.
   *
   * @param name the name with the setting {@code prefix}
   * @param value the bytes to store; stays the caller's
   * @return a request that leaves the current version as it is, with an id of its own
   */
  public static PutRequest pending(String name, SecretValue value) {
    return of(name, value, Condition.ALWAYS, null, Stage.PENDING);
  }

  private static PutRequest of(
      String name,
      SecretValue value,
      Condition condition,
      @Nullable String expectedVersion,
      Stage stage) {
    UUID id = UUID.randomUUID();
    return new PutRequest(name, value, condition, expectedVersion, stage, id, null);
  }
}
