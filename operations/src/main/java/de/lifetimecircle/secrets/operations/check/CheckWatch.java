package de.lifetimecircle.secrets.operations.check;

/** Receives the progress of a check. Called by the thread that checks, so it must not block. */
@FunctionalInterface
public interface CheckWatch {
  /** Nobody. */
  CheckWatch NONE = (done, total) -> {};

  /** Takes how many secrets of how many are checked. */
  void at(long done, long total);
}
