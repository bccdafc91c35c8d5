package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.check.InventoryCheck;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.documents.StorePlace;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.handover.Runbook;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.rotation.HookReadiness;
import de.lifetimecircle.secrets.operations.rotation.HookResult;
import de.lifetimecircle.secrets.operations.rotation.HookRunner;
import de.lifetimecircle.secrets.operations.rotation.NameLocks;
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the steps of one emergency; each can be repeated. Writes the journal and the post-mortem so
 * far after each of them. Used by one thread.
 */
final class EmergencySteps implements RotationListener {
  /** One more rotation than the number of old versions that a backend keeps valid. */
  private static final int MOST_ROUNDS = 2;

  private final EmergencySettings settings;
  private final InventoryLocation site;
  private final AffectedSecrets targets;
  private final EmergencyFolder folder;
  private final LocalizedTexts texts;
  private final SecretProvider provider;
  private final NameLocks reserved;
  private EmergencyJournal journal;

  /** The person's description of the manual steps in this run; not kept for the next one. */
  private String word;

  private EmergencyStep step = EmergencyStep.ROTATE;
  private Instant began;

  /** The result of a step. */
  private record Effect(TimelineEntry.Outcome outcome, String detail) {
    static Effect done(String detail) {
      return new Effect(TimelineEntry.Outcome.DONE, detail);
    }
  }

