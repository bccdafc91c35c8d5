package de.lifetimecircle.secrets.operations.moving;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A line of the journal of a migration. Immutable; holds no value, and nothing derived from one.
 *
 * @param step what was done, or is about to be done
 * @param at when {@code BEGUN} was written
 * @param name the secret; empty in a line about all
 * @param index the number of the version that is copied or skipped
 * @param version the version written to the target, or current after {@code RETIRED}; else empty
 * @param items the planned secrets of {@code BEGUN}, or the one of {@code EXTENDED}
 * @param from the store of the source, of {@code BEGUN}
 * @param to the store of the target, of {@code BEGUN}
 */
record MigrationLine(
    Step step,
    Optional<Instant> at,
    String name,
    int index,
    String version,
    List<MigrationPlan.Item> items,
    Map<String, String> from,
    Map<String, String> to) {
  /** A step of a migration. */
  enum Step {
    /** The migration was planned. */
    BEGUN,
    /** A version is about to be written. */
    COPYING,
    /** A version was written. */
    COPIED,
    /** A version was left out. */
    SKIPPED,
    /** The write that was begun has changed nothing. */
    REFUSED,
    /** A version that the source no longer accepts is about to be retired. */
    RETIRING,
    /** It was retired. */
    RETIRED,
    /** More versions or another secret were planned. */
    EXTENDED,
    /** All secrets were compared and are equal. */
    VERIFIED,
    /** The rollback of a secret is about to begin. */
    UNDOING,
    /** A secret was rolled back. */
    UNDONE,
    /** The rollback looked at a secret and did not change it. */
    LEFT,
    /** All secrets were rolled back. */
    ROLLED_BACK
  }

  static MigrationLine begun(
      Instant at,
      List<MigrationPlan.Item> items,
      Map<String, String> from,
      Map<String, String> to) {
    return new MigrationLine(Step.BEGUN, Optional.of(at), "", 0, "", items, from, to);
  }

  static MigrationLine of(Step step, String name) {
    return of(step, name, 0, "");
  }

  static MigrationLine of(Step step, String name, int index, String version) {
    return new MigrationLine(
        step, Optional.empty(), name, index, version, List.of(), Map.of(), Map.of());
  }

  static MigrationLine extended(MigrationPlan.Item item) {
    return new MigrationLine(
        Step.EXTENDED, Optional.empty(), item.name(), 0, "", List.of(item), Map.of(), Map.of());
  }
}
