package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.Stage;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One write. Immutable; {@code toString} shows no value.
 *
 * @param name the name
 * @param value the value; stays the caller's
 * @param condition when the write is done at all
 * @param expectedVersion the version that must be current; present exactly for {@code IF_VERSION}
 * @param stage {@code CURRENT} to serve it at once, {@code PENDING} to keep it for a promotion
 * @param id chosen at random for this write and kept when it is tried again; says nothing of the
 *     value
 * @param description the purpose of the secret in words, for a store that keeps a text for people
 *     beside a new secret; null if nobody gave one
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

  /** Checks that the parts fit each other. */
  public PutRequest {
    if ((condition == Condition.IF_VERSION) != (expectedVersion != null)) {
      throw new IllegalArgumentException(
          "expectedVersion: " + expectedVersion + " (expected: present exactly for IF_VERSION)");
    }
    if (stage == Stage.PREVIOUS) {
      throw new IllegalArgumentException("stage: PREVIOUS (expected: CURRENT or PENDING)");
    }
  }

  /** Makes a request without a description. */
  public PutRequest(
      String name,
      SecretValue value,
      Condition condition,
      @Nullable String expectedVersion,
      Stage stage,
      UUID id) {
    this(name, value, condition, expectedVersion, stage, id, null);
  }

  /** Returns the same request with the purpose of the secret in words; null for none. */
  public PutRequest describedAs(@Nullable String purpose) {
    return new PutRequest(name, value, condition, expectedVersion, stage, id, purpose);
  }

  /** A write that is done whatever is there. */
  public static PutRequest always(String name, SecretValue value) {
    return of(name, value, Condition.ALWAYS, null, Stage.CURRENT);
  }

  /** A write that is done only if the name is new. */
  public static PutRequest createOnly(String name, SecretValue value) {
    return of(name, value, Condition.CREATE_ONLY, null, Stage.CURRENT);
  }

  /** A write that is done only if that version is current. */
  public static PutRequest ifVersion(String name, String version, SecretValue value) {
    return of(name, value, Condition.IF_VERSION, version, Stage.CURRENT);
  }

  /** A write of the pending version. */
  public static PutRequest pending(String name, SecretValue value) {
    return of(name, value, Condition.ALWAYS, null, Stage.PENDING);
  }

  private static PutRequest of(
      String name,
      SecretValue value,
      Condition condition,
      @Nullable String expectedVersion,
      Stage stage) {
    return new PutRequest(name, value, condition, expectedVersion, stage, UUID.randomUUID());
  }
}
