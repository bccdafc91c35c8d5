package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.rotation.LogEntry;
import de.lifetimecircle.secrets.operations.rotation.NameLocks;
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of one emergency, and serves them: each can be repeated. Writes the journal and
 * the post-mortem so far after each of them. Used by one thread.
 */
final class EmergencyRun implements RotationListener {
  private final EmergencySettings settings;
  private final EmergencyFolder folder;
  private final NameLocks reserved;
  private EmergencySituation situation;
  private EmergencyStep step = EmergencyStep.ROTATE;
  private Instant began;
  private @Nullable ExposedVersions exposed;

  /**
   * Makes the run of an emergency that has begun.
   *
   * @param reserved the names that change, which the caller keeps reserved
   * @param situation its journal so far; the person's claim is not kept for the next run
   */
  EmergencyRun(
      EmergencySettings settings,
      EmergencyFolder folder,
      NameLocks reserved,
      EmergencySituation situation) {
    this.settings = settings;
    this.folder = folder;
    this.reserved = reserved;
    this.situation = situation;
    this.began = now();
  }

  private Instant now() {
    return settings.clock().instant();
  }

  // ---- one step after the other

  EmergencyReport run() {
    try {
      return report();
    } finally {
      if (exposed != null) {
        exposed.close();
      }
    }
  }

  private EmergencyReport report() {
    log(
        journal().timeline().isEmpty()
            ? LogEntry.Event.EMERGENCY_BEGUN
            : LogEntry.Event.EMERGENCY_RESUMED,
        "");
    update(journal().ended(EmergencyOutcome.INTERRUPTED)); // until all have run
    write();
    recordSoFar();
    boolean left = false;
    for (EmergencyStep each : EmergencyStep.values()) {
      if (!journal().done().contains(each) || each == EmergencyStep.POST_MORTEM) {
        step = each;
        left |= perform(left) == TimelineEntry.Outcome.OPEN;
      }
    }
    EmergencyJournal journal = journal();
    log(LogEntry.Event.EMERGENCY_ENDED, journal.outcome().word());
    if (journal.outcome().finished()) {
      folder.files().delete(situation.targets().stored());
    }
    List<TimelineEntry> timeline = journal.timeline();
    return new EmergencyReport(
        journal.secret(),
        journal.outcome(),
        journal.elapsed(timeline.get(timeline.size() - 1).at()),
        timeline,
        PostMortem.path(situation),
        situation.open());
  }

  /** Runs a step. Steps after an open risk run now, and again when the risk is closed. */
  private TimelineEntry.Outcome perform(boolean afterOpen) {
    began = now();
    settings.listener().begins(step, journal().elapsed(began));
    EmergencyAction.Result result;
    try {
      ExposedVersions unused = exposed(); // while the backend still returns their values
      result = step.action().run(this);
    } catch (SecretException | RotationStopped e) {
      throw stopped(reason(e), e);
    }
    if (result.outcome() == TimelineEntry.Outcome.FAILED) {
      throw stopped(plain(result.detail()), null);
    }
    if (!afterOpen && result.outcome() != TimelineEntry.Outcome.OPEN) {
      update(journal().withDone(step));
    }
    add(result.outcome(), result.detail());
    if (step != EmergencyStep.POST_MORTEM) {
      recordSoFar();
    }
    return result.outcome();
  }

  private void add(TimelineEntry.Outcome outcome, String detail) {
    Instant now = now();
    long took = Math.max(0, Duration.between(began, now).toMillis());
    TimelineEntry moment =
        new TimelineEntry(now, settings.signature(), step, outcome, detail, took);
    update(journal().with(moment));
    write();
    settings.listener().happened(moment, journal().elapsed(now));
  }

  private void write() {
    folder.files().write(situation.targets().stored(), journal());
  }

  /**
   * Adds a line for each secret to the log of rotations, which outlives the journal. A disk that
   * takes none now must not keep the exposed value valid.
   */
  private void log(LogEntry.Event event, String note) {
    EmergencySituation seen = situation;
    Set<InventorySecret> about = new LinkedHashSet<>(List.of(seen.targets().secret()));
    about.addAll(seen.targets().rotated());
    try {
      for (InventorySecret secret : about) {
        String said =
            new RotationLog(settings.journal())
                .append(
                    new LogEntry(
                        0,
                        now(),
                        settings.signature(),
                        "",
                        journal().environment(),
                        secret.name(),
                        seen.stored(secret),
                        "",
                        event,
                        Optional.empty(),
                        "",
                        "",
                        note));
        if (!said.isEmpty()) {
          part(said);
        }
      }
    } catch (SecretException e) {
      part(plain(e.getMessage()));
    }
  }

  /** A disk that takes no post-mortem now must not keep the exposed value valid. */
  private void recordSoFar() {
    try {
      Path unused = PostMortem.write(settings, situation, EmergencyOutcome.INTERRUPTED);
    } catch (SecretException e) {
      began = now();
      part(situation.text("part.unrecorded", plain(e.getMessage())));
    }
  }

