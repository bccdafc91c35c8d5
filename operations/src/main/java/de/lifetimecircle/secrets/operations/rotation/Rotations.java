package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Rotates the secrets of one environment: generates a new value, stores it as pending, applies it
 * to the system that it opens, tests it, serves it, and retires the old value after its grace.
 * Templates that use the secret change with it.
 *
 * <p>A journal without values, in a folder that several people may share, records each step, so
 * that anybody can resume after a crash. A failure before the promotion leaves the old value in
 * service. If two processes rotate one name at the same time, the second fails with {@code
 * CONFLICT}.
 *
 * <p>Every method blocks for the backend and for the hooks. Used by one thread. The caller closes
 * the writer, which must have local overrides off.
 */
public final class Rotations {
  /** The usual name of the folder of journals, beside the inventory. */
  public static final String FOLDER = "secrets-rotations";

  /** The default time limit of a hook. */
  public static final Duration HOOK_LIMIT = Duration.ofMinutes(5);

  private static final String GO_ON = "continue the rotation of secret";
  private static final String ABANDON = "abandon the rotation of secret";
  private static final String ROLL_BACK = "roll back the rotation of secret";

  private final RotationScope inventory;
  private final RotationJournalWriter records;
  private final HookInvoker hook;
  private final SecretWriter writer;
  private final StaleJournals foreignJournals;
  private final HookReadiness readiness;
  private final boolean hooksEnded;

  private Rotations(Builder builder) {
    this.inventory = RotationScope.of(builder.inventory, builder.environment);
    this.records =
        new RotationJournalWriter(
            new JournalFolder(builder.journal),
            builder.who,
            builder.clock,
            builder.random,
            builder.listener,
            builder.reserved);
    this.writer = builder.writer;
    HookCaller caller =
        builder.hooks == null
            ? new HookRunner(builder.hookFolder, builder.hookLimit)
            : builder.hooks;
    this.hook = new HookInvoker(caller, records);
    this.hooksEnded = builder.hooksEnded;
    this.foreignJournals = new StaleJournals(inventory, records, writer);
    this.readiness =
        new HookReadiness(inventory, writer.provider(), builder.hookFolder, builder.hookLimit);
  }

  /**
   * Begins to set up rotations.
   *
   * @param environment its name; empty if the inventory has only one
   */
  public static Builder of(Inventory inventory, String environment, SecretWriter writer) {
    return new Builder(inventory, environment, writer);
  }

  /** The settings of rotations besides the inventory and the store. Used by one thread. */
  public static final class Builder {
    final Inventory inventory;
    final String environment;
    final SecretWriter writer;
    Path journal = Path.of(FOLDER);
    Path hookFolder = Path.of("");
    Duration hookLimit = HOOK_LIMIT;
    String who = "unknown";
    InstantSource clock = InstantSource.system();
    RandomGenerator random = SystemRandom.open();
    RotationListener listener = RotationListener.SILENT;
    @Nullable NameLocks reserved;
    @Nullable HookCaller hooks;
    boolean hooksEnded;

    private Builder(Inventory inventory, String environment, SecretWriter writer) {
      this.inventory = inventory;
      this.environment = environment;
      this.writer = writer;
    }

    /** Sets the folder of the journals and of the log, which is made when needed. */
    public Builder journal(Path folder) {
      this.journal = folder;
      return this;
    }

    /** Sets the working directory of hooks, usually the folder of the inventory. */
    public Builder hookFolder(Path folder) {
      this.hookFolder = folder;
      return this;
    }

    /** Sets how long a hook may run before it is killed. */
    public Builder hookLimit(Duration limit) {
      this.hookLimit = limit;
      return this;
    }

    /** Sets the name of the person or program, for the journal and the log. */
    public Builder who(String name) {
      this.who = name;
      return this;
    }

    /** Sets the clock. */
    public Builder clock(InstantSource source) {
      this.clock = source;
      return this;
    }

    /** Sets the source of values: {@link SystemRandom} except in tests. */
    public Builder random(RandomGenerator generator) {
      this.random = generator;
      return this;
    }

    /** Sets the listener of the steps. */
    public Builder listener(RotationListener hearing) {
      this.listener = hearing;
      return this;
    }

