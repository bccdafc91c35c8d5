package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Lists when each secret is due for rotation, and which rotations are not finished. Reads versions
 * and journals, but no value. Blocks for the backend; stateless.
 */
public final class DueList {
  private DueList() {}

  /**
   * Returns all secrets with a rotation, in the order of the inventory.
   *
   * @param journal the folder of the journals
   */
  public static List<DueSecret> of(StoreSnapshot store, Path journal, InstantSource clock) {
    return of(store, journal, clock, (done, total) -> {});
  }

  /**
   * As {@link #of(StoreSnapshot, Path, InstantSource)}, with progress.
   *
   * @param watch takes how many secrets of how many it knows now; must not block
   */
  public static List<DueSecret> of(
      StoreSnapshot store, Path journal, InstantSource clock, BiConsumer<Integer, Integer> watch) {
    Inventory inventory = store.inventory();
    ServiceEnvironment where = store.environment();
    LocalDate today = LocalDate.ofInstant(clock.instant(), inventory.zone());
    JournalFolder journals = new JournalFolder(journal);
    List<DueSecret> all = new ArrayList<>();
    List<InventorySecret> secrets = inventory.secrets(where);
    for (int i = 0; i < secrets.size(); i++) {
      InventorySecret secret = secrets.get(i);
      String stored = where.stored(secret.name());
      try {
        Optional<RotationJournal> under = journals.read(stored, ""); // not shown, see damaged
        if (under.isPresent()) {
          all.add(open(secret, under.get(), inventory, clock.instant(), today));
        } else if (secret.rotation() != null) {
          all.add(due(secret, stored, secret.rotation(), store, today));
        }
      } catch (SecretException e) { // the other secrets stay visible
        String why = "its journal cannot be used: " + EnumText.of(e.kind());
        all.add(undated(secret, stored, DueSecret.State.OPEN, Optional.of(today), why));
      }
      watch.accept(i + 1, secrets.size());
    }
    return all;
  }

  private static DueSecret open(
      InventorySecret secret,
      RotationJournal journal,
      Inventory inventory,
      Instant now,
      LocalDate today) {
    if (!journal.waits() || journal.retireAt().isEmpty()) {
      String why =
          "stopped after step "
              + journal.lastStep()
              + " on "
              + LocalDate.ofInstant(journal.at(), inventory.zone())
              + " by "
              + journal.by();
      return undated(secret, journal.stored(), DueSecret.State.OPEN, Optional.of(today), why);
    }
    Instant end = journal.retireAt().get();
    LocalDate day = LocalDate.ofInstant(end, inventory.zone());
    return new DueSecret(
        secret.name(),
        journal.stored(),
        now.isBefore(end) ? DueSecret.State.LATER : DueSecret.State.RETIRE,
        Optional.of(day),
        ChronoUnit.DAYS.between(today, day),
        Optional.empty(),
        "rotated; the old value is to be retired after",
        Optional.of(end));
  }

  private static DueSecret due(
      InventorySecret secret,
      String name,
      RotationRule rotation,
      StoreSnapshot store,
      LocalDate today) {
    Optional<LocalDate> made;
    try {
      made = store.current(name).flatMap(store::day);
    } catch (SecretException e) {
      return undated(
          secret, name, DueSecret.State.UNKNOWN, Optional.empty(), EnumText.of(e.kind()));
    }
    if (made.isEmpty()) {
      return undated(
          secret,
          name,
          DueSecret.State.UNKNOWN,
          Optional.empty(),
          "the backend does not report when its version was made");
    }
    LocalDate day = made.get();
    LocalDate due = rotation.due(day);
    long days = ChronoUnit.DAYS.between(today, due);
    String future = day.isAfter(today) ? ", which is in the future: a clock is wrong" : "";
    return new DueSecret(
        secret.name(),
        name,
        days <= 0 ? DueSecret.State.DUE : DueSecret.State.LATER,
        Optional.of(due),
        days,
        future.isEmpty() ? Optional.of(day) : Optional.empty(),
        "made " + day + future,
        Optional.empty());
  }

  private static DueSecret undated(
      InventorySecret secret,
      String name,
      DueSecret.State state,
      Optional<LocalDate> due,
      String why) {
    return new DueSecret(
        secret.name(), name, state, due, 0, Optional.empty(), why, Optional.empty());
  }
}
