package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ValueShape;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What the rotations of one environment work with: the inventory, the store, the folder of
 * journals, the clock and the person. Used by one thread.
 */
final class RotationContext {
  private final Inventory inventory;
  private final ServiceEnvironment environment;
  private final Map<String, InventorySecret> secrets = new LinkedHashMap<>();
  private final SecretWriter writer;
  private final JournalFolder folder;
  private final HookRunner hooks;
  private final String who;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final RotationListener listener;

  RotationContext(Rotations.Builder builder) {
    this.inventory = builder.inventory;
    this.environment = inventory.environment(builder.environment);
    this.writer = builder.writer;
    this.folder = new JournalFolder(builder.journal);
    this.hooks = new HookRunner(builder.hookFolder, builder.hookLimit);
    this.who = builder.who;
    this.clock = builder.clock;
    this.random = builder.random;
    this.listener = builder.listener;
    inventory.secrets(environment).forEach(secret -> secrets.put(secret.name(), secret));
  }

  /** The secret first, then what goes with it, a template after its parts. */
  List<VersionChange> changes(InventorySecret secret) {
    List<VersionChange> changes = new ArrayList<>();
    changes.add(change(secret.name(), VersionChange.Part.SECRET));
    RotationRule rotation = secret.rotation();
    RotationRule.Alternate alternate = rotation == null ? null : rotation.alternate();
    if (alternate != null) {
      changes.add(change(alternate.user(), VersionChange.Part.USER));
    }
    for (InventorySecret other : secrets.values()) {
      if (other.template() != null
          && changes.stream().anyMatch(c -> other.template().parts().contains(c.name()))) {
        changes.add(change(other.name(), VersionChange.Part.TEMPLATE));
      }
    }
    return changes;
  }

  private VersionChange change(String name, VersionChange.Part part) {
    return new VersionChange(name, environment.stored(name), part, "", "", "", "");
  }

  /** With the versions that are served now. */
  List<VersionChange> plan(InventorySecret secret) {
    List<VersionChange> changes = new ArrayList<>();
    for (VersionChange change : changes(secret)) {
      Secret now = writer.provider().get(change.stored(), Duration.ZERO);
      changes.add(
          new VersionChange(
              change.name(), change.stored(), change.part(), now.version(), "", "", ""));
    }
    return changes;
  }

  RotationJournal newJournal(InventorySecret secret, List<VersionChange> changes, Duration grace) {
    byte[] id = new byte[8];
    random.nextBytes(id);
    String scheme = writer.provider().get(changes.get(0).stored()).scheme();
    Instant now = now();
    return new RotationJournal(
        HexFormat.of().formatHex(id),
        inventory.service(),
        environment.name(),
        secret.name(),
        scheme,
        who,
        now,
        0,
        who,
        now,
        RotationJournal.Direction.FORWARD,
        Set.of(),
        Set.of(),
        changes,
        grace,
        null);
  }

  SecretException refused(InventorySecret secret, String why, String advice) {
    return SecretException.of(SecretException.Kind.UNSUPPORTED, "rotate secret")
        .name(environment.stored(secret.name()))
        .reason(why)
        .advice(advice)
        .build();
  }

  /** Else the old value stays valid where it opens something, and the service is locked out. */
  void requireApply(InventorySecret secret) {
    if (secret.lacksApply()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "rotate secret")
          .name(environment.stored(secret.name()))
          .reason(
              "it opens "
                  + secret.opens()
                  + ", and the inventory has no hook 'apply' that brings a new value there")
          .advice(
              "Add one to its hooks ('secrets init --hooks' writes one for PostgreSQL), or say there"
                  + " why none is needed: apply: {none: REASON}")
          .build();
    }
  }

  /** What a hook brought there has to be taken back there before the old value is of use. */
  void requireWayBack(RotationJournal journal) {
    if (journal.done().contains(RotationStep.APPLY)
        && !StepHook.isThere(secret(journal.secret()), RotationStep.APPLY)) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "take back the rotation of")
          .name(journal.stored())
          .reason(
              "a hook 'apply' brought the new value to what it opens, and the inventory no longer"
                  + " has one that could bring the old value there")
          .advice("Put that hook back, or go on with --resume")
          .build();
    }
  }

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

  SecretValue make(InventorySecret secret) {
    ValueShape shape = secret.shape();
    if (shape == null) {
      throw refused(
          secret,
          "its value was brought, and the rotation stopped before it was kept",
          "Give the rotation up with --abandon and bring the value again");
    }
    SecretValue value = shape.make(random);
    refuseBroken(secret, value);
    return value;
  }

  void refuseBroken(InventorySecret secret, SecretValue value) {
    List<String> broken = secret.rules().broken(value);
    if (!broken.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "rotate secret")
          .name(environment.stored(secret.name()))
          .reason(String.join(", ", broken))
          .advice("See its validation in the inventory")
          .build();
    }
  }

  /** Nothing would change, and what is old could not be retired. */
  void refuseServed(InventorySecret secret, SecretValue value) {
    String stored = environment.stored(secret.name());
    if (writer.provider().get(stored, Duration.ZERO).value().equals(value)) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "rotate secret")
          .name(stored)
          .reason("the value that was brought is the one in service")
          .advice("Get a new one from whoever issued it, and bring that")
          .build();
    }
  }

  /** Writes the journal, and says so where the clock is behind it. */
  RotationJournal record(RotationJournal journal) {
    Instant now = now();
    if (now.isBefore(journal.at())) {
      listener.note("the clock is behind the journal of the rotation, which is of " + journal.at());
    }
    RotationJournal next = journal.next(who, now);
    folder.write(next);
    return next;
  }

  void log(
      RotationJournal journal, LogEntry.Event event, Optional<RotationStep> step, String note) {
    VersionChange change = journal.changes().get(0);
    String fresh = change.restored().isEmpty() ? change.fresh() : change.restored();
    String said =
        RotationLog.append(
            folder.path(),
            new LogEntry(
                0,
                now(),
                who,
                journal.rotation(),
                journal.environment(),
                journal.secret(),
                journal.stored(),
                journal.scheme(),
                event,
                step,
                change.old(),
                fresh.isEmpty() ? change.pending() : fresh,
                note));
    if (!said.isEmpty()) {
      listener.note(said);
    }
  }

  Instant now() {
    return clock.instant();
  }

  ServiceEnvironment environment() {
    return environment;
  }

  Map<String, InventorySecret> secrets() {
    return secrets;
  }

  SecretWriter writer() {
    return writer;
  }

  JournalFolder folder() {
    return folder;
  }

  HookRunner hooks() {
    return hooks;
  }

  RotationListener listener() {
    return listener;
  }

  Inventory inventory() {
    return inventory;
  }

  InstantSource clock() {
    return clock;
  }

  String who() {
    return who;
  }
}
