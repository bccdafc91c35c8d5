package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Generates the new values of rotations and validates them. Used by one thread. */
final class NewValues {
  private final RotationScope inventory;
  private final SecretProvider provider;
  private final RandomGenerator random;

  NewValues(RotationScope inventory, SecretProvider provider, RandomGenerator random) {
    this.inventory = inventory;
    this.provider = provider;
    this.random = random;
  }

  /** Generates a value that obeys the inventory; the caller closes it. */
  SecretValue make(InventorySecret secret) {
    ValueShape shape = secret.shape();
    if (shape == null) {
      throw inventory.refused(
          secret,
          "its value was supplied by a person, and the rotation stopped before it was stored",
          "Supply it again");
    }
    SecretValue value = shape.make(random);
    refuseBroken(secret, value);
    return value;
  }

  /** Rejects a value that breaks a rule of the inventory. */
  void refuseBroken(InventorySecret secret, SecretValue value) {
    List<String> broken = secret.rules().broken(value);
    if (!broken.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "rotate secret")
          .name(inventory.stored(secret.name()))
          .reason(String.join(", ", broken))
          .advice("See its validation in the inventory")
          .build();
    }
  }

  /** Rejects the value in service: nothing would change, and retiring it would lock users out. */
  void refuseServed(InventorySecret secret, SecretValue value) {
    String stored = inventory.stored(secret.name());
    if (provider.get(stored, Duration.ZERO).value().equals(value)) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "rotate secret")
          .name(stored)
          .reason("the supplied value is the one in service")
          .advice("Get a new one from whoever issued it, and supply that")
          .build();
    }
  }
}
