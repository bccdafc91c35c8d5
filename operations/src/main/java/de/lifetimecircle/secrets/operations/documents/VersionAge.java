package de.lifetimecircle.secrets.operations.documents;

import java.time.LocalDate;
import java.util.Optional;

/**
 * The id of a current version and the day it was made, as far as the backend reports them.
 * Immutable.
 *
 * @param version the id; empty if it is unknown
 * @param made the day the version was made, if the backend reports it
 * @param reason why the version is unknown; empty otherwise
 */
public record VersionAge(String version, Optional<LocalDate> made, String reason) {
  /** Returns {@code version ID, made DAY}, or says why the version is unknown. */
  public String text() {
    return version.isEmpty()
        ? "version unknown (" + reason + ")"
        : "version " + version + made.map(day -> ", made " + day).orElse(", made at no known time");
  }
}
