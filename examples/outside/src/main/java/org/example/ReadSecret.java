package org.example;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;

/** Reads one secret from the store that the environment names, and prints where it came from. */
public final class ReadSecret {
  private ReadSecret() {}

  /** Fails if the secret is missing or empty. Prints no value. */
  public static void main(String[] args) {
    try (SecretProvider secrets = SecretProvider.open()) {
      Secret secret = secrets.get("LTC_SECRET_KEY");
      if (secret.value().asString().isEmpty()) {
        throw new IllegalStateException("LTC_SECRET_KEY is empty");
      }
      System.out.println("read " + secret.name() + " from " + secret.scheme());
    }
  }
}
