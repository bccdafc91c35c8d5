package de.lifetimecircle.secrets.operations.audit;

import java.time.Instant;

/**
 * One request to a backend, as its log records it. Immutable; holds no value, no token and no
 * digest of one.
 *
 * @param at the time of the request
 * @param principal the caller, by the name in the log; empty if unknown
 * @param operation {@code read}, {@code put}, {@code delete}, {@code list} ...
 * @param name the secret's name in the store; for a list its prefix, for a recipient its
 *     fingerprint; empty if the log does not say
 * @param version the version's id; empty if the log does not say
 * @param place an address or a machine's name; empty if the log does not say
 * @param outcome {@code ok}, or the reason of the failure
 */
public record AuditEvent(
    Instant at,
    String principal,
    String operation,
    String name,
    String version,
    String place,
    String outcome) {
  /** The operation that returns a value. */
  public static final String READ = "read";

  boolean isRead() {
    return operation.equals(READ);
  }

  boolean isList() {
    return operation.equals("list");
  }

  /**
   * Returns whether the event changes the recipients of a whole store; then the name is a
   * fingerprint.
   */
  boolean changesRecipients() {
    return operation.equals("add-recipient") || operation.equals("remove-recipient");
  }
}
