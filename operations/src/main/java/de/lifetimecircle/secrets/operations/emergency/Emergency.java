package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.journal.NameLock;
import de.lifetimecircle.secrets.operations.rotation.RotationLock;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Replaces an exposed secret: rotates it at once and without grace, makes sure that no old value
 * stays valid, calls the hooks that deploy, end sessions and verify, and writes the post-mortem. A
 * journal without values, beside those of the rotations, lets anybody resume the emergency after a
 * failure or a crash.
 *
 * <p>Blocks for the backend, the hooks and the file system. Used by one thread. The caller closes
 * the writer, which must have local overrides off.
 */
public final class Emergency {
  /** The time limit, from the moment at which the exposure became known. */
  public static final Duration LIMIT = Duration.ofMinutes(30);

  /** An older emergency that is not finished may be about another exposure. */
  private static final Duration RECENT = Duration.ofDays(1);

  /** The choice for an earlier emergency of the same secret that was not finished. */
  public enum Earlier {
    /** Resumes it if it began within a day; rejects an older one. */
    RECENT,
    /** Resumes it, however old it is. */
    RESUMED,
    /** Sets it aside and begins a new one. */
    SET_ASIDE
  }

  private final EmergencySettings settings;
  private final InventoryLocation here;
  private final AffectedSecrets targets;
  private final EmergencyFolder folder;
  private final LocalizedTexts texts;

  Emergency(EmergencySettings settings) {
    this.settings = settings;
    this.here = settings.site().here();
    this.targets = AffectedSecrets.of(settings.site(), settings.name());
    this.folder = new EmergencyFolder(settings.journal());
    this.texts = LocalizedTexts.of(Emergency.class, settings.language());
  }

  /**
   * Begins to set up an emergency.
   *
   * @param name the exposed secret, by its name in the inventory
   */
  public static EmergencySettings of(InventoryLocation site, String name, SecretWriter writer) {
    return EmergencySettings.of(site, name, writer);
  }

  /** Returns the word that marks each line of a drill. */
  public static String drillMark(Language language) {
    return LocalizedTexts.of(Emergency.class, language).text("drill.mark");
  }

  /**
   * Returns the plan of a new emergency, or the rest of an earlier one; changes nothing.
   *
   * @throws SecretException {@code CORRUPT} if the journal cannot be used, {@code CONFLICT} if an
   *     older emergency is not finished, {@code NOT_FOUND} if there is none to resume
   */
  public EmergencyPlan plan() {
    Instant now = settings.clock().instant();
    return EmergencyPlan.of(
        settings.site(), targets, begun(now).orElse(null), texts, now, settings.known());
  }

  /**
   * Runs or resumes the emergency. If the inventory lacks a hook, the other steps are done, and the
   * report lists what is open; the next call resumes there.
   *
   * @throws EmergencyStopped if a step failed; the next call resumes there
   * @throws SecretException {@code CONFLICT} if somebody else is running it, or an older one is not
   *     finished; {@code CORRUPT} if the journal cannot be used, {@code NOT_FOUND} if the store has
   *     no such secret, or there is none to resume
   */
  public EmergencyReport run() {
    try (NameLock held = folder.lock(targets.stored())) {
      NameLock unused = held;
      Optional<EmergencyJournal> open = begun(settings.clock().instant());
      try (RotationLock names = reserve()) {
        return run(open, new EmergencySteps(settings, targets, texts, names));
      }
    }
  }

  /** Keeps rotations away from all names: none begins while the emergency looks at hooks. */
  private RotationLock reserve() {
    return RotationLock.ofEmergency(
        settings.inventory(),
        settings.site().environment().name(),
        settings.journal(),
        settings.signature(),
        targets.rotated().stream().map(InventorySecret::name).toList());
  }

  private EmergencyReport run(Optional<EmergencyJournal> open, EmergencySteps steps) {
    EmergencyState state = new EmergencyState(open.orElseGet(steps::begin));
    if (open.isEmpty()) {
      folder.setAside(
          targets.stored(), EmergencyTimes.forFiles(settings.site(), settings.clock().instant()));
    }
    state.update(journal -> journal.ended(EmergencyOutcome.INTERRUPTED)); // until all have run
    folder.write(targets.stored(), state.journal());
    recordSoFar(EmergencyStep.ROTATE, state);
    state.say(settings.byHand());
    boolean left = false;
    for (EmergencyStep step : EmergencyStep.values()) {
      if (!state.journal().done().contains(step) || step == EmergencyStep.POST_MORTEM) {
        left |= perform(step, state, steps, left) == TimelineEntry.Outcome.OPEN;
      }
    }
    EmergencyJournal ended = state.journal();
    if (ended.outcome().finished()) {
      folder.delete(targets.stored());
    }
    return new EmergencyReport(
        targets.secret().name(),
        ended.outcome(),
        ended.known(),
        ended.timeline().get(ended.timeline().size() - 1).at(),
        ended.timeline(),
        PostMortem.path(settings, ended),
        steps.shown(state));
  }

  /** A disk that takes no post-mortem now must not keep the exposed value valid. */
  private void recordSoFar(EmergencyStep step, EmergencyState state) {
    try {
      Path unused =
          PostMortem.write(
              settings, targets, state.journal(), EmergencyOutcome.INTERRUPTED, List.of(), texts);
    } catch (SecretException e) {
      add(
          state,
          step,
          TimelineEntry.Outcome.PART,
          texts.text("part.unrecorded", plain(e)),
          settings.clock().instant());
    }
  }

