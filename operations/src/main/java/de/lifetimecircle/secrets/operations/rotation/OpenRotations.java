package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryNames;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Answers which names have an open rotation, for everything that writes a name or shows its state.
 * Both signs count: a journal in the folder, and a {@linkplain PendingValue pending value} in the
 * store, which another machine or a lost journal has left. Used by one thread; blocks for the
 * backend and the file system.
 *
 * <p>A rotation that only waits for the end of its grace counts for a write as well, for the reason
 * for which a second rotation is refused then: a store has one previous version, so verifiers would
 * stop accepting the old value before its time. And after a foreign write the old value can no
 * longer be brought back everywhere, because {@code rotate rollback} overwrites nobody's value;
 * after a foreign rollback it can no longer be retired. For a check such a rotation is normal.
 */
public final class OpenRotations {
  /** A sign of an open rotation. */
  public enum Sign {
    /** A journal of a rotation that is not finished. */
    JOURNAL,
    /** A journal of a rotation that waits for the end of its grace. */
    GRACE,
    /** A pending value in the store, of which the folder has no journal. */
    PENDING
  }

  /**
   * An open rotation. Immutable; holds no value.
   *
   * @param name the name in the store that it is about
   * @param state who began it, when and how far it is, as a part of a sentence
   * @param ways a sentence with the commands that end it, without a full stop
   * @param since the time at which it began, or its value was stored
   * @param until the end of its grace
   */
  public record Found(
      String name,
      Sign sign,
      String state,
      String ways,
      Optional<Instant> since,
      Optional<Instant> until) {}

  private final JournalFolder journals;
  private final String options;
  private final Supplier<Optional<Inventory>> inventory;

  /**
   * Creates them for a folder of journals; reads nothing yet.
   *
   * @param journals the folder, which need not exist
   * @param options what the commands that end a rotation need besides, with a leading space
   * @param inventory the inventory in reach; asked only if there is a sign of a rotation
   */
  public OpenRotations(Path journals, String options, Supplier<Optional<Inventory>> inventory) {
    this.journals = new JournalFolder(journals);
    this.options = options;
    this.inventory = inventory;
  }

  /** Returns those with the usual folder of journals beside the inventory of a location. */
  public static OpenRotations of(InventoryLocation site) {
    return new OpenRotations(
        site.folder().resolve(Rotations.FOLDER), "", () -> Optional.of(site.inventory()));
  }

  /**
   * Returns the open rotation of a name by a journal of any backend, without asking the store.
   *
   * @param stored the name in the store
   * @throws SecretException {@code CORRUPT} if the journal of that name cannot be used
   */
  public Optional<Found> of(String stored) {
    return journal(stored, journal -> true);
  }

  private Optional<Found> journal(String stored, Predicate<RotationJournal> wanted) {
    return journals(
            wanted,
            (name, failure) -> {
              if (name.equals(stored)) {
                throw failure;
              }
            })
        .stream()
        .filter(open -> open.changes(stored) || open.changes(PendingNames.secretOf(stored)))
        .findFirst()
        .map(OpenRotations::found);
  }

  private static Predicate<RotationJournal> on(String scheme) {
    return journal -> journal.scheme().equals(scheme);
  }

  /**
   * Returns the open rotation that a write of a name would get in the way of. A journal that was
   * begun on another backend is of another store.
   *
   * @param stored the name in the store
   * @throws SecretException {@code CORRUPT} if the journal of that name cannot be used, {@code
   *     ACCESS_DENIED} and failures of the whole store as {@link PendingValue#of(SecretWriter,
   *     String)}
   */
  public Optional<Found> of(SecretWriter writer, String stored) {
    return journal(stored, on(StoreSettings.backend(writer.provider())))
        .or(() -> PendingValue.of(writer, stored).map(pending -> found(stored, pending)));
  }

