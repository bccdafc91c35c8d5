package de.lifetimecircle.secrets.operations.check;

/** Receives the progress of a check. Called by the thread that checks, so it must not block. */
@FunctionalInterface
public interface CheckWatch {
  /** Ignores the progress. */
  CheckWatch NONE = (done, total) -> {};

  /** Receives the number of secrets that were checked, and of all. */
  void at(long done, long total);
}
