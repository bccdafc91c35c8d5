package de.lifetimecircle.secrets.agent;

import java.util.Optional;

/** The audit log of answers and denials, with their callers. Safe for use by several threads. */
interface ReadLog {
  /** A log that keeps nothing, where the configuration names none. */
  ReadLog NONE = (operation, caller, principal, name, version, outcome) -> {};

  /**
   * Writes one line.
   *
   * @param operation the requested operation: a read, a list of names, or one of versions
   * @param caller the other end
   * @param principal the user or the token whose rights counted
   * @param name the name as it was asked for; for a list the prefix
   * @param version the version that was given
   * @param outcome {@code ok}, or the kind of failure
   */
  void write(
      String operation,
      Caller caller,
      String principal,
      String name,
      Optional<String> version,
      String outcome);
}
