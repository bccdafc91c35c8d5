package de.lifetimecircle.secrets.operations.check;

import java.time.LocalDate;
import java.util.Optional;

/**
 * One result of a check. Immutable; holds no value.
 *
 * @param status the result
 * @param name the name in the store, or the subject of the result
 * @param aspect the part of the subject that it concerns, such as {@code hooks}; empty for all of
 *     it
 * @param detail the result in words
 * @param reason the reason, for programs
 * @param version the id of the current version, where the check looked at its age; else empty
 * @param due the day on which the next rotation is due, where the check knows it
 */
public record CheckFinding(
    Status status,
    String name,
    String aspect,
    String detail,
    Reason reason,
    String version,
    Optional<LocalDate> due) {

  /** A result about all of its subject, and about no version. */
  public CheckFinding(Status status, String name, String detail) {
    this(status, name, "", detail, Reason.OTHER, "", Optional.empty());
  }

  /** Returns a warning with no further facts. */
  public static CheckFinding warn(String name, String detail) {
    return new CheckFinding(Status.WARN, name, detail);
  }

  /** Returns a failure with no further facts. */
  public static CheckFinding fail(String name, String detail) {
    return new CheckFinding(Status.FAIL, name, detail);
  }

  /** A result of a check. */
  public enum Status {
    /** The store agrees with the inventory. */
    OK,
    /** A problem is near, or the check could not look. */
    WARN,
    /** The store contradicts the inventory. */
    FAIL
  }

  /** A reason that a program acts on: it may not judge the words for people. */
  public enum Reason {
    /** The store does not have the secret. */
    MISSING,
    /** The secret is older than its rotation allows. */
    TOO_OLD,
    /** The inventory names another store, such as another account. */
    ELSEWHERE,
    /** Any other. */
    OTHER
  }

  /** Returns this result about a part of its subject only. */
  public CheckFinding about(String part) {
    return new CheckFinding(status, name, part, detail, reason, version, due);
  }

  /** Returns this result with its reason for programs. */
  public CheckFinding because(Reason why) {
    return new CheckFinding(status, name, aspect, detail, why, version, due);
  }

  /**
   * Returns the subject for people: {@code NAME}, or {@code NAME (ASPECT)}. It is the name in the
   * store only if the result is about the stored value.
   */
  public String subject() {
    return aspect.isEmpty() ? name : name + " (" + aspect + ")";
  }

  /** Returns the subject and the result as one line for people. */
  public String text() {
    return subject() + ": " + detail;
  }
}
