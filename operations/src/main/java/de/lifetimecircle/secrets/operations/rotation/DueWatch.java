package de.lifetimecircle.secrets.operations.rotation;

/**
 * Receives the progress of a list of due rotations. Called by the thread that asks the backend, so
 * it must not block.
 */
@FunctionalInterface
public interface DueWatch {
  /** Nobody. */
  DueWatch NONE = (done, total) -> {};

  /** Takes how many secrets of how many it knows now. */
  void at(long done, long total);
}