  /** Leaves out the options of a rotation, such as the way back to the old value. */
  private static String reason(RuntimeException e) {
    if (e instanceof RotationStopped stopped) {
      Throwable cause = e.getCause();
      String served = stopped.served().words();
      return "its step "
          + stopped.step().word()
          + " failed: "
          + plain((cause == null ? e : cause).getMessage())
          + "; "
          + Character.toLowerCase(served.charAt(0))
          + served.substring(1)
          + " is in service";
    }
    return plain(e.getMessage());
  }

  private static String plain(@Nullable String message) {
    String text = String.valueOf(message).replaceAll("\\s+", " ").strip();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  /** Records that this step failed; the next run resumes there. */
  private EmergencyStopped stopped(String why, @Nullable RuntimeException cause) {
    add(TimelineEntry.Outcome.FAILED, why);
    log(LogEntry.Event.EMERGENCY_STOPPED, "step " + step.word());
    recordSoFar();
    Duration left = Emergency.LIMIT.minus(journal().elapsed(now()));
    String time =
        left.isNegative()
            ? "The 30 minutes ended " + EmergencyTimes.minutes(left.negated()) + " ago"
            : EmergencyTimes.minutes(left) + " of the 30 minutes are left";
    String resume = settings.command() + (journal().isOld(now()) ? " --resume" : "");
    return new EmergencyStopped(
        "Cannot finish the "
            + (settings.kind() == PostMortem.Kind.REAL ? "emergency" : "drill")
            + " of '"
            + situation.targets().stored()
            + "' ("
            + EmergencyOutcome.INTERRUPTED.word()
            + "): step "
            + step.word()
            + " failed: "
            + why
            + ". "
            + time
            + ". Fix it and run '"
            + settings.site().command(resume)
            + "' again: it resumes at this step, also for another person.",
        cause);
  }

  // ---- what steps ask for

  EmergencySettings settings() {
    return settings;
  }

  SecretProvider provider() {
    return settings.writer().provider();
  }

  EmergencySituation situation() {
    return situation;
  }

  EmergencyJournal journal() {
    return situation.journal();
  }

  /** Replaces the journal; the next {@link #part}, or the end of the step, writes it. */
  void update(EmergencyJournal next) {
    situation = situation.with(next);
  }

  /** Records the versions that are current now, which other writers made so, as replacements. */
  void servedNow(InventorySecret target) {
    for (String stored : situation.targets().changedBy(target)) {
      String version = provider().get(stored, Duration.ZERO).version();
      update(journal().withServed(stored, version));
    }
  }

  /** Forgets the person's claim: it was given before what it claims. */
  void forgetClaim() {
    situation = situation.withoutClaim();
  }

  /** Records that a part of the step is done: writes the journal and tells the listener. */
  void part(String detail) {
    add(TimelineEntry.Outcome.PART, detail);
  }

  /** Returns a result that is done only if no risk is open. */
  EmergencyAction.Result doneUnlessOpen(String done) {
    List<String> open = situation.open().stream().map(OpenItem::summary).toList();
    return open.isEmpty()
        ? EmergencyAction.Result.done(done)
        : new EmergencyAction.Result(TimelineEntry.Outcome.OPEN, String.join("; ", open));
  }

  ExposedVersions exposed() {
    ExposedVersions known = exposed;
    if (known == null) {
      known = ExposedVersions.read(provider(), journal().exposed());
      exposed = known;
    }
    return known;
  }

  /** Returns a new value from a person, or a made-up one in a drill; the caller closes it. */
  SecretValue supplied(InventorySecret target) {
    String stored = situation.stored(target);
    String advice = situation.text("ask.value", stored, situation.acceptedBy(target));
    return settings
        .scratch()
        .map(drill -> drill.another(target))
        .orElseGet(() -> settings.listener().supplies(stored, advice));
  }

  ExposedRotation rotation(InventorySecret target) {
    Rotations rotations =
        Rotations.of(settings.inventory(), settings.site().environment().name(), settings.writer())
            .journal(settings.journal())
            .hookFolder(settings.site().folder())
            .hookLimit(settings.hookLimit())
            .who(settings.signature())
            .clock(settings.clock())
            .listener(this)
            .reserved(reserved)
            .build();
    return new ExposedRotation(this, rotations, target);
  }

  // ---- what happens in a rotation

  @Override
  public void at(String name, RotationStep done, Moment moment) {
    if (moment == Moment.RECORDED) {
      boolean supplied = done == RotationStep.GENERATE && situation.isSupplied(name);
      part(name + ": " + situation.text(supplied ? "rotation.supply" : "rotation." + done.word()));
    }
  }

  @Override
  public void note(String text) {
    part(text);
  }

  @Override
  public void runs(String hook, Duration took, Duration limit, String said) {
    settings.listener().runs(hook, took, limit, said);
  }
}
