package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Answers what the inventory says about rotations in one environment: which names change together,
 * and whether the hooks that a rotation needs exist. Immutable.
 */
record RotationScope(
    Inventory inventory, ServiceEnvironment environment, Map<String, InventorySecret> secrets) {
  /**
   * Reads one environment of an inventory.
   *
   * @param environment its name; the empty text if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} if there is no such environment
   */
  static RotationScope of(Inventory inventory, String environment) {
    ServiceEnvironment where = inventory.environment(environment);
    Map<String, InventorySecret> secrets = new LinkedHashMap<>();
    inventory.secrets(where).forEach(secret -> secrets.put(secret.name(), secret));
    return new RotationScope(inventory, where, secrets);
  }

  /** Returns a command in quotes, as a person pastes it, with all options that lead here. */
  String command(String words) {
    return "'" + inventory.command(words, environment) + "'";
  }

  /** Returns the command that rotates a secret, with these options; usually none. */
  String rotate(String secret, String options) {
    String words = options.isEmpty() ? "rotate" : "rotate " + options;
    return RotateAction.isOne(secret)
        ? "'" + inventory.command(words, environment) + " -- " + secret + "'"
        : command("rotate " + secret + (options.isEmpty() ? "" : " " + options));
  }

  /** Returns the command that takes an open rotation of a secret that way. */
  String open(String secret, RotateAction way) {
    return command(way.words(secret));
  }

  /** Returns {@link #open} with a person's word that no hook of the rotation runs any more. */
  String confirmed(String secret, RotateAction way) {
    return command(way.confirmed(secret));
  }

  /** Returns the name under which the store has a secret. */
  String stored(String name) {
    return environment.stored(name);
  }

  /**
   * Returns a secret of this environment.
   *
   * @throws SecretException {@code CONFIGURATION} if there is none; lists the names that exist
   */
  InventorySecret secret(String name) {
    InventorySecret secret = secrets.get(name);
    if (secret == null) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "use secret")
          .name(name)
          .reason(
              "the inventory of "
                  + inventory.service()
                  + " has none of that name in "
                  + environment.name())
          .advice("It has: " + String.join(", ", secrets.keySet()))
          .build();
    }
    return secret;
  }

  /** Returns all names that change with a secret: itself, its user, then the templates of both. */
  List<VersionChange> changes(InventorySecret secret) {
    List<VersionChange> changes = new ArrayList<>();
    changes.add(change(secret.name(), VersionChange.Part.SECRET));
    RotationRule.Alternate alternate = secret.alternate();
    if (alternate != null) {
      changes.add(change(alternate.user(), VersionChange.Part.USER));
    }
    Inventory.users(secrets.values(), changes.stream().map(VersionChange::name).toList())
        .forEach(user -> changes.add(change(user, VersionChange.Part.TEMPLATE)));
    return changes;
  }

  private VersionChange change(String name, VersionChange.Part part) {
    return new VersionChange(name, stored(name), part, "", "", "", "");
  }

  /** Returns how long the old value of a secret stays valid after a rotation. */
  static Duration grace(InventorySecret secret) {
    RotationRule rotation = secret.rotation();
    return rotation == null ? RotationRule.USUAL_GRACE : rotation.grace();
  }

  SecretException refused(InventorySecret secret, String why, String advice) {
    return SecretException.of(SecretException.Kind.UNSUPPORTED, "rotate secret")
        .name(stored(secret.name()))
        .reason(why)
        .advice(advice)
        .build();
  }

  /** Generates a value that obeys the inventory; the caller closes it. */
  SecretValue newValue(InventorySecret secret, RandomGenerator random) {
    ValueShape shape = secret.shape();
    if (shape == null) {
      throw refused(
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
          .name(stored(secret.name()))
          .reason(String.join(", ", broken))
          .advice("See its validation in the inventory")
          .build();
    }
  }

  /**
   * Rejects a rotation that would lock the service out: the new value would be served, and the
   * system that the secret opens would still accept only the old one.
   */
  void requireApply(InventorySecret secret) {
    if (secret.lacksApply()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "rotate secret")
          .name(stored(secret.name()))
          .reason(
              "it opens "
                  + secret.opens()
                  + ", and the inventory has no hook 'apply' that brings a new value there")
          .advice(
              "Add one to its hooks ('"
                  + ExampleHooks.writing(inventory.source())
                  + "' writes one for PostgreSQL), or say there why none is needed:"
                  + " apply: {none: REASON}")
          .build();
    }
  }

  /** Rejects a rotation whose new value was not applied, unless a hook can apply it. */
  void requireApplied(RotationJournal journal) {
    if (journal.direction() == RotationJournal.Direction.FORWARD
        && !journal.done().contains(RotationStep.APPLY)) {
      requireApply(secret(journal.secret()));
    }
  }

  /** Rejects the way back if a hook applied the new value and none can apply the old one. */
  void requireWayBack(RotationJournal journal) {
    if (!hasWayBack(journal)) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "roll back the rotation of")
          .name(journal.stored())
          .reason(
              "a hook 'apply' brought the new value to what it opens, and the inventory no longer"
                  + " has one that could bring the old value there")
          .advice(
              "Put that hook back, or continue with " + open(journal.secret(), RotateAction.RESUME))
          .build();
    }
  }

  /** Returns whether the old value can be applied again, if the new one was applied. */
  boolean hasWayBack(RotationJournal journal) {
    return !(journal.done().contains(RotationStep.APPLY) || journal.mayBeApplied())
        || HookInvoker.isThere(secret(journal.secret()), RotationStep.APPLY);
  }
}
