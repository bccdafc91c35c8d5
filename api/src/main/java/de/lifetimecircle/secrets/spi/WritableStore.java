package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.PutResult;

/** A store that writes; goes with {@link Capability#WRITE}. */
public interface WritableStore extends SecretStore {
  /**
   * Stores a value and returns only when the backend has acknowledged it. A value equal to the
   * current one (or, for a pending put, to the pending one) makes no version and is {@code
   * UNCHANGED}.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFLICT} if the condition does not
   *     hold, {@code PENDING_DELETION}, {@code TOO_LARGE}, {@code BAD_NAME}; {@code UNSUPPORTED}
   *     for a condition or a stage whose capability is not declared
   */
  PutResult put(PutRequest request);

  /**
   * Makes a stored version current and the current one previous; goes with {@link
   * Capability#STAGES}.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code NOT_FOUND}, {@code VERSION_NOT_FOUND};
   *     {@code UNSUPPORTED} where the capability is not declared
   */
  void promote(String name, String version);
}
