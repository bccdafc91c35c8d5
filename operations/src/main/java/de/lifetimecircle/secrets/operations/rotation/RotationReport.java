package de.lifetimecircle.secrets.operations.rotation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a rotation stands. Immutable; holds no value.
 *
 * @param rotation its id, which the log and every hook have too
 * @param environment the environment
 * @param secret the name in the inventory
 * @param outcome how it stands
 * @param oldValue whether the old value was shown to be refused
 * @param changes what it changes: the secret first, then what goes with it
 * @param retireAt when the old value's grace ends; nothing before the new one is in service
 */
public record RotationReport(
    String rotation,
    String environment,
    String secret,
    Outcome outcome,
    OldValue oldValue,
    List<Changed> changes,
    Optional<Instant> retireAt) {

  /** How a rotation stands. */
  public enum Outcome {
    /** It was stopped, and waits for somebody to resume it or to give it up. */
    OPEN,
    /** The new value is in service, and the old one is valid until its grace ends. */
    WAITING,
    /** The new value is in service, and the old one is retired. */
    FINISHED,
    /** The old value is in service again. */
    ROLLED_BACK,
    /** It was given up: what was served stays, and nothing is pending any more. */
    ABANDONED
  }

  /** What is known of the old value in the place that it opened. */
  public enum OldValue {
    /** The hook {@code retire} ran now and found that the old value is refused. */
    REFUSED,
    /** Nothing has tried it. */
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

  /** The secret's name in the store. */
  public String name() {
    return changes.get(0).name();
  }
}