    /** Uses the names that the caller has reserved with {@link NameLocks#ofEmergency}. */
    public Builder reserved(NameLocks locks) {
      this.reserved = locks;
      return this;
    }

    /**
     * Takes a person's word that no hook of the open rotation runs on any machine. Without it, the
     * rotation is neither abandoned nor rolled back while no journal tells so: a hook that still
     * runs could give the new value to the system afterwards.
     */
    public Builder hooksEnded() {
      this.hooksEnded = true;
      return this;
    }

    /** Replaces the programs of the hooks, in tests. */
    Builder hooks(HookCaller caller) {
      this.hooks = caller;
      return this;
    }

    /**
     * Builds the rotations; does not call the backend.
     *
     * @throws SecretException {@code CONFIGURATION} if there is no such environment
     */
    public Rotations build() {
      return new Rotations(this);
    }
  }

  // ---- what to do

  /**
   * Rotates a secret with the grace from the inventory.
   *
   * @param name its name in the inventory
   * @throws RotationStopped if a step failed; the rotation can be resumed
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret, {@code
   *     UNSUPPORTED} if its value cannot be generated, {@code NOT_FOUND} if it has none yet, {@code
   *     CONFLICT} if a rotation of it is open, {@code CORRUPT} if its journal cannot be used
   */
  public RotationReport rotate(String name) {
    return rotate(name, RotationScope.grace(inventory.secret(name)));
  }

  /**
   * Rotates a secret with another grace: zero retires the old value at once.
   *
   * @throws RotationStopped as {@link #rotate(String)}
   * @throws SecretException as {@link #rotate(String)}
   */
  public RotationReport rotate(String name, Duration grace) {
    InventorySecret secret = inventory.secret(name);
    refuseTemplate(secret);
    if (secret.shape() == null) {
      throw inventory.refused(
          secret,
          "it has no generator in the inventory",
          "Supply its new value with " + inventory.rotate(name, "--from-stdin"));
    }
    return begin(secret, grace, null);
  }

  /**
   * Rotates a secret to a value that a person supplies.
   *
   * @throws RotationStopped as {@link #rotate(String)}
   * @throws SecretException as {@link #rotate(String)}; {@code INVALID_VALUE} if it breaks a rule
   *     of the inventory, or is the served value
   */
  public RotationReport rotateTo(String name, SecretValue value) {
    InventorySecret secret = inventory.secret(name);
    refuseTemplate(secret);
    inventory.refuseBroken(secret, value);
    return begin(secret, RotationScope.grace(secret), value);
  }

  /**
   * Resumes an interrupted rotation, whoever began it, in its direction.
   *
   * @throws RotationStopped as {@link #rotate(String)}
   * @throws SecretException {@code NOT_FOUND} if no rotation of it is open, {@code CONFLICT},
   *     {@code CORRUPT}, {@code CONFIGURATION} if the new value was never applied to the system
   *     that it opens, and no hook can do it
   */
  public RotationReport resume(String name) {
    try (NameLocks locks = lock(name)) {
      RotationJournal journal = taken(name, locks);
      if (journal.changes().get(0).pending().isEmpty()) {
        refuseEnded(journal);
      }
      inventory.requireApplied(journal);
      readiness.require(journal);
      records.log(journal, LogEntry.Event.RESUMED, Optional.empty(), "");
      RotationRun run = run(journal, null);
      return journal.direction() == RotationJournal.Direction.BACK ? run.back() : run.forward();
    }
  }

  /**
   * Retires the old value now, before its grace ends.
   *
   * @throws RotationStopped as {@link #rotate(String)}
   * @throws SecretException as {@link #resume}
   */
  public RotationReport retire(String name) {
    try (NameLocks locks = lock(name)) {
      RotationJournal journal = taken(name, locks);
      if (!journal.waits()) {
        throw wrongWay(
            "retire the old value of secret", journal, "the new value is not in service yet");
      }
      inventory.requireApplied(journal);
      RotationRun run = run(journal, null);
      run.endGrace();
      return run.forward();
    }
  }

