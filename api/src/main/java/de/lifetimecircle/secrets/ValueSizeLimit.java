package de.lifetimecircle.secrets;

/** How large a value may be that is written: what every backend takes, or what this one takes. */
enum ValueSizeLimit {
  /** So that a service can move to any backend with the values that it has. */
  PORTABLE,
  /** The backend alone decides. */
  BACKEND;

  /** The limit of Azure Key Vault, the smallest of all (25k bytes; its limits, read 2026-11-24). */
  private static final int PORTABLE_BYTES = 25_600;

  void require(String action, String name, SecretValue value) {
    boolean isEmpty = value.isEmpty();
    if (this == PORTABLE && (isEmpty || value.size() > PORTABLE_BYTES)) {
      throw SecretException.of(
              isEmpty ? SecretException.Kind.INVALID_VALUE : SecretException.Kind.TOO_LARGE, action)
          .name(name)
          .reason(
              isEmpty
                  ? "the value is empty, which not every backend keeps"
                  : "the value is larger than 25 kB, which not every backend takes")
          .advice("Set limits=backend to write what this backend takes and another may not")
          .build();
    }
  }
}