  /** Reports a program that failed. */
  private static final class HookFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HookFailed(String message) {
      super(message);
    }
  }

  /**
   * Resumes an emergency, or begins one: records the versions that are valid now.
   *
   * @param reserved the names that change, which the caller keeps reserved
   * @param open the journal of an earlier run
   */
  EmergencySteps(
      EmergencySettings settings,
      AffectedSecrets targets,
      EmergencyFolder folder,
      LocalizedTexts texts,
      NameLocks reserved,
      Optional<EmergencyJournal> open) {
    this.reserved = reserved;
    this.settings = settings;
    this.site = settings.site();
    this.targets = targets;
    this.folder = folder;
    this.texts = texts;
    this.provider = settings.writer().provider();
    this.word = settings.byHand();
    this.began = settings.clock().instant();
    this.journal = open.orElseGet(this::begin);
    if (open.isEmpty()) {
      Optional<Path> unused =
          folder.files().setAside(targets.stored(), EmergencyTimes.forFiles(site, now()));
    }
  }

  private Instant now() {
    return settings.clock().instant();
  }

  /** None of the versions that are valid now may be valid at the end. */
  private EmergencyJournal begin() {
    if (settings.hasHooks()) { // the store of a drill is made for it
      StorePlace.require(site, provider, targets.stored(), "begin the emergency of");
    }
    Map<String, List<String>> exposed = new LinkedHashMap<>();
    for (String stored : targets.changed()) {
      String current = provider.get(stored, Duration.ZERO).version();
      List<String> valid = new ArrayList<>(valid(stored));
      if (!valid.contains(current)) {
        valid.add(current);
      }
      exposed.put(stored, valid);
    }
    return EmergencyJournal.begin(settings, targets.secret().name(), exposed);
  }

  /** Returns the versions that the backend still calls valid. */
  private List<String> valid(String stored) {
    try {
      return provider.versions(stored).stream()
          .filter(version -> !version.stages().isEmpty())
          .map(SecretVersion::id)
          .toList();
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.UNSUPPORTED) {
        return List.of(); // the backend keeps one value only
      }
      throw e;
    }
  }

  // ---- one step after the other

  EmergencyReport run() {
    journal = journal.ended(EmergencyOutcome.INTERRUPTED); // until all have run
    folder.files().write(targets.stored(), journal);
    recordSoFar();
    boolean left = false;
    for (EmergencyStep each : EmergencyStep.values()) {
      if (!journal.done().contains(each) || each == EmergencyStep.POST_MORTEM) {
        step = each;
        left |= perform(left) == TimelineEntry.Outcome.OPEN;
      }
    }
    if (journal.outcome().finished()) {
      folder.files().delete(targets.stored());
    }
    return new EmergencyReport(
        targets.secret().name(),
        journal.outcome(),
        journal.known(),
        journal.timeline().get(journal.timeline().size() - 1).at(),
        journal.timeline(),
        PostMortem.path(settings, journal),
        open(site.here())); // for the person who runs this, whose commands are pasted here
  }

  /** Runs a step. Steps after an open risk run now, and again when the risk is closed. */
  private TimelineEntry.Outcome perform(boolean afterOpen) {
    began = now();
    settings.listener().begins(step, journal.elapsed(began));
    Effect effect;
    try {
      effect = effect();
    } catch (SecretException | RotationStopped | HookFailed e) {
      String why = reason(e);
      add(TimelineEntry.Outcome.FAILED, why);
      recordSoFar();
      throw stopped(why, e);
    }
    if (!afterOpen && effect.outcome() != TimelineEntry.Outcome.OPEN) {
      journal = journal.withDone(step);
    }
    add(effect.outcome(), effect.detail());
    if (step != EmergencyStep.POST_MORTEM) {
      recordSoFar();
    }
    return effect.outcome();
  }

  private Effect effect() {
    return switch (step) {
      case ROTATE -> rotate();
      case EXPEL -> expel();
      case INVALIDATE_SESSIONS, VERIFY -> call();
      case CONFIRM -> confirm();
      case POST_MORTEM -> write();
    };
  }

  private void part(String detail) {
    add(TimelineEntry.Outcome.PART, detail);
  }

  private void add(TimelineEntry.Outcome outcome, String detail) {
    Instant now = now();
    long took = Math.max(0, Duration.between(began, now).toMillis());
    TimelineEntry moment =
        new TimelineEntry(now, settings.signature(), step, outcome, detail, took);
    journal = journal.with(moment);
    folder.files().write(targets.stored(), journal);
    settings.listener().happened(moment, journal.elapsed(now));
  }

  /** A disk that takes no post-mortem now must not keep the exposed value valid. */
  private void recordSoFar() {
    try {
      Path unused =
          PostMortem.write(
              settings, targets, journal, EmergencyOutcome.INTERRUPTED, List.of(), texts);
    } catch (SecretException e) {
      began = now();
      part(texts.text("part.unrecorded", plain(e)));
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

  private EmergencyStopped stopped(String why, RuntimeException cause) {
    Duration left = Emergency.LIMIT.minus(journal.elapsed(now()));
    String time =
        left.isNegative()
            ? "The 30 minutes ended " + EmergencyTimes.minutes(left.negated()) + " ago"
            : EmergencyTimes.minutes(left) + " of the 30 minutes are left";
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
            + site.here().command(settings.command() + (journal.isOld(now()) ? " --resume" : ""))
            + "' again: it resumes at this step, also for somebody else.",
        cause);
  }

  // ---- what is open

  /** Returns the open risks; a drill has none, because it calls no hook. */
  private List<OpenItem> open(InventoryLocation from) {
    return settings.hasHooks() ? openItems(from).of(journal, word) : List.of();
  }

  private OpenItems openItems(InventoryLocation from) {
    return new OpenItems(from, targets, texts);
  }

  private Effect open(String done) {
    List<String> open = open(site).stream().map(OpenItem::summary).toList();
    return open.isEmpty()
        ? Effect.done(done)
        : new Effect(TimelineEntry.Outcome.OPEN, String.join("; ", open));
  }

  // ---- rotations

  private Effect rotate() {
    tellUnready();
    for (InventorySecret target : targets.rotated()) {
      if (isRotated(target)) {
        continue;
      }
      if (isByHand(target)) {
        takeByHand(target);
        continue;
      }
      if (!journal.begun().contains(target.name())) {
        cleanup(target).end(open -> part(texts.text("part.earlier", open)));
        journal = journal.withBegun(target.name());
        part(texts.text("part.begun", site.environment().stored(target.name())));
      }
      settle(target);
      journal = journal.withRotated(target.name());
    }
    String names = String.join(", ", names());
    if (!settings.hasHooks()) {
      return Effect.done(names + "; " + texts.text("drill.hooks", EmergencyPlan.hooks(targets)));
    }
    return targets.rotated().stream().allMatch(this::isRotated) ? Effect.done(names) : open(names);
  }

  private boolean isRotated(InventorySecret target) {
    return journal.rotated().contains(target.name());
  }

  /** Returns whether only people can bring a new value to what a secret opens. */
  private boolean isByHand(InventorySecret target) {
    return settings.hasHooks() && target.lacksApply();
  }

  /**
   * Tells whether a hook that runs later is not ready, so that people can fix it meanwhile. The
   * exposed value is more urgent than the sessions; the rotation itself looks at its own hooks.
   */
  private void tellUnready() {
    if (settings.hasHooks() && journal.begun().isEmpty()) {
      new HookReadiness(site.inventory(), site.environment().name(), provider, site.folder())
          .problems(targets.secret(), List.of(HookReadiness.SESSIONS))
          .forEach(why -> part(texts.text("part.unready", why)));
    }
  }

  /**
   * Does not rotate a secret that opens something and has no hook {@code apply}: the new value
   * would lock the service out, and the old one would stay valid. Such a secret counts as rotated
   * once people have replaced it.
   */
  private void takeByHand(InventorySecret target) {
    List<String> names = targets.changedBy(target);
    if (names.stream().noneMatch(this::servesExposed)) {
      cleanup(target).giveUp(open -> part(texts.text("part.earlier", open)));
      journal = journal.withRotated(target.name()).withByHand(target.name());
      part(texts.text("part.by-hand", String.join(", ", names)));
    } else {
      word = ""; // it was given before anything was done
    }
  }

  /** Returns the names in the store that have a new value. */
  private List<String> names() {
    return targets.changed().stream()
        .filter(
            stored ->
                targets.rotated().stream()
                    .filter(this::isRotated)
                    .anyMatch(target -> targets.changedBy(target).contains(stored)))
        .toList();
  }

  private List<String> exposed(String stored) {
    return journal.exposed().getOrDefault(stored, List.of());
  }

  /** Compares values too, because some backends restore an old value as a new version. */
  private boolean servesExposed(String stored) {
    return isExposed(stored, provider.get(stored, Duration.ZERO).version());
  }

  private boolean isExposed(String stored, String version) {
    if (exposed(stored).contains(version)) {
      return true;
    }
    Optional<SecretValue> value = readable(stored, version);
    return value.isPresent()
        && exposed(stored).stream()
            .anyMatch(old -> readable(stored, old).filter(value.get()::equals).isPresent());
  }

  private Optional<SecretValue> readable(String stored, String version) {
    try {
      return Optional.of(provider.get(stored, VersionSelector.id(version)).value());
    } catch (SecretException e) {
      if (!Rotations.isGone(e) && e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Resumes an open rotation or begins one, and finishes it. */
  private void settle(InventorySecret target) {
    word = ""; // nobody can have seen what is only done now
    Rotations rotations = rotations();
    RotationReport report =
        rotations.open(target.name()).isPresent()
            ? cleanup(target).resume()
            : rotations.rotate(target.name(), Duration.ZERO);
    if (report.outcome() == RotationReport.Outcome.ABANDONED) {
      report = rotations.rotate(target.name(), Duration.ZERO);
    }
    if (report.outcome() == RotationReport.Outcome.WAITING) {
      report = rotations.retire(target.name());
    }
    if (report.oldValue() == RotationReport.OldValue.REFUSED) {
      journal = journal.withRefused(target.name());
    }
    for (RotationReport.Changed change : report.changes()) {
      part(texts.text("part.version", change.name(), change.oldVersion(), change.newVersion()));
    }
  }

  private OpenRotationCleanup cleanup(InventorySecret target) {
    return new OpenRotationCleanup(rotations(), target.name());
  }

  private Rotations rotations() {
    return Rotations.of(settings.inventory(), site.environment().name(), settings.writer())
        .journal(settings.journal())
        .hookFolder(site.folder())
        .hookLimit(settings.hookLimit())
        .who(settings.signature())
        .clock(settings.clock())
        .listener(this)
        .reserved(reserved)
        .build();
  }

  @Override
  public void at(String name, RotationStep done, Moment moment) {
    if (moment == Moment.RECORDED) {
      part(name + ": " + texts.text("rotation." + done.word()));
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

  /**
   * Rotates again where a backend without stages treats the version before the current one as the
   * previous one; a second rotation displaces it.
   */
  private Effect expel() {
    int rounds = 0;
    for (InventorySecret target : targets.rotated()) {
      for (int round = 0; isRotated(target) && !stillValid(target).isEmpty(); round++) {
        if (round == MOST_ROUNDS) {
          throw SecretException.of(SecretException.Kind.CONFLICT, "make invalid")
              .name(String.join(", ", stillValid(target)))
              .reason("the backend still calls an old version valid after another rotation")
              .advice(
                  "Find it with 'secrets versions "
                      + stillValid(target).get(0)
                      + "', and delete that version with the backend's own tool")
              .build();
        }
        if (isByHand(target)) {
          retireByHand(target);
        } else {
          part(texts.text("part.again", String.join(", ", stillValid(target))));
          settle(target);
        }
        rounds++;
      }
    }
    List<String> refused =
        targets.rotated().stream()
            .filter(target -> target.opens() != null && !OpenItems.isUnproved(journal, target))
            .map(target -> String.valueOf(target.opens()))
            .toList();
    String proof = texts.text(rounds == 0 ? "expel.none" : "expel.again");
    if (!refused.isEmpty()) {
      proof += "; " + texts.text("expel.refused", String.join(", ", refused));
    }
    return open(word.isEmpty() ? proof : proof + "; " + texts.text("expel.word", word));
  }

  /** Retires the earlier versions after people have replaced the value. */
  private void retireByHand(InventorySecret target) {
    for (String stored : stillValid(target)) {
      List<String> old = valid(stored).stream().filter(id -> isExposed(stored, id)).toList();
      old.forEach(version -> settings.writer().retire(stored, version));
    }
  }

  /** Returns the names that change with a secret and still have a valid old version. */
  private List<String> stillValid(InventorySecret target) {
    return targets.changedBy(target).stream()
        .filter(journal.exposed()::containsKey)
        .filter(stored -> valid(stored).stream().anyMatch(id -> isExposed(stored, id)))
        .toList();
  }

  // ---- hooks

  private Effect call() {
    List<List<String>> programs = targets.programs(step.word());
    if (programs.isEmpty()) {
      return none();
    }
    String shown = EmergencyPlan.shown(programs);
    if (!settings.hasHooks()) {
      return new Effect(TimelineEntry.Outcome.LEFT_OUT, shown);
    }
    HookRunner hooks = new HookRunner(site.folder(), settings.hookLimit());
    List<SecretValue> secrets = values();
    try {
      for (List<String> program : programs) {
        HookResult result = hooks.run(program, variables(), "", secrets, settings.listener());
        if (result.ending() != HookResult.Ending.DONE) {
          throw new HookFailed(result.words());
        }
      }
    } finally {
      secrets.forEach(SecretValue::close);
    }
    return Effect.done(shown);
  }

  private Effect none() {
    Optional<String> declined = targets.declined(step.word());
    boolean needed =
        declined.isEmpty() && step == EmergencyStep.INVALIDATE_SESSIONS && settings.hasHooks();
    if (needed && !word.isEmpty()) {
      return new Effect(TimelineEntry.Outcome.NOTHING, texts.text("expel.word", word));
    }
    return new Effect(
        needed ? TimelineEntry.Outcome.OPEN : TimelineEntry.Outcome.NOTHING,
        declined
            .map(reason -> texts.text("hook.declined", reason))
            .orElseGet(() -> texts.text("hook.none", step.word())));
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("EMERGENCY_STEP", step.word());
    variables.put("EMERGENCY_SERVICE", site.inventory().service());
    variables.put("EMERGENCY_ENVIRONMENT", site.environment().name());
    variables.put("EMERGENCY_SECRET", targets.secret().name());
    variables.put("EMERGENCY_NAME", targets.stored());
    if (settings.isLive()) {
      variables.put("EMERGENCY_DRILL", "1");
    }
    return variables;
  }

  /** Returns the values that no program may print, old and new. */
  private List<SecretValue> values() {
    List<SecretValue> values = new ArrayList<>();
    for (String stored : targets.changed()) {
      values.add(provider.get(stored, Duration.ZERO).value().copy());
      for (String version : exposed(stored)) {
        readable(stored, version).ifPresent(value -> values.add(value.copy()));
      }
    }
    return values;
  }

  // ---- the end

  private Effect confirm() {
    List<String> names = names();
    for (String stored : names) {
      if (servesExposed(stored)) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "confirm the new value of")
            .name(stored)
            .reason("a value from before the emergency is served again: somebody rolled back")
            .advice(
                "Begin again with '" + site.here().command(settings.command() + " --restart") + "'")
            .build();
      }
    }
    List<String> wrong =
        new InventoryCheck(
                new StoreSnapshot(settings.inventory(), site.environment().name(), provider),
                settings.clock())
            .findings().stream()
                .filter(finding -> finding.status() == CheckFinding.Status.FAIL)
                .filter(finding -> names.contains(finding.subject()))
                .map(CheckFinding::text)
                .toList();
    if (!wrong.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "confirm the new values")
          .reason(String.join("; ", wrong))
          .advice("See '" + site.here().command("check") + "'")
          .build();
    }
    return names.isEmpty()
        ? new Effect(TimelineEntry.Outcome.NOTHING, texts.text("confirmed.none"))
        : Effect.done(texts.text("confirmed", String.join(", ", names)));
  }

  private Effect write() {
    EmergencyOutcome outcome =
        settings.hasHooks() ? openItems(site).outcome(journal, word) : EmergencyOutcome.DONE;
    Path written = PostMortem.write(settings, targets, journal, outcome, open(site), texts);
    String detail = site.place(InventoryLocation.Paper.POST_MORTEMS) + "/" + written.getFileName();
    if (settings.hasHooks()) {
      Path runbook = site.path(InventoryLocation.Paper.RUNBOOK);
      Optional<Language> language = Runbook.language(runbook);
      if (language.isPresent()) {
        Runbook.write(runbook, site, StoreSnapshot.of(site, provider), language.get());
        detail += ", " + site.place(InventoryLocation.Paper.RUNBOOK);
      }
    }
    journal = journal.ended(outcome);
    return Effect.done(detail);
  }
}
