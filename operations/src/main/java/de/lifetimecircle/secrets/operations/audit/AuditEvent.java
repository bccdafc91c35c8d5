package de.lifetimecircle.secrets.operations.audit;

import java.time.Instant;

/**
 * One thing that was asked of a backend, as its log tells it. Immutable; holds no value, no token
 * and no digest of one.
 *
 * @param at when
 * @param principal who, by the name that the log has; empty for nobody known
 * @param operation what: {@code read}, {@code put}, {@code delete}, {@code list} ...
 * @param name of which secret, as it is in the store; a prefix for a list; a fingerprint for a
 *     recipient; empty where the log does not say
 * @param version which of its versions; empty where the log does not say
 * @param place from where: an address, or a machine's name; empty where the log does not say
 * @param outcome {@code ok}, or why not
 */
public record AuditEvent(
    Instant at,
    String principal,
    String operation,
    String name,
    String version,
    String place,
    String outcome) {
  /** The operation that hands out a value. */
  public static final String READ = "read";

  boolean isRead() {
    return operation.equals(READ);
  }

  boolean isList() {
    return operation.equals("list");
  }

  /** Whether it changes who can read a whole store; then the name is a fingerprint. */
  boolean changesRecipients() {
    return operation.equals("add-recipient") || operation.equals("remove-recipient");
  }
}
