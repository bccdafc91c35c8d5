package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.PutResult;

/**
 * A store that writes; goes with {@link Capability#WRITE}.
 *
 * <pre>{@code
 * Map<String, SecretValue> stored = new ConcurrentHashMap<>(); // the backend
 * PutRequest request = PutRequest.always("DB_PASSWORD", SecretValue.of("s3cret"));
 * SecretValue before = stored.get(request.name());
 * PutResult result;
 * if (request.value().equals(before)) {
 *   result = new PutResult("1", PutResult.Outcome.UNCHANGED);
 * } else {
 *   stored.put(request.name(), request.value().copy());
 *   result =
 *       new PutResult(
 *           before == null ? "1" : "2",
 *           before == null ? PutResult.Outcome.CREATED : PutResult.Outcome.UPDATED);
 * }
 * }</pre>
 */
public interface WritableStore extends SecretStore {
  /**
   * Stores a value and returns only when the backend has acknowledged it. A value equal to the
   * current one (or, for a pending put, to the pending one) makes no version and is {@code
   * UNCHANGED}.
   *
   * @param request the write; its value must not be closed, and copied if it is kept
   * @return the id of the version that has the value now, and whether the write made it
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFLICT} if the condition does not
   *     hold, {@code PENDING_DELETION}, {@code TOO_LARGE}, {@code BAD_NAME}; {@code UNSUPPORTED}
   *     for a condition or a stage whose capability is not declared
   */
  PutResult put(PutRequest request);

  /**
   * Returns whether there is no store in its place yet, so that the first put makes it, while reads
   * may fail as if it were not reachable. Asks no server.
   *
   * @return false unless a store says otherwise
   * @throws de.lifetimecircle.secrets.SecretException as a put, if there were to be a store
   */
  default boolean isUnmade() {
    return false;
  }

  /**
   * Makes a stored version current and the current one previous; goes with {@link
   * Capability#STAGES}.
   *
   * @param name the name with the setting {@code prefix}
   * @param version the id of a version that the backend still keeps
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code VERSION_NOT_FOUND};
   *     {@code UNSUPPORTED} where the capability is not declared
   */
  void promote(String name, String version);
}