  /**
   * Restores the old value after a promotion.
   *
   * @throws RotationStopped as {@link #rotate(String)}
   * @throws SecretException as {@link #resume}
   */
  public RotationReport rollback(String name) {
    try (NameLocks locks = lock(name)) {
      RotationJournal journal = taken(name, locks);
      if (journal.direction() == RotationJournal.Direction.FORWARD) {
        if (!journal.promoted()) {
          throw wrongWay(ROLL_BACK, journal, "the new value is not in service");
        }
        if (!journal.isDone(RotationStep.RENDER)) {
          throw wrongWay(ROLL_BACK, journal, "its templates are not rendered yet");
        }
        inventory.requireWayBack(journal);
        situation(journal).requireBack(ROLL_BACK);
        requireHookEnded(ROLL_BACK, journal, RotateAction.ROLLBACK);
        journal = records.record(journal.back());
        records.log(journal, LogEntry.Event.ROLLING_BACK, Optional.empty(), "");
      }
      return run(journal, null).back();
    }
  }

  /**
   * Abandons a rotation whose new value is not in service: gives the served value again to the
   * system that the secret opens, if necessary, and clears the pending one. Also abandons a
   * rotation that can never finish because another writer has changed the served value; that value
   * stays. Sets a journal aside that cannot be used or is of another backend.
   *
   * @throws RotationStopped if the served value cannot be given to the system
   * @throws SecretException {@code NOT_FOUND} if no rotation of it is open, {@code CONFLICT} if the
   *     new value is in service and the rotation can be resumed, or if a hook may still run and
   *     nobody has said otherwise with {@link Builder#hooksEnded}
   */
  public RotationReport abandon(String name) {
    try (NameLocks locks = lock(name)) {
      Optional<RotationJournal> foreign = foreignJournals.foreign(name);
      if (foreign.isPresent()) {
        return abandonForeign(foreign.get());
      }
      RotationJournal journal;
      try {
        journal = taken(name, locks);
      } catch (SecretException e) {
        return abandonUnknown(inventory.secret(name), e);
      }
      if (asServed(journal).promoted() && !situation(journal).closed()) {
        throw wrongWay(ABANDON, journal, "its new value is in service");
      }
      requireHookEnded(ABANDON, journal, RotateAction.ABANDON);
      return run(journal, null).abandon("");
    }
  }

  private RotationReport abandonForeign(RotationJournal foreign) {
    requireHookEnded(ABANDON, foreign, RotateAction.ABANDON);
    RotationJournal here = foreignJournals.adopted(inventory.secret(foreign.secret()));
    RotationReport report = foreignJournals.passBy(foreign);
    if (foreign.given() != RotationJournal.Given.NOTHING) {
      RotationReport unused = run(here, null).abandon("");
    }
    return report;
  }

  private RotationReport abandonUnknown(InventorySecret secret, SecretException why) {
    RotationJournal journal = foreignJournals.unknown(secret, why);
    if (journal.mayBeApplied() && !hooksEnded) {
      throw unconfirmed(
          journal,
          ABANDON,
          (why.kind() == SecretException.Kind.CORRUPT
                  ? "its journal cannot be used"
                  : records.folder().path() + " has no journal of it")
              + ", so nothing tells whether its hook 'apply' still runs on a machine, or has given"
              + " the pending value to the system that it opens",
          "Use its journal: restore the file, or name its folder with --journal. If it is lost, make"
              + " sure that no hook of it runs on any machine",
          RotateAction.ABANDON);
    }
    return run(journal, null).abandon(foreignJournals.setAsideDamaged(secret, why));
  }

  /** Rejects a change of direction while a hook that began on another machine may still run. */
  private void requireHookEnded(String action, RotationJournal journal, RotateAction way) {
    Optional<HookCall> call = journal.call().filter(begun -> !begun.isSeenHere());
    if (call.isPresent() && !hooksEnded) {
      throw unconfirmed(
          journal,
          action,
          "its hook '"
              + call.get().step().word()
              + "' began on another machine or before a restart, on '"
              + call.get().host()
              + "', and nothing tells whether it has ended; it could change the system that the"
              + " secret opens after this command",
          "Make sure that no process of it runs there",
          way);
    }
  }

