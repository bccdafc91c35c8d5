package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.rotation.RotationPause;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** Shows people in the records who only practised. Programs read the kind of the emergency. */
  static final String DRILL = " (drill)";

  /** The choice for an earlier emergency of the same secret that was not finished. */
  public enum Earlier {
    /** Resumes it if it began within a day; rejects an older one. */
    RECENT,
    /** Resumes it, however old it is. */
    RESUMED,
    /** Sets it aside and begins a new one. */
    SET_ASIDE
  }

  private final Builder setup;
  private final InventoryLocation here;
  private final AffectedSecrets targets;
  private final EmergencyFolder folder;
  private final LocalizedTexts texts;

  private Emergency(Builder setup) {
    this.setup = setup;
    this.here = setup.site.here();
    AffectedSecrets affected = AffectedSecrets.of(setup.site, setup.name);
    this.targets = (setup.live ? affected.live() : affected).repeating(setup.repeated);
    this.folder = new EmergencyFolder(setup.journal);
    this.texts = LocalizedTexts.of(Emergency.class, setup.language);
  }

  /**
   * Begins to set up an emergency.
   *
   * @param name the exposed secret, by its name in the inventory
   */
  public static Builder of(InventoryLocation site, String name, SecretWriter writer) {
    return new Builder(site, name, writer);
  }

  /** Returns the word that marks each line of a drill. */
  public static String drillMark(Language language) {
    return LocalizedTexts.of(Emergency.class, language).text("drill.mark");
  }

  /** The settings of an emergency besides the secret and the store. Used by one thread. */
  public static final class Builder {
    final InventoryLocation site;
    final String name;
    final SecretWriter writer;
    Path journal;
    String who = "unknown";
    InstantSource clock = InstantSource.system();
    Language language = Language.ENGLISH;
    Duration knownFor = Duration.ZERO;
    Duration hookLimit = Rotations.HOOK_LIMIT;
    Earlier earlier = Earlier.RECENT;
    EmergencyListener listener = EmergencyListener.SILENT;
    String byHand = "";
    @Nullable EmergencyDrill drill;
    boolean live;
    String repeated = "";

    /** When the program was asked; reading the plan and answering count too. */
    Instant began = Instant.EPOCH;

    private Builder(InventoryLocation site, String name, SecretWriter writer) {
      this.site = site;
      this.name = name;
      this.writer = writer;
      this.journal = site.folder().resolve(Rotations.FOLDER);
    }

    /** Sets the folder of the journals, that of the rotations. */
    public Builder journal(Path folder) {
      this.journal = folder;
      return this;
    }

    /** Sets an option that the commands in messages repeat, such as {@code --journal DIR}. */
    public Builder repeatedOption(String option) {
      this.repeated = " " + option;
      return this;
    }

    /** Sets the name of the person for the journals, the rotation log and the post-mortem. */
    public Builder who(String person) {
      this.who = person;
      return this;
    }

    /** Sets the clock. */
    public Builder clock(InstantSource source) {
      this.clock = source;
      return this;
    }

    /** Sets the language of the plan and of the post-mortem. */
    public Builder language(Language spoken) {
      this.language = spoken;
      return this;
    }

    /** Sets for how long the exposure has been known; the time limit counts from there. */
    public Builder knownFor(Duration ago) {
      this.knownFor = ago;
      return this;
    }

    /** Sets how long a hook may run before it is killed. */
    public Builder hookLimit(Duration limit) {
      this.hookLimit = limit;
      return this;
    }

    /** Sets the choice for an earlier emergency that was not finished. */
    public Builder earlier(Earlier what) {
      this.earlier = what;
      return this;
    }

    /**
     * Sets how a person did by hand what no hook does, and how the person verified it. The text is
     * recorded as a claim and closes the risks that a missing hook left open: only in this run,
     * only of an earlier emergency, and only if nothing is replaced after it.
     */
    public Builder byHand(String word) {
      this.byHand = word;
      return this;
    }

    /** Sets the listener of the steps. */
    public Builder listener(EmergencyListener hearing) {
      this.listener = hearing;
      return this;
    }

    /** Makes the emergency a drill: it calls no hook, and the post-mortem says so. */
    public Builder drill(EmergencyDrill scratch) {
      this.drill = scratch;
      this.journal = scratch.journal();
      return this;
    }

    /**
     * Makes the emergency a drill on the environment itself: everything happens there, and the
     * records say that it was a drill.
     *
     * @throws SecretException {@code CONFIGURATION} if the inventory does not allow it there
     */
    public Builder liveDrill() {
      if (site.environment().drills() != ServiceEnvironment.Drills.LIVE) {
        throw SecretException.of(SecretException.Kind.CONFIGURATION, "practise with secret")
            .name(site.environment().stored(name))
            .reason(
                "a live drill changes the secrets of an environment and calls its hooks, and the"
                    + " inventory does not allow that in "
                    + site.environment().name())
            .advice(
                "Say 'drills: live' below an environment for practice, such as staging, or leave"
                    + " out --live")
            .build();
      }
      this.live = true;
      return this;
    }

    /**
     * Builds the emergency; does not call the backend.
     *
     * @throws SecretException {@code CONFIGURATION} if the inventory has no such secret, {@code
     *     UNSUPPORTED} if a person must supply its value, {@code INVALID_VALUE} if the text for
     *     {@code --by-hand} is still the placeholder of the advice
     */
    public Emergency build() {
      if (RemainingRisks.PLACEHOLDER.equalsIgnoreCase(byHand.strip())) {
        throw SecretException.of(SecretException.Kind.INVALID_VALUE, "record the manual steps of")
            .name(name)
            .reason("'" + byHand.strip() + "' is a placeholder for your own words")
            .advice("Say how you saw that the old value is refused")
            .build();
      }
      this.began = clock.instant();
      this.who = live ? who + DRILL : who;
      return new Emergency(this);
    }
  }

  /**
   * Returns the plan of a new emergency, or the rest of an earlier one; changes nothing.
   *
   * @throws SecretException {@code CORRUPT} if the journal cannot be used, {@code CONFLICT} if an
   *     older emergency is not finished, {@code NOT_FOUND} if there is none to resume
   */
  public EmergencyPlan plan() {
    Instant now = setup.clock.instant();
    return EmergencyPlan.of(
        setup.site,
        targets,
        begun(now).orElse(null),
        texts,
        now,
        setup.began.minus(setup.knownFor));
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
    try (EmergencyFolder.Lock held = folder.lock(targets.stored())) {
      EmergencyFolder.Lock unused = held;
      Optional<EmergencyFile> open = begun(setup.clock.instant());
      try (RotationPause names = reserve()) {
        return run(open, new EmergencyWork(setup, targets, texts, names));
      }
    }
  }

  /** Keeps rotations away from all names: none begins while the emergency looks at hooks. */
  private RotationPause reserve() {
    return RotationPause.ofEmergency(
        setup.drill == null ? setup.site.inventory() : setup.drill.inventory(),
        setup.site.environment().name(),
        setup.journal,
        setup.who,
        targets.rotated().stream().map(InventorySecret::name).toList());
  }

  private EmergencyReport run(Optional<EmergencyFile> open, EmergencyWork work) {
    EmergencyFile file = open.orElseGet(work::begin);
    if (open.isEmpty()) {
      folder.setAside(targets.stored(), EmergencyTimes.forFiles(setup.site, setup.clock.instant()));
    }
    file.outcome = EmergencyOutcome.INTERRUPTED; // until all steps have run
    folder.write(targets.stored(), file);
    recordSoFar(EmergencyStep.ROTATE, file);
    file.word = setup.byHand;
    boolean left = false;
    for (EmergencyStep step : EmergencyStep.values()) {
      if (!file.done.contains(step) || step == EmergencyStep.POST_MORTEM) {
        left |= perform(step, file, work, left) == TimelineEntry.Outcome.OPEN;
      }
    }
    Instant ended = file.timeline.get(file.timeline.size() - 1).at();
    if (file.outcome.finished()) {
      folder.delete(targets.stored());
    }
    return new EmergencyReport(
        targets.secret().name(),
        file.outcome,
        file.known,
        ended,
        file.timeline,
        PostMortem.path(setup, file),
        work.shown(file));
  }

  /** A disk that takes no post-mortem now must not keep the exposed value valid. */
  private void recordSoFar(EmergencyStep step, EmergencyFile file) {
    try {
      Path unused =
          PostMortem.write(setup, targets, file, EmergencyOutcome.INTERRUPTED, List.of(), texts);
    } catch (SecretException e) {
      add(
          file,
          step,
          TimelineEntry.Outcome.PART,
          texts.text("part.unrecorded", plain(e)),
          setup.clock.instant());
    }
  }

  /** Returns the emergency to resume; null if a new one begins. */
  private Optional<EmergencyFile> begun(Instant now) {
    String command = targets.command();
    String restart = here.command(command + " --restart");
    Optional<EmergencyFile> open =
        setup.earlier == Earlier.SET_ASIDE
            ? Optional.empty()
            : folder.read(targets.stored(), setup.site.environment().drills(), restart);
    if (open.isEmpty() && !setup.byHand.isEmpty()) {
      throw wordTooEarly(command);
    }
    if (setup.earlier == Earlier.SET_ASIDE) {
      return open;
    }
    if (open.isEmpty() && setup.earlier == Earlier.RESUMED) {
      throw nothingToResume(command);
    }
    if (open.isPresent() && open.get().kind != PostMortem.kind(setup)) {
      throw ofOtherKind(open.get(), restart);
    }
    if (setup.earlier == Earlier.RECENT && open.isPresent() && isOld(open.get(), now)) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "begin the emergency of")
          .name(targets.stored())
          .reason(
              open.get().by
                  + " began one on "
                  + EmergencyTimes.minute(setup.site, open.get().began)
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
  private SecretException ofOtherKind(EmergencyFile open, String restart) {
    return SecretException.of(SecretException.Kind.CONFLICT, "begin the emergency of")
        .name(targets.stored())
        .reason(
            open.by
                + " began one that is not finished, and "
                + (setup.live ? "it is no drill" : "it is a drill"))
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

  private static boolean isOld(EmergencyFile file, Instant now) {
    return file.began.plus(RECENT).isBefore(now);
  }

  /** Runs the steps. Steps after an open risk run now, and again when the risk is closed. */
  private TimelineEntry.Outcome perform(
      EmergencyStep step, EmergencyFile file, EmergencyWork work, boolean afterOpen) {
    Instant began = setup.clock.instant();
    setup.listener.begins(step, file.elapsed(began));
    EmergencyWork.Effect effect;
    try {
      effect =
          work.effect(step, file, part -> add(file, step, TimelineEntry.Outcome.PART, part, began));
    } catch (SecretException | RotationStopped | EmergencyWork.HookFailed e) {
      String why = reason(e);
      add(file, step, TimelineEntry.Outcome.FAILED, why, began);
      recordSoFar(step, file);
      throw stopped(step, file, why, e);
    }
    if (!afterOpen && effect.outcome() != TimelineEntry.Outcome.OPEN) {
      file.done.add(step);
    }
    add(file, step, effect.outcome(), effect.detail(), began);
    if (step != EmergencyStep.POST_MORTEM) {
      recordSoFar(step, file);
    }
    return effect.outcome();
  }

  private void add(
      EmergencyFile file,
      EmergencyStep step,
      TimelineEntry.Outcome outcome,
      String detail,
      Instant began) {
    Instant now = setup.clock.instant();
    Duration took = Duration.between(began, now);
    TimelineEntry moment =
        new TimelineEntry(
            now, setup.who, step, outcome, detail, took.isNegative() ? Duration.ZERO : took);
    file.timeline.add(moment);
    folder.write(targets.stored(), file);
    setup.listener.happened(moment, file.elapsed(now));
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
      EmergencyStep step, EmergencyFile file, String why, RuntimeException cause) {
    Duration elapsed = file.elapsed(setup.clock.instant());
    String time =
        elapsed.compareTo(LIMIT) > 0
            ? "The 30 minutes ended " + EmergencyTimes.minutes(elapsed.minus(LIMIT)) + " ago"
            : EmergencyTimes.minutes(LIMIT.minus(elapsed)) + " of the 30 minutes are left";
    return new EmergencyStopped(
        step,
        "Cannot finish the "
            + (PostMortem.kind(setup) == PostMortem.Kind.REAL ? "emergency" : "drill")
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
                targets.command() + (isOld(file, setup.clock.instant()) ? " --resume" : ""))
            + "' again: it resumes at this step, also for somebody else.",
        cause);
  }
}
