package de.lifetimecircle.secrets.operations.rotation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of a rotation. Immutable; holds no value.
 *
 * @param rotation its id, which the log and every hook have too
 * @param environment the environment
 * @param secret the name in the inventory
 * @param outcome its outcome so far
 * @param oldValue whether a hook has shown that the old value is refused
 * @param changes the names that change: the secret first, then its user and templates
 * @param retireAt the end of the old value's grace; empty before the new one is in service
 */
public record RotationReport(
    String rotation,
    String environment,
    String secret,
    Outcome outcome,
    OldValue oldValue,
    List<Changed> changes,
    Optional<Instant> retireAt) {

  /** The outcome of a rotation so far. */
  public enum Outcome {
    /** The rotation was interrupted and waits for a person to resume or abandon it. */
    OPEN,
    /** The new value is in service, and the old one is valid until its grace ends. */
    WAITING,
    /** The new value is in service, and the old one is retired. */
    FINISHED,
    /** The old value is in service again. */
    ROLLED_BACK,
    /** The rotation was abandoned: the served value stays, and nothing is pending. */
    ABANDONED
  }

  /** Whether the system that the old value opened still accepts it. */
  public enum OldValue {
    /** The hook {@code retire} ran now and found that the old value is refused. */
    REFUSED,
    /** No hook has tested it. */
    NOT_TRIED
  }

  /**
   * One name that a rotation changes.
   *
   * @param name its name in the store
   * @param oldVersion the version that was served when it began
   * @param newVersion the version that is served since the promotion; empty before
   */
  public record Changed(String name, String oldVersion, String newVersion) {}

  /** Copies the list. */
  public RotationReport {
    changes = List.copyOf(changes);
  }

  /** Returns the secret's name in the store. */
  public String name() {
    return changes.get(0).name();
  }
}