  private SecretException unconfirmed(
      RotationJournal journal, String action, String why, String check, RotateAction way) {
    return journal.refusal(
        action,
        why,
        check
            + "; then run "
            + inventory.confirmed(journal.secret(), way)
            + ", which gives the served value to that system by the hook 'apply'");
  }

  /** Rejects a rotation that the log calls ended, before it makes a new value. */
  private void refuseEnded(RotationJournal journal) {
    Optional<String> ended = records.ended(journal);
    if (ended.isPresent()) {
      throw journal.refusal(
          GO_ON,
          ended.get(),
          "Clear its journal with " + inventory.open(journal.secret(), RotateAction.ABANDON));
    }
  }

  /**
   * Sets the journal of a rotation aside that began on another backend, from which the secret was
   * moved, and clears its pending values here. Returns empty if there is no such journal.
   *
   * @param name its name in the inventory
   * @throws SecretException as {@link #resume}
   */
  public Optional<RotationReport> passForeignBy(String name) {
    try (NameLocks locks = lock(name)) {
      NameLocks unused = locks;
      return foreignJournals.foreign(name).map(foreignJournals::passBy);
    }
  }

  /**
   * Sets the journal of a rotation aside that can be neither resumed nor abandoned, such as one of
   * another store on the same backend, and clears its pending values here.
   *
   * @param name its name in the inventory
   * @throws SecretException as {@link #resume}
   */
  public RotationReport setAside(String name) {
    try (NameLocks locks = lock(name)) {
      return foreignJournals.passBy(taken(name, locks));
    }
  }

  /** Returns the due dates, by the clock of these rotations; see {@link DueList}. */
  public List<DueSecret> due() {
    return DueList.of(
        new StoreSnapshot(inventory.inventory(), inventory.environment().name(), writer.provider()),
        records.folder().path(),
        records.clock());
  }

  /**
   * Handles a secret of {@link #due}: rotates it, resumes its rotation or retires its old value.
   * Returns empty if there is nothing to do.
   *
   * @throws RotationStopped as {@link #rotate(String)}
   * @throws SecretException as {@link #rotate(String)}
   */
  public Optional<RotationReport> handle(DueSecret due) {
    return switch (due.state()) {
      case LATER, UNKNOWN -> Optional.empty();
      case DUE -> Optional.of(rotate(due.secret()));
      case OPEN, RETIRE -> Optional.of(resume(due.secret()));
    };
  }

  /**
   * Returns the state of a secret's open rotation; empty if none is open. Reads no other journal.
   *
   * @param name its name in the inventory
   * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret, {@code
   *     CORRUPT} if its journal cannot be used
   */
  public Optional<RotationReport> open(String name) {
    return records.read(inventory, inventory.secret(name).name()).map(RotationJournal::report);
  }

  // ---- how a rotation begins

  private void refuseTemplate(InventorySecret secret) {
    if (secret.template() != null) {
      throw inventory.refused(
          secret,
          "its template makes it from " + String.join(", ", secret.template().parts()),
          "Rotate its parts");
    }
  }

  private RotationReport begin(
      InventorySecret secret, Duration grace, @Nullable SecretValue supplied) {
    inventory.requireApply(secret);
    List<VersionChange> names = inventory.changes(secret);
    try (NameLocks locks = lock(secret.name())) {
      NameLocks all = locks.and(names.stream().map(VersionChange::stored).sorted().toList());
      refuseOpen(secret);
      if (supplied != null) {
        refuseServed(secret, supplied);
      }
      readiness.require(secret);
      PendingStore place = PendingStore.of(writer);
      records
          .listener()
          .at(names.get(0).stored(), RotationStep.GENERATE, RotationListener.Moment.BEFORE);
      try (SecretValue fresh = newValue(secret, supplied)) {
        RotationJournal journal =
            records.newJournal(inventory, secret, names, writer.provider(), grace);
        foreignJournals.refuseForeign(journal, place);
        journal = records.record(journal);
        records.log(journal, LogEntry.Event.BEGUN, Optional.empty(), notApplied(secret));
        return run(journal, fresh).forward();
      } finally {
        all.close();
      }
    }
  }

  private SecretValue newValue(InventorySecret secret, @Nullable SecretValue supplied) {
    return supplied == null ? inventory.newValue(secret, records.random()) : supplied.copy();
  }

