package de.lifetimecircle.secrets.operations.moving;

/**
 * Receives the progress of a migration. Called by the thread that migrates, so it must not block.
 */
@FunctionalInterface
public interface MigrationWatch {
  /** A part of a migration. Its constants name the unit that it counts. */
  enum Phase {
    /** Secrets, each compared with the target. */
    PLAN,
    /** Versions. */
    COPY,
    /** Secrets, each compared with its copy. */
    VERIFY
  }

  /** Reports to no one. */
  MigrationWatch NONE = (phase, done, total) -> {};

  /** Takes how many of how many are done. */
  void at(Phase phase, long done, long total);
}
