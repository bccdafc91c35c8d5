package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.bench.InstantStore;
import org.jspecify.annotations.Nullable;

/** Does what a service does before it can work: opens a provider and gets one secret. */
final class FirstSecret {
  static final String NAME = "LTC_SECRET_KEY";

  private FirstSecret() {}

  /** Reads from a store that answers at once. */
  static void read() {
    try (SecretProvider provider = SecretProvider.builder().store(new InstantStore()).build()) {
      require(provider.get(NAME).version());
    }
  }

  /** Reads from the store that the environment names. */
  static void open() {
    try (SecretProvider provider = SecretProvider.open()) {
      require(provider.get(NAME).version());
    }
  }

  /** Fails if nothing was read. */
  static void require(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      throw new IllegalStateException("nothing was read");
    }
  }
}