  /** Rejects the value in service: nothing would change, and retiring it would lock users out. */
  private void refuseServed(InventorySecret secret, SecretValue value) {
    String stored = inventory.stored(secret.name());
    if (writer.provider().get(stored, Duration.ZERO).value().equals(value)) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "rotate secret")
          .name(stored)
          .reason("the supplied value is the one in service")
          .advice("Get a new one from whoever issued it, and supply that")
          .build();
    }
  }

  /** Notes once, for people and the log, that no hook applies the value to the system it opens. */
  private String notApplied(InventorySecret secret) {
    String reason = secret.declined().get("apply");
    if (secret.opens() == null || reason == null) {
      return "";
    }
    String note = "no hook brings the new value to " + secret.opens() + " (apply: none): " + reason;
    records.listener().note(note);
    return note;
  }

  /** Rejects a second rotation. One whose grace is over is finished first. */
  private void refuseOpen(InventorySecret secret) {
    Optional<RotationJournal> open = records.read(inventory, secret.name());
    if (open.isEmpty()) {
      return;
    }
    RotationJournal journal = open.get();
    foreignJournals.requireHere(journal);
    requireServed(journal);
    Optional<Instant> end = journal.retireAt();
    if (journal.waits() && end.isPresent() && !records.now().isBefore(end.get())) {
      RotationReport unused = run(journal, null).forward();
      return;
    }
    throw wrongWay(
        "rotate secret",
        journal,
        journal.waits()
            ? "the grace of its old value lasts until "
                + end.map(time -> time.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("")
            : "a rotation of it is open, begun by " + journal.startedBy());
  }

  private NameLocks lock(String name) {
    return records.lock(List.of(inventory.stored(inventory.secret(name).name())));
  }

  private RotationRun run(RotationJournal journal, @Nullable SecretValue fresh) {
    return new RotationRun(inventory, records, hook, writer, journal, fresh);
  }

  /** Rejects every way while the store serves no value, which a hook could not get. */
  private void requireServed(RotationJournal journal) {
    RotationSituation seen = situation(journal);
    if (seen.served() == RotationStopped.Served.NONE) {
      throw journal.refusal(GO_ON, seen.whyClosed().orElse("no value is served"), seen.wayOut());
    }
  }

  /** Returns the open rotation, with all its names locked. */
  private RotationJournal taken(String name, NameLocks locks) {
    String stored = inventory.stored(name);
    RotationJournal journal =
        records
            .read(inventory, name)
            .orElseThrow(
                () ->
                    SecretException.of(SecretException.Kind.NOT_FOUND, GO_ON)
                        .name(stored)
                        .reason("no rotation of it is open in " + records.folder().path())
                        .advice(
                            "Begin one with "
                                + inventory.rotate(name, "")
                                + ", or name the folder of its journal with"
                                + " --journal")
                        .build());
    foreignJournals.requireHere(journal);
    if (journal.call().isPresent()) {
      journal.call().get().requireEnded(journal, GO_ON);
    }
    requireServed(journal);
    NameLocks unused =
        locks.and(journal.changes().stream().map(VersionChange::stored).sorted().toList());
    return journal;
  }

  private RotationSituation situation(RotationJournal journal) {
    return new RotationSituation(inventory, records, journal, writer);
  }

  /** Rejects what was asked for, with the commands that are accepted instead. */
  private SecretException wrongWay(String action, RotationJournal journal, String why) {
    RotationSituation seen = situation(journal);
    Optional<String> closed = seen.whyClosed();
    if (closed.isPresent()) {
      return journal.refusal(action, why + "; " + closed.get(), seen.wayOut());
    }
    return journal.refusal(
        action, why, asServed(journal).accepted(way -> inventory.open(journal.secret(), way)));
  }

  /** Returns the journal with a promotion that a crash has left out of it; asks the backend. */
  private RotationJournal asServed(RotationJournal journal) {
    VersionChange change = journal.changes().get(0);
    return !journal.promoted()
            && !change.pending().isEmpty()
            && PendingStore.of(writer).isServed(change)
        ? journal.with(RotationStep.PROMOTE)
        : journal;
  }
}