  /** Returns the emergency to resume; null if a new one begins. */
  private Optional<EmergencyJournal> begun(Instant now) {
    String command = settings.command();
    String restart = here.command(command + " --restart");
    Optional<EmergencyJournal> open =
        settings.earlier() == Earlier.SET_ASIDE
            ? Optional.empty()
            : folder.read(targets.stored(), restart);
    if (open.isEmpty() && !settings.byHand().isEmpty()) {
      throw wordTooEarly(command);
    }
    if (settings.earlier() == Earlier.SET_ASIDE) {
      return open;
    }
    if (open.isEmpty() && settings.earlier() == Earlier.RESUMED) {
      throw nothingToResume(command);
    }
    if (open.isPresent() && open.get().kind() != settings.kind()) {
      throw ofOtherKind(open.get(), restart);
    }
    if (settings.earlier() == Earlier.RECENT && open.isPresent() && isOld(open.get(), now)) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "begin the emergency of")
          .name(targets.stored())
          .reason(
              open.get().by()
                  + " began one on "
                  + EmergencyTimes.minute(settings.site(), open.get().began())
                  + ", more than a day ago, that is not finished")
          .advice(
              "If the secret was exposed again, run '"
                  + restart
                  + "'; to finish the old one, run '"
                  + here.command(command + " --resume")
                  + "'")
          .build();
    }
    return open;
  }

  /** The finished steps of a drill are not those of an emergency. */
  private SecretException ofOtherKind(EmergencyJournal open, String restart) {
    return SecretException.of(SecretException.Kind.CONFLICT, "begin the emergency of")
        .name(targets.stored())
        .reason(
            open.by()
                + " began one that is not finished, and "
                + (settings.isLive() ? "it is no drill" : "it is a drill"))
        .advice("To set it aside, run '" + restart + "'")
        .build();
  }

  private SecretException nothingToResume(String command) {
    return SecretException.of(SecretException.Kind.NOT_FOUND, "resume the emergency of")
        .name(targets.stored())
        .reason("there is no journal of one in " + folder.folder())
        .advice(
            "Begin one with '"
                + here.command(command)
                + "', or name the folder of its journal with --journal")
        .build();
  }

  private SecretException wordTooEarly(String command) {
    return SecretException.of(
            SecretException.Kind.NOT_FOUND, "record the manual steps of the emergency of")
        .name(targets.stored())
        .reason("none is open, so there are no manual steps yet")
        .advice("Begin one with '" + here.command(command) + "'; it lists them")
        .build();
  }

  private static boolean isOld(EmergencyJournal journal, Instant now) {
    return journal.began().plus(RECENT).isBefore(now);
  }

  /** Runs the steps. Steps after an open risk run now, and again when the risk is closed. */
  private TimelineEntry.Outcome perform(
      EmergencyStep step, EmergencyState state, EmergencySteps steps, boolean afterOpen) {
    Instant began = settings.clock().instant();
    settings.listener().begins(step, state.journal().elapsed(began));
    EmergencySteps.Effect effect;
    try {
      effect =
          steps.effect(
              step, state, part -> add(state, step, TimelineEntry.Outcome.PART, part, began));
    } catch (SecretException | RotationStopped | EmergencySteps.HookFailed e) {
      String why = reason(e);
      add(state, step, TimelineEntry.Outcome.FAILED, why, began);
      recordSoFar(step, state);
      throw stopped(step, state.journal(), why, e);
    }
    if (!afterOpen && effect.outcome() != TimelineEntry.Outcome.OPEN) {
      state.update(journal -> journal.withDone(step));
    }
    add(state, step, effect.outcome(), effect.detail(), began);
    if (step != EmergencyStep.POST_MORTEM) {
      recordSoFar(step, state);
    }
    return effect.outcome();
  }

  private void add(
      EmergencyState state,
      EmergencyStep step,
      TimelineEntry.Outcome outcome,
      String detail,
      Instant began) {
    Instant now = settings.clock().instant();
    Duration took = Duration.between(began, now);
    TimelineEntry moment =
        new TimelineEntry(
            now, settings.signature(), step, outcome, detail, Math.max(0, took.toMillis()));
    state.update(journal -> journal.with(moment));
    folder.write(targets.stored(), state.journal());
    settings.listener().happened(moment, state.journal().elapsed(now));
  }

  /** Leaves out the options of a rotation, such as the way back to the old value. */
  private static String reason(RuntimeException e) {
    if (e instanceof RotationStopped stopped) {
      Throwable cause = e.getCause();
      String served = stopped.served().words();
      return "its step "
          + stopped.step().word()
          + " failed: "
          + plain(cause == null ? e : cause)
          + "; "
          + Character.toLowerCase(served.charAt(0))
          + served.substring(1)
          + " is in service";
    }
    return plain(e);
  }

  private static String plain(Throwable e) {
    String text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private EmergencyStopped stopped(
      EmergencyStep step, EmergencyJournal journal, String why, RuntimeException cause) {
    Duration elapsed = journal.elapsed(settings.clock().instant());
    String time =
        elapsed.compareTo(LIMIT) > 0
            ? "The 30 minutes ended " + EmergencyTimes.minutes(elapsed.minus(LIMIT)) + " ago"
            : EmergencyTimes.minutes(LIMIT.minus(elapsed)) + " of the 30 minutes are left";
    return new EmergencyStopped(
        step,
        "Cannot finish the "
            + (settings.kind() == PostMortem.Kind.REAL ? "emergency" : "drill")
            + " of '"
            + targets.stored()
            + "' ("
            + EmergencyOutcome.INTERRUPTED.word()
            + "): step "
            + step.word()
            + " failed: "
            + why
            + ". "
            + time
            + ". Fix it and run '"
            + here.command(
                settings.command()
                    + (isOld(journal, settings.clock().instant()) ? " --resume" : ""))
            + "' again: it resumes at this step, also for somebody else.",
        cause);
  }
}
