package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;

/** The largest value that may be written: the limit of every backend, or of this one. */
public enum ValueSizeLimit {
  /** So that a service can move to any backend with the values that it has. */
  PORTABLE,
  /** The backend alone decides. */
  BACKEND;

  /** The limit of Azure Key Vault, the smallest of all (25k bytes; its limits, read 2026-11-24). */
  private static final int PORTABLE_BYTES = 25_600;

  public void require(String action, String name, SecretValue value) {
    boolean isEmpty = value.isEmpty();
    if (this == PORTABLE && (isEmpty || value.size() > PORTABLE_BYTES)) {
      throw SecretException.of(
              isEmpty ? SecretException.Kind.INVALID_VALUE : SecretException.Kind.TOO_LARGE, action)
          .name(name)
          .reason(
              isEmpty
                  ? "the value is empty, which not every backend keeps"
                  : "the value is larger than 25 kB, the most that every backend accepts")
          .advice("Set limits=backend to write values that this backend accepts and others may not")
          .build();
    }
  }
}
