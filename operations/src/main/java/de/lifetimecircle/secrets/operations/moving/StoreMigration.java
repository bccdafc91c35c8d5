package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Copies secrets from one store to another: of each the old versions first, then the previous, the
 * current and the pending one, so that every one has the same stage there.
 *
 * <p>Each step is in a journal before it is done and after. A run that was killed, at whatever
 * moment, is gone on with by the same call, by anybody who has the journal; a write that may have
 * been done is done again only if it was not. What the target had before is not touched unless that
 * is asked for. {@link #rollBack} removes what this migration made and puts back what it replaced.
 *
 * <p>Blocks for both stores and the disk. Used by one thread; provider and writer stay their
 * caller's, and must have local overrides off.
 */
public final class StoreMigration implements AutoCloseable {
  /** What becomes of a name that the target has with another value. */
  public enum Existing {
    /** It stands against the migration. */
    REFUSE,
    /** It gets new versions; its own stay as old ones. */
    REPLACE
  }

  private final SecretProvider source;
  private final TargetStore target;
  private final Consumer<MigrationEntry> told;
  private final MigrationJournal journal;
  private final MigrationProgress progress;
  private final Map<String, Object> stores;
  private final InstantSource clock;
  private final StoreComparison comparison;
  private final ValueFingerprints fingerprints;

  /**
   * Begins a migration, or takes up the one whose journal that is.
   *
   * @param journal the file; made if there is none
   * @param random where the key of comparisons comes from
   * @param told takes each step when it is done
   * @throws SecretException {@code CONFLICT} if the journal is of other stores or another run has
   *     it open, {@code CORRUPT} if it is none, of another version or changed by hand
   */
  public StoreMigration(
      SecretProvider source,
      SecretWriter target,
      Path journal,
      RandomGenerator random,
      InstantSource clock,
      Consumer<MigrationEntry> told) {
    this(source, target, journal, random, clock, told, () -> {});
  }

  StoreMigration(
      SecretProvider source,
      SecretWriter target,
      Path journal,
      RandomGenerator random,
      InstantSource clock,
      Consumer<MigrationEntry> told,
      Runnable breakpoint) {
    this.source = source;
    this.target = new TargetStore(target, breakpoint);
    this.told = told;
    this.clock = clock;
    this.stores = new LinkedHashMap<>();
    stores.put("from", StoreLocation.of(source));
    stores.put("to", StoreLocation.of(target.provider()));
    this.comparison = new StoreComparison(source, target.provider(), random);
    this.fingerprints = new ValueFingerprints(random);
    this.journal = MigrationJournal.open(journal, breakpoint);
    try {
      requireSameStores(journal);
      this.progress = MigrationProgress.of(this.journal);
    } catch (RuntimeException e) {
      this.journal.close();
      throw e;
    }
  }

  private void requireSameStores(Path file) {
    Map<?, ?> plan = journal.plan();
    for (String side : List.of("from", "to")) {
      if (plan != null && !Objects.equals(stores.get(side), plan.get(side))) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "go on with the migration")
            .name(file.toString())
            .reason("its journal is of other stores")
            .advice("Give the same two stores in the same order, or another --journal")
            .build();
      }
    }
  }

  /** Whether both are the same place for sure: another login may lead to another one. */
  public static boolean isOneStore(SecretProvider source, SecretProvider target) {
    return StoreLocation.settings(source).equals(StoreLocation.settings(target));
  }

  /**
   * Looks at two stores and says what is to be done; writes nothing, also no journal.
   *
   * @throws SecretException what a store fails with as a whole
   */
  public static MigrationPlan plan(
      SecretProvider source,
      SecretWriter target,
      RandomGenerator random,
      List<String> names,
      Existing existing) {
    StoreComparison comparison = new StoreComparison(source, target.provider(), random);
    TargetStore written = new TargetStore(target, () -> {});
    return new MigrationPlanner(
            source, written, existing, comparison, new ValueFingerprints(random))
        .plan(names);
  }

  /** Whether the journal has a plan already. */
  public boolean isBegun() {
    return journal.plan() != null;
  }

  /** Whether everything was copied and compared. */
  public boolean isFinished() {
    return progress.verified || progress.rolledBack;
  }

  /** Whether a rollback was begun. */
  public boolean isRollingBack() {
    return progress.undoing;
  }

  /** How many secrets the journal has planned. */
  public int size() {
    return progress.items.size();
  }

  /**
   * Looks at both stores and says what is to be done; writes nothing.
   *
   * @throws SecretException what a store fails with as a whole
   */
  public MigrationPlan plan(List<String> names, Existing existing) {
    return new MigrationPlanner(source, target, existing, comparison, fingerprints).plan(names);
  }

  /**
   * Notes the plan in the journal; the copying can begin.
   *
   * @throws IllegalArgumentException if the plan has problems
   * @throws IllegalStateException if the journal has a plan
   */
  public void begin(MigrationPlan plan) {
    if (!plan.problems().isEmpty()) {
      throw new IllegalArgumentException("plan: has problems (expected: none)");
    }
    if (isBegun()) {
      throw new IllegalStateException("the journal has a plan");
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("begun", clock.instant().toString());
    document.putAll(stores);
    document.put("items", MigrationProgress.documents(plan.items()));
    journal.begin(document);
    progress.items.addAll(plan.items());
  }

  /**
   * Copies what is not copied yet.
   *
   * @throws SecretException what a store fails with; the same call goes on later
   */
  public void copy() {
    if (progress.undoing) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "copy")
          .reason("this migration is being rolled back")
          .advice("Finish that with --rollback, then begin anew with another --journal")
          .build();
    }
    for (MigrationPlan.Item item : progress.items) {
      MigrationProgress.Item state = progress.item(item.name());
      while (state.done < item.steps()) {
        copy(item, state);
      }
    }
  }

  private void copy(MigrationPlan.Item item, MigrationProgress.Item state) {
    int step = state.done;
    String id = item.source(step);
    Secret read;
    try {
      read = VersionChain.read(source, item.name(), id);
    } catch (SecretException e) {
      if (!VersionChain.isGone(e) || step >= item.versions().size() - 1) {
        throw e;
      }
      done(item, state, MigrationProgress.SKIPPED, null);
      told.accept(new MigrationEntry(item.name(), MigrationEntry.Deed.SKIPPED, "version " + id));
      return;
    }
    TargetStore.Again again = state.begun ? TargetStore.Again.ACCEPT : TargetStore.Again.REFUSE;
    if (!state.begun) {
      journal.note(MigrationProgress.COPYING, item.name(), Map.of("index", step));
      state.begun = true;
    }
    String before = state.written == null ? item.replaced() : state.written;
    String version =
        item.isPending(step)
            ? target.putPending(item.name(), read.value())
            : target.put(item.name(), before, read.value(), again);
    done(item, state, MigrationProgress.COPIED, version);
    told.accept(
        new MigrationEntry(
            item.name(), MigrationEntry.Deed.COPIED, "version " + id + " as " + version));
  }

  private void done(
      MigrationPlan.Item item,
      MigrationProgress.Item state,
      String step,
      @Nullable String version) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("index", state.done);
    boolean current = version != null && !item.isPending(state.done);
    if (current) {
      facts.put("version", version);
    }
    journal.note(step, item.name(), facts);
    state.written = current ? version : state.written;
    state.done++;
    state.begun = false;
  }

  /**
   * Compares what was copied. If all of it is the same the migration is finished.
   *
   * @return one result for each secret
   */
  public List<ComparedSecret> verify() {
    List<ComparedSecret> results = new ArrayList<>();
    for (MigrationPlan.Item item : progress.items) {
      ComparedSecret result = comparison.compare(item.name());
      if (result.outcome() == ComparedSecret.Outcome.DIFFERS && item.replaced() != null) {
        // The target has old ones of its own, and of the source's some may have been left out.
        result = comparison.compare(item.name(), item.versions().size());
      }
      results.add(result);
    }
    boolean same = results.stream().allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
    if (same && !progress.verified) {
      journal.note(MigrationProgress.VERIFIED, "", Map.of());
      progress.verified = true;
    }
    return results;
  }

  /**
   * Undoes what the journal says was done: new names are deleted (and purged where the backend can,
   * so that the names are free), replaced ones get their version back. What somebody has written
   * since is left alone, and so is a name whose old version the target gives out no more. Goes on
   * where an earlier rollback was killed.
   *
   * @throws SecretException what the target fails with; the same call goes on later
   */
  public void rollBack() {
    MigrationRollback rollback = new MigrationRollback(source, target, told);
    for (int i = progress.items.size() - 1; i >= 0; i--) {
      MigrationPlan.Item item = progress.items.get(i);
      MigrationProgress.Item state = progress.item(item.name());
      boolean touched = state.done > 0 || state.begun;
      if (touched && !state.undone) {
        journal.note(MigrationProgress.UNDOING, item.name(), Map.of());
        progress.undoing = true;
        rollback.undo(item, state);
        journal.note(MigrationProgress.UNDONE, item.name(), Map.of());
        state.undone = true;
      }
    }
    if (!progress.rolledBack) {
      journal.note(MigrationProgress.ROLLED_BACK, "", Map.of());
      progress.rolledBack = true;
    }
  }

  /** Closes the journal; closing twice is harmless. */
  @Override
  public void close() {
    journal.close();
  }
}
