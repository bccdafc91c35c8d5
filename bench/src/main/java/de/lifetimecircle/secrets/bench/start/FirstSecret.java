package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.bench.InstantStore;

/** Does what a service does before it can work: opens a provider and gets one secret. */
final class FirstSecret {
  private FirstSecret() {}

  static void read() {
    try (SecretProvider provider = SecretProvider.builder().store(new InstantStore()).build()) {
      if (provider.get("LTC_SECRET_KEY").version().isEmpty()) {
        throw new IllegalStateException("no version");
      }
    }
  }
}
