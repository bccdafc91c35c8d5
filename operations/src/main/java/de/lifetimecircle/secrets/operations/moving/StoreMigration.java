package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.rotation.OpenRotation;
import de.lifetimecircle.secrets.operations.rotation.PendingValue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Copies secrets from one store to another: of each secret the old versions first, then the
 * previous and the current one, so that every version gets the same stage. A value that the source
 * accepts no longer is not copied, or is retired if an earlier pass has copied it. A pending value
 * is not copied.
 *
 * <p>A journal records each step before and after it. After a killed run, the same call resumes,
 * for anybody who has the journal; a write whose result is unknown is repeated only if it did not
 * happen. Existing values of the target change only on request. {@link #rollBack} deletes the names
 * that this migration created and restores the values that it replaced.
 *
 * <p>Blocks for both stores and the disk. Used by one thread. The caller closes provider and
 * writer, which must have local overrides off.
 */
public final class StoreMigration implements AutoCloseable {
  /** The choice for a name that the target has with another value. */
  public enum Existing {
    /** The name is an obstacle. */
    REFUSE,
    /** The name gets new versions; its own stay as old ones. */
    REPLACE
  }

  /** The choice for a name whose rotation is open in one of the stores. */
  public enum Rotating {
    /** The name is an obstacle. */
    REFUSE,
    /** The name is copied, and the rotation stays open. */
    COPY
  }

  private final SecretProvider source;
  private final TargetStore target;
  private final Consumer<MigrationEvent> listener;
  private final MigrationJournal journal;
  private final MigrationProgress progress;
  private final Map<String, String> from;
  private final Map<String, String> to;
  private final InstantSource clock;
  private final StoreComparison comparison;
  private final ValueFingerprints fingerprints;
  private final Set<String> left = new HashSet<>();
  private MigrationWatch watch = MigrationWatch.NONE;
  private Rotating rotating = Rotating.REFUSE;
  private List<OpenRotation> rotations = List.of();

  /**
   * Begins a migration, or resumes the one of the journal.
   *
   * @param journal the file; made if there is none
   * @param random the source of the key for comparisons
   * @param listener takes each step after it is done
   * @throws SecretException {@code CONFLICT} if the journal is of other stores or another run has
   *     it open, {@code CORRUPT} if it is not a journal, of another version or edited
   */
  public StoreMigration(
      SecretProvider source,
      SecretWriter target,
      Path journal,
      RandomGenerator random,
      InstantSource clock,
      Consumer<MigrationEvent> listener) {
    this(source, target, journal, random, clock, listener, () -> {});
  }

  StoreMigration(
      SecretProvider source,
      SecretWriter target,
      Path journal,
      RandomGenerator random,
      InstantSource clock,
      Consumer<MigrationEvent> listener,
      Runnable breakpoint) {
    this.source = source;
    this.target = new TargetStore(target, breakpoint);
    this.listener = listener;
    this.clock = clock;
    this.from = StoreLocation.of(source);
    this.to = StoreLocation.of(target.provider());
    this.comparison = new StoreComparison(source, target.provider(), random);
    this.fingerprints = new ValueFingerprints(random);
    this.journal = MigrationJournal.open(journal, breakpoint);
    this.progress = this.journal.progress();
    try {
      requireSameStores(journal);
    } catch (RuntimeException e) {
      this.journal.close();
      throw e;
    }
  }

  private void requireSameStores(Path file) {
    Optional<MigrationLine> plan = journal.plan();
    if (plan.isPresent() && !(plan.get().from().equals(from) && plan.get().to().equals(to))) {
      throw SecretException.of(Kind.CONFLICT, "resume the migration")
          .name(file.toString())
          .reason("its journal is of other stores")
          .advice("Give the same two stores in the same order, or another --journal")
          .build();
    }
  }

  /** Returns whether both are certainly the same store; another login may lead to another store. */
  public static boolean isOneStore(SecretProvider source, SecretProvider target) {
    return StoreLocation.settings(source).equals(StoreLocation.settings(target));
  }

  /**
   * Plans a migration between two stores; writes nothing, not even a journal.
   *
   * @param watch receives the progress
   * @throws SecretException if a whole store fails
   */
  public static MigrationPlan plan(
      SecretProvider source,
      SecretWriter target,
      RandomGenerator random,
      List<String> names,
      Existing existing,
      Rotating rotating,
      MigrationWatch watch) {
    StoreComparison comparison = new StoreComparison(source, target.provider(), random);
    TargetStore written = new TargetStore(target, () -> {});
    return new MigrationPlanner(
            source, written, existing, rotating, comparison, new ValueFingerprints(random))
        .watchedBy(watch)
        .plan(names);
  }

  /** Reports the progress of each step to a listener. */
  public StoreMigration watchedBy(MigrationWatch watch) {
    this.watch = watch;
    return this;
  }

  /**
   * Chooses what becomes of names whose rotation is open; they are refused without it.
   *
   * @param rotations the rotations that a rollback knows besides those that the target shows
   */
  public StoreMigration during(Rotating choice, List<OpenRotation> rotations) {
    this.rotating = choice;
    this.rotations = List.copyOf(rotations);
    return this;
  }

  /** Returns whether the journal has a plan. */
  public boolean isBegun() {
    return journal.plan().isPresent();
  }

  /** Returns whether everything was copied and compared, or rolled back. */
  public boolean isFinished() {
    return progress.verified || progress.rolledBack;
  }

  /** Returns whether the migration was rolled back to its end. */
  public boolean isRolledBack() {
    return progress.rolledBack;
  }

  /** Returns whether every planned version was copied. */
  public boolean isCopied() {
    return isBegun()
        && progress.items.stream()
            .allMatch(item -> progress.item(item.name()).done >= item.steps());
  }

  /** Returns the number of planned secrets. */
  public int size() {
    return progress.items.size();
  }

  /**
   * Plans the migration; writes nothing.
   *
   * @throws SecretException if a whole store fails
   */
  public MigrationPlan plan(List<String> names, Existing existing) {
    return planner(existing).watchedBy(watch).plan(names);
  }

  private MigrationPlanner planner(Existing existing) {
    return new MigrationPlanner(source, target, existing, rotating, comparison, fingerprints);
  }

  /**
   * Records the plan in the journal, so that copying can begin.
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
    journal.add(MigrationLine.begun(clock.instant(), plan.items(), from, to));
  }

  /**
   * Copies the versions that are not copied yet. A secret that fails alone is left, for example one
   * that the source has no longer or that another writer writes, and the others are copied.
   *
   * @throws SecretException if a whole store fails; a later call resumes
   */
  public void copy() {
    if (progress.undoing) {
      throw SecretException.of(Kind.CONFLICT, "copy")
          .reason("this migration is being rolled back")
          .advice("Finish the rollback with --rollback, then start again with another --journal")
          .build();
    }
    List<MigrationPlan.Item> ofEarlierPasses =
        progress.items.stream().filter(this::isOfEarlierPass).toList();
    long all = progress.items.stream().mapToLong(MigrationPlan.Item::steps).sum();
    long copied = progress.items.stream().mapToLong(i -> progress.item(i.name()).done).sum();
    for (MigrationPlan.Item item : progress.items) {
      MigrationProgress.Item state = progress.item(item.name());
      try {
        while (state.done < item.steps()) {
          copy(item, state);
          watch.at(MigrationWatch.Phase.COPY, ++copied, all);
        }
      } catch (SecretException e) {
        leave(item.name(), "", e);
      }
    }
    ofEarlierPasses.forEach(this::retireOrLeave);
  }

  private boolean isOfEarlierPass(MigrationPlan.Item item) {
    MigrationProgress.Item state = progress.item(item.name());
    return state.extended || state.done >= item.steps();
  }

  /** Reports a name that a copy leaves, once. */
  private void leave(String name, String why) {
    if (left.add(name)) {
      listener.accept(new MigrationEvent(name, MigrationEvent.Type.LEFT, why));
    }
  }

  /** Reports a failure of one name; throws that of a whole store. */
  private void leave(String name, String what, SecretException e) {
    if (FreshRead.isOfWholeStore(e)) {
      throw e;
    }
    leave(name, what + e.getMessage());
  }

  private void copy(MigrationPlan.Item item, MigrationProgress.Item state) {
    int step = state.done;
    String id = item.source(step);
    // An older version of a path of Vault may lack the field; a newest one says that all is gone.
    boolean mayLackTheField = !state.begun && step < item.versions().size() - 1;
    Optional<Secret> read =
        mayLackTheField
            ? VersionChain.find(source, item.name(), id)
            : FreshRead.unlessGone(() -> VersionChain.read(source, item.name(), id));
    String before = state.written == null ? item.replaced().orElse(null) : state.written;
    if (read.isEmpty() && state.begun && !target.isCurrent(item.name(), before)) {
      throw SecretException.of(Kind.CONFLICT, "copy version " + id)
          .name(item.name())
          .reason("it may have been written, and the source has it no longer to compare with")
          .advice("Decide which value the target is to have")
          .build();
    }
    if (read.isEmpty()) {
      journal.add(MigrationLine.of(MigrationLine.Step.SKIPPED, item.name(), step, ""));
      listener.accept(
          new MigrationEvent(item.name(), MigrationEvent.Type.SKIPPED, "version " + id));
      return;
    }
    TargetStore.Again again = state.begun ? TargetStore.Again.ACCEPT : TargetStore.Again.REFUSE;
    if (!state.begun) {
      journal.add(MigrationLine.of(MigrationLine.Step.COPYING, item.name(), step, ""));
    }
    String version;
    try {
      version = target.put(item.name(), before, read.get().value(), again);
    } catch (SecretException e) {
      // Else the value would count as ours if another writer's is equal.
      if (again == TargetStore.Again.REFUSE && target.isRefused(item.name(), before, e)) {
        journal.add(MigrationLine.of(MigrationLine.Step.REFUSED, item.name(), step, ""));
      }
      throw e;
    }
    journal.add(MigrationLine.of(MigrationLine.Step.COPIED, item.name(), step, version));
    listener.accept(
        new MigrationEvent(
            item.name(), MigrationEvent.Type.COPIED, "version " + id + " as " + version));
  }

  private void retireOrLeave(MigrationPlan.Item item) {
    try {
      retire(item, progress.item(item.name()));
    } catch (SecretException e) {
      leave(item.name(), "its previous version cannot be judged or retired: ", e);
    }
  }

  /**
   * Retires the previous version in the target if an earlier pass wrote it and verifiers of the
   * source do not accept its value any more: it may have leaked. Not where the target had the name
   * before, because most stores retire all older versions with it, and a rollback needs one.
   */
  private void retire(MigrationPlan.Item item, MigrationProgress.Item state) {
    String name = item.name();
    Secret there = FreshRead.findUndeleted(target.provider(), name).orElse(null);
    if (there == null || !target.isWritten(source, name, state, there)) {
      return; // another writer's
    }
    Optional<String> refused =
        target
            .previous(name, there)
            .filter(previous -> state.copies.containsKey(previous.version()))
            .filter(previous -> !isAccepted(name, previous))
            .map(Secret::version);
    if (refused.isPresent() && item.replaced().isPresent()) {
      leave(name, "version " + refused.get() + " stays valid, though the source has retired it");
      return;
    }
    if (refused.isPresent()) {
      journal.add(MigrationLine.of(MigrationLine.Step.RETIRING, name));
      target.retire(name, refused.get());
    }
    if (state.retiring && target.previous(name, there).isEmpty()) {
      // AWS retires by a copy of the current version; what another writer has put is not ours.
      String current =
          FreshRead.findUndeleted(target.provider(), name)
              .filter(now -> now.value().equals(there.value()))
              .orElse(there)
              .version();
      journal.add(MigrationLine.of(MigrationLine.Step.RETIRED, name, 0, current));
      String version = refused.map(id -> "version " + id).orElse("the version before");
      listener.accept(new MigrationEvent(name, MigrationEvent.Type.RETIRED, version));
    }
  }

  /** Returns whether verifiers of the source accept a value, or the source cannot tell. */
  private boolean isAccepted(String name, Secret old) {
    Set<SecretException.Kind> unknown =
        Set.of(Kind.UNSUPPORTED, Kind.NOT_FOUND, Kind.PENDING_DELETION);
    return FreshRead.unless(unknown, () -> source.versions(name))
        .flatMap(
            listed -> FreshRead.unless(unknown, () -> source.validVersions(name, Duration.ZERO)))
        .map(valid -> valid.stream().anyMatch(each -> each.value().equals(old.value())))
        .orElse(true);
  }

  /**
   * Plans another pass for the versions and names that the source got since the last one. Records
   * it in the journal, so that {@link #copy} copies it. Call it when everything is copied.
   *
   * @param names the names of the source
   * @param existing the choice for a name that no pass has copied yet; even {@link
   *     Existing#REPLACE} replaces only a value that the source has had
   * @return what was planned; names with an obstacle are left out
   * @throws SecretException if a whole store fails
   */
  public MigrationPlan catchUp(List<String> names, Existing existing) {
    List<MigrationPlan.Item> items = new ArrayList<>();
    Set<String> problems = new LinkedHashSet<>();
    List<String> notes = new ArrayList<>();
    for (String name : new LinkedHashSet<>(names)) {
      MigrationPlan.Item known =
          progress.items.stream().filter(i -> i.name().equals(name)).findFirst().orElse(null);
      MigrationPlan plan =
          orProblem(name, () -> known == null ? unknown(name, existing) : since(known));
      problems.addAll(plan.problems());
      notes.addAll(plan.notes());
      for (MigrationPlan.Item item : plan.items()) {
        if (plan.problems().isEmpty() && item.steps() > 0) {
          journal.add(MigrationLine.extended(item));
          items.add(item);
        }
      }
    }
    return new MigrationPlan(items, List.of(), List.copyOf(problems), notes);
  }

  private static MigrationPlan orProblem(String name, Supplier<MigrationPlan> plan) {
    try {
      return plan.get();
    } catch (SecretException e) {
      if (FreshRead.isOfWholeStore(e)) {
        throw e;
      }
      return problem(name, String.valueOf(e.getMessage()));
    }
  }

  /** Plans a name that no pass has copied; replaces only a value that the source has had. */
  private MigrationPlan unknown(String name, Existing existing) {
    MigrationPlan plan = plan(List.of(name), Existing.REFUSE);
    Optional<Secret> there = plan.problems().isEmpty() ? Optional.empty() : target.current(name);
    return existing == Existing.REFUSE || there.isEmpty()
        ? plan
        : planner(existing).since(name, there.get());
  }

  /** Plans the new versions of a secret that this migration has copied. */
  private MigrationPlan since(MigrationPlan.Item item) {
    String name = item.name();
    ComparedSecret compared = compare(item);
    if (compared.outcome() == ComparedSecret.Outcome.SAME) {
      return planner(Existing.REFUSE).same(name);
    }
    Optional<Secret> there = target.current(name);
    MigrationProgress.Item state = progress.item(name);
    if (state.written == null && there.map(Secret::version).equals(item.replaced())) {
      // Nothing was written, as no planned version was left in the source.
      return plan(List.of(name), there.isEmpty() ? Existing.REFUSE : Existing.REPLACE);
    }
    if (there.isEmpty() || !target.isWritten(source, name, state, there.get())) {
      return problem(
          name,
          "another writer has written or deleted it in the target; to overwrite that, use --replace"
              + " with another --journal");
    }
    MigrationPlan plan = planner(Existing.REPLACE).since(item, there.get(), state.writes);
    boolean isStuck = plan.items().stream().allMatch(more -> more.steps() == 0);
    return plan.problems().isEmpty() && isStuck
        ? problem(
            name,
            "its older versions differ, and no newer one is left to copy; to write them again, use"
                + " --replace with another --journal")
        : plan;
  }

  private static MigrationPlan problem(String name, String text) {
    return new MigrationPlan(List.of(), List.of(), List.of("'" + name + "': " + text), List.of());
  }

  /**
   * Compares the copied secrets. If all are equal, the migration is finished.
   *
   * @return one result for each secret
   */
  public List<ComparedSecret> verify() {
    List<ComparedSecret> results = new ArrayList<>();
    for (MigrationPlan.Item item : progress.items) {
      results.add(compare(item));
      watch.at(MigrationWatch.Phase.VERIFY, results.size(), progress.items.size());
    }
    boolean same = results.stream().allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
    if (same && !progress.verified) {
      journal.add(MigrationLine.of(MigrationLine.Step.VERIFIED, ""));
    }
    return results;
  }

  private ComparedSecret compare(MigrationPlan.Item item) {
    ComparedSecret result = comparison.compareServed(item.name(), Integer.MAX_VALUE);
    return result.outcome() == ComparedSecret.Outcome.DIFFERS
            && (item.replaced().isPresent() || progress.item(item.name()).extended)
            && !item.versions().isEmpty()
        // The target has older versions, and some of the source may have been left out.
        ? comparison.compareServed(item.name(), item.versions().size())
        : result;
  }

  /**
   * Undoes the steps in the journal: deletes new names, so that they can be restored, and restores
   * replaced versions. Names that another writer has changed since stay, and so do new names in a
   * target that cannot restore and names whose old version the target no longer returns; a later
   * call tells those again, and does not look at them. A name that fails alone stays as well, and a
   * later call tries it again. Resumes a killed rollback.
   *
   * @throws SecretException if a whole store fails; a later call resumes
   */
  public void rollBack() {
    MigrationRollback rollback = new MigrationRollback(source, target);
    boolean isWhole = true;
    for (int i = progress.items.size() - 1; i >= 0; i--) {
      MigrationPlan.Item item = progress.items.get(i);
      MigrationProgress.Item state = progress.item(item.name());
      if (state.left) {
        listener.accept(
            new MigrationEvent(
                item.name(), MigrationEvent.Type.LEFT, "an earlier run of this rollback left it"));
      } else if (state.touched && !state.undone) {
        try {
          requireNoRotation(item.name());
          undo(rollback, item, state);
        } catch (SecretException e) {
          leave(item.name(), "", e);
          isWhole = false;
        }
      }
    }
    if (isWhole && !progress.rolledBack) {
      journal.add(MigrationLine.of(MigrationLine.Step.ROLLED_BACK, ""));
    }
  }

  private void requireNoRotation(String name) {
    if (rotating == Rotating.COPY) {
      return;
    }
    Optional<String> open =
        rotations.stream().filter(each -> each.changes(name)).findFirst().map(OpenRotation::state);
    open.or(() -> target.pending(name).map(PendingValue::state))
        .ifPresent(
            state -> {
              throw SecretException.of(Kind.CONFLICT, "roll back the migration of")
                  .name(name)
                  .reason("in the target, " + state)
                  .advice("Finish that rotation, then run the rollback again, or add --force")
                  .build();
            });
  }

  private void undo(
      MigrationRollback rollback, MigrationPlan.Item item, MigrationProgress.Item state) {
    journal.add(MigrationLine.of(MigrationLine.Step.UNDOING, item.name()));
    Optional<MigrationEvent> event = rollback.undo(item, state);
    event.ifPresent(listener);
    boolean isLeft = event.filter(e -> e.type() == MigrationEvent.Type.LEFT).isPresent();
    MigrationLine.Step step = isLeft ? MigrationLine.Step.LEFT : MigrationLine.Step.UNDONE;
    journal.add(MigrationLine.of(step, item.name()));
  }

  /** Closes the journal; closing twice is harmless. */
  @Override
  public void close() {
    journal.close();
  }
}