  /**
   * Returns the open rotations of an environment, one for the names that change together. Of the
   * versions, asks the backend only what the snapshot does not know.
   *
   * @param beside the values that rotations keep beside secrets, by the name in the store of each
   * @throws SecretException failures of the whole store
   */
  public List<Found> of(StoreSnapshot store, Map<String, PendingValue> beside) {
    List<Found> all = new ArrayList<>();
    Set<String> known = new HashSet<>();
    List<OpenRotation> open =
        journals(
            on(store.scheme()),
            (name, failure) -> {
              known.add(name);
              all.add(damaged(name, failure));
            });
    for (OpenRotation each : open) {
      if (each.report().environment().equals(store.environment().name())) {
        each.report().changes().forEach(change -> known.add(change.name()));
        all.add(found(each));
      }
    }
    Map<String, PendingValue> pending = new LinkedHashMap<>();
    RotationScope scope = RotationScope.of(store.inventory(), store.environment().name());
    for (InventorySecret secret : scope.secrets().values()) {
      String stored = scope.stored(secret.name());
      if (!known.contains(stored)) {
        staged(store, stored)
            .or(() -> Optional.ofNullable(beside.get(stored)))
            .ifPresent(value -> pending.put(secret.name(), value));
      }
    }
    Set<String> withOthers =
        pending.keySet().stream()
            .map(scope::secret)
            .filter(secret -> secret.template() == null)
            .flatMap(secret -> scope.changes(secret).stream().skip(1))
            .map(VersionChange::name)
            .collect(Collectors.toSet());
    pending.keySet().removeAll(withOthers);
    pending.forEach((name, value) -> all.add(found(scope.stored(name), value)));
    return all;
  }

  private static Found damaged(String name, SecretException failure) {
    String message = String.valueOf(failure.getMessage());
    String state = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    return new Found(name, Sign.JOURNAL, state, "", Optional.empty(), Optional.empty());
  }

  private static Optional<PendingValue> staged(StoreSnapshot store, String stored) {
    try {
      return PendingValue.staged(store.provider(), stored, store.versions(stored));
    } catch (SecretException e) {
      if (FreshRead.isOfWholeStore(e)) {
        throw e;
      }
      return Optional.empty(); // the check of the secret itself reports it
    }
  }

  private List<OpenRotation> journals(
      Predicate<RotationJournal> wanted, BiConsumer<String, SecretException> damaged) {
    UnaryOperator<String> command =
        words ->
            inventory
                .get()
                .map(OpenRotation::command)
                .orElseGet(() -> OpenRotation.command(journals.path()))
                .apply(words + options);
    return journals
        .all(name -> command.apply(RotateAction.ABANDON.confirmed(name)), damaged)
        .stream()
        .filter(wanted)
        .map(journal -> OpenRotation.of(journal, command))
        .toList();
  }

  private static Found found(OpenRotation open) {
    return new Found(
        open.report().name(),
        open.waits() ? Sign.GRACE : Sign.JOURNAL,
        open.state(),
        open.accepted(),
        Optional.of(open.begun()),
        open.report().retireAt());
  }

  private Found found(String stored, PendingValue pending) {
    return new Found(
        stored,
        Sign.PENDING,
        pending.state() + ", and " + journals.path() + " has no journal of its rotation",
        abandon(stored)
            .map(
                abandon ->
                    "Resume it where its journal is, or name the folder of that journal with"
                        + " --journal. If there is none, abandon it with "
                        + abandon)
            .orElse("Finish that rotation where it was begun"),
        pending.since(),
        Optional.empty());
  }

  private Optional<String> abandon(String stored) {
    return inventory
        .get()
        .flatMap(
            read ->
                new InventoryNames(read, "", NamePrefix.NONE)
                    .find(stored)
                    .map(
                        secret ->
                            "'"
                                + read.command(
                                    RotateAction.ABANDON.confirmed(secret.name()) + options,
                                    secret.environment())
                                + "'"));
  }
}
