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
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.RotationLock;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs the steps of an emergency; each can be repeated. Used by one thread. */
final class EmergencySteps {
  /** One more rotation than the number of old versions that a backend keeps valid. */
  private static final int MOST_ROUNDS = 2;

  private final EmergencySettings settings;
  private final AffectedSecrets targets;
  private final LocalizedTexts texts;
  private final SecretProvider provider;
  private final HookRunner hooks;
  private final OpenItems openEnds;
  private final RotationLock reserved;

  /** The result of a step. */
  record Effect(TimelineEntry.Outcome outcome, String detail) {
    static Effect done(String detail) {
      return new Effect(TimelineEntry.Outcome.DONE, detail);
    }
  }

  /** Reports a program that failed. */
  static final class HookFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HookFailed(String message) {
      super(message);
    }
  }

  /**
   * Prepares the steps.
   *
   * @param reserved the names that change, which the caller keeps reserved
   */
  EmergencySteps(
      EmergencySettings settings,
      AffectedSecrets targets,
      LocalizedTexts texts,
      RotationLock reserved) {
    this.reserved = reserved;
    this.settings = settings;
    this.targets = targets;
    this.texts = texts;
    this.provider = settings.writer().provider();
    this.hooks = new HookRunner(settings.site().folder(), settings.hookLimit());
    this.openEnds = new OpenItems(settings.site(), targets, texts);
  }

  /** Records the versions that are valid now; none of them may be valid at the end. */
  EmergencyJournal begin() {
    if (settings.hasHooks()) { // its store is made for it
      StorePlace.require(settings.site(), provider, targets.stored(), "begin the emergency of");
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

  Effect effect(EmergencyStep step, EmergencyState state, Consumer<String> part) {
    return switch (step) {
      case ROTATE -> rotate(state, part);
      case EXPEL -> expel(state, part);
      case INVALIDATE_SESSIONS, VERIFY -> call(step, state);
      case CONFIRM -> confirm(state);
      case POST_MORTEM -> write(state);
    };
  }

  /**
   * Returns the effect with the risks that are open; a drill has none, because it calls no hook.
   */
  List<OpenItem> open(EmergencyState state) {
    return settings.hasHooks() ? openEnds.of(state) : List.of();
  }

  /** Returns the same risks for the person who runs this, whose commands are pasted here. */
  List<OpenItem> shown(EmergencyState state) {
    return settings.hasHooks()
        ? new OpenItems(settings.site().here(), targets, texts).of(state)
        : List.of();
  }

  private Effect open(EmergencyState state, String done) {
    List<String> open = open(state).stream().map(OpenItem::summary).toList();
    return open.isEmpty()
        ? Effect.done(done)
        : new Effect(TimelineEntry.Outcome.OPEN, String.join("; ", open));
  }

  // ---- rotations

  private Effect rotate(EmergencyState state, Consumer<String> part) {
    tellUnready(state, part);
    for (InventorySecret target : targets.rotated()) {
      if (state.journal().rotated().contains(target.name())) {
        continue;
      }
      if (settings.hasHooks() && target.lacksApply()) {
        takeByHand(target, state, part);
        continue;
      }
      if (!state.journal().begun().contains(target.name())) {
        new OpenRotationCleanup(rotations(part), target.name())
            .end(open -> part.accept(texts.text("part.earlier", open)));
        state.update(journal -> journal.withBegun(target.name()));
        part.accept(texts.text("part.begun", settings.site().environment().stored(target.name())));
      }
      settle(target, state, part);
      state.update(journal -> journal.withRotated(target.name()));
    }
    String names = String.join(", ", names(state));
    if (!settings.hasHooks()) {
      return Effect.done(names + "; " + texts.text("drill.hooks", EmergencyPlan.hooks(targets)));
    }
    return targets.rotated().stream()
            .allMatch(target -> state.journal().rotated().contains(target.name()))
        ? Effect.done(names)
        : open(state, names);
  }

  /**
   * Tells whether a hook that runs later is not ready, so that people can fix it meanwhile. The
   * exposed value is more urgent than the sessions; the rotation itself looks at its own hooks.
   */
  private void tellUnready(EmergencyState state, Consumer<String> part) {
    if (!settings.hasHooks() || !state.journal().begun().isEmpty()) {
      return;
    }
    InventoryLocation site = settings.site();
    new HookReadiness(site.inventory(), site.environment().name(), provider, site.folder())
        .problems(targets.secret(), List.of(HookReadiness.SESSIONS))
        .forEach(why -> part.accept(texts.text("part.unready", why)));
  }

  /**
   * Rotates, except for a secret that opens something and has no hook {@code apply}: the new value
   * would lock the service out, and the old one would stay valid. Such a secret counts as rotated
   * once people have replaced it.
   */
  private void takeByHand(InventorySecret target, EmergencyState state, Consumer<String> part) {
    List<String> names = AffectedSecrets.of(settings.site(), target.name()).changed();
    if (names.stream().noneMatch(stored -> servesExposed(state, stored))) {
      new OpenRotationCleanup(rotations(part), target.name())
          .giveUp(open -> part.accept(texts.text("part.earlier", open)));
      state.update(journal -> journal.withRotated(target.name()));
      state.update(journal -> journal.withByHand(target.name()));
      part.accept(texts.text("part.by-hand", String.join(", ", names)));
    } else {
      state.say(""); // it was given before anything was done
    }
  }

  /** Returns the names in the store that have a new value. */
  private List<String> names(EmergencyState state) {
    return targets.changed().stream()
        .filter(
            stored ->
                targets.rotated().stream()
                    .filter(target -> state.journal().rotated().contains(target.name()))
                    .anyMatch(
                        target ->
                            AffectedSecrets.of(settings.site(), target.name())
                                .changed()
                                .contains(stored)))
        .toList();
  }

  private static List<String> exposed(EmergencyState state, String stored) {
    return state.journal().exposed().getOrDefault(stored, List.of());
  }

  /** Compares values too, because some backends restore an old value as a new version. */
  private boolean servesExposed(EmergencyState state, String stored) {
    return isExposed(state, stored, provider.get(stored, Duration.ZERO).version());
  }

  private boolean isExposed(EmergencyState state, String stored, String version) {
    if (exposed(state, stored).contains(version)) {
      return true;
    }
    Optional<SecretValue> value = readable(stored, version);
    return value.isPresent()
        && exposed(state, stored).stream()
            .anyMatch(old -> readable(stored, old).filter(value.get()::equals).isPresent());
  }

  private Optional<SecretValue> readable(String stored, String version) {
    try {
      return Optional.of(provider.get(stored, VersionSelector.id(version)).value());
    } catch (SecretException e) {
      if (!OpenRotationCleanup.isGone(e) && e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Resumes an open rotation or begins one, and finishes it. */
  private void settle(InventorySecret target, EmergencyState state, Consumer<String> part) {
    state.say(""); // nobody can have seen what is only done now
    Rotations rotations = rotations(part);
    RotationReport report =
        rotations.open(target.name()).isPresent()
            ? new OpenRotationCleanup(rotations, target.name()).resume()
            : rotations.rotate(target.name(), Duration.ZERO);
    if (report.outcome() == RotationReport.Outcome.ABANDONED) {
      report = rotations.rotate(target.name(), Duration.ZERO);
    }
    if (report.outcome() == RotationReport.Outcome.WAITING) {
      report = rotations.retire(target.name());
    }
    if (report.oldValue() == RotationReport.OldValue.REFUSED) {
      state.update(journal -> journal.withRefused(target.name()));
    }
    for (RotationReport.Changed change : report.changes()) {
      part.accept(
          texts.text("part.version", change.name(), change.oldVersion(), change.newVersion()));
    }
  }

  private Rotations rotations(Consumer<String> part) {
    InventoryLocation site = settings.site();
    return Rotations.of(settings.inventory(), site.environment().name(), settings.writer())
        .journal(settings.journal())
        .hookFolder(site.folder())
        .hookLimit(settings.hookLimit())
        .who(settings.signature())
        .clock(settings.clock())
        .listener(hearing(part))
        .reserved(reserved)
        .build();
  }

  private RotationListener hearing(Consumer<String> part) {
    return new RotationListener() {
      @Override
      public void at(String name, RotationStep step, Moment moment) {
        if (moment == Moment.RECORDED) {
          part.accept(name + ": " + texts.text("rotation." + step.word()));
        }
      }

      @Override
      public void note(String text) {
        part.accept(text);
      }

      @Override
      public void runs(String hook, Duration took, Duration limit, String said) {
        settings.listener().runs(hook, took, limit, said);
      }
    };
  }

  /**
   * Rotates again where a backend without stages treats the version before the current one as the
   * previous one; a second rotation displaces it.
   */
  private Effect expel(EmergencyState state, Consumer<String> part) {
    int rounds = 0;
    for (InventorySecret target : targets.rotated()) {
      boolean rotated = state.journal().rotated().contains(target.name());
      for (int round = 0; rotated && !stillValid(state, target).isEmpty(); round++) {
        if (round == MOST_ROUNDS) {
          throw SecretException.of(SecretException.Kind.CONFLICT, "make invalid")
              .name(String.join(", ", stillValid(state, target)))
              .reason("the backend still calls an old version valid after another rotation")
              .advice(
                  "Find it with 'secrets versions "
                      + stillValid(state, target).get(0)
                      + "', and delete that version with the backend's own tool")
              .build();
        }
        if (settings.hasHooks() && target.lacksApply()) {
          retireByHand(target, state);
        } else {
          part.accept(texts.text("part.again", String.join(", ", stillValid(state, target))));
          settle(target, state, part);
        }
        rounds++;
      }
    }
    String refused =
        String.join(
            ", ",
            targets.rotated().stream()
                .filter(
                    target ->
                        state.journal().refused().contains(target.name()) && target.opens() != null)
                .map(target -> String.valueOf(target.opens()))
                .toList());
    String none = texts.text(rounds == 0 ? "expel.none" : "expel.again");
    String proof = refused.isEmpty() ? none : none + "; " + texts.text("expel.refused", refused);
    return open(state, state.word().isEmpty() ? proof : proof + "; " + word(state));
  }

  private String word(EmergencyState state) {
    return texts.text("expel.word", state.word());
  }

  /** Retires the earlier versions after people have replaced the value. */
  private void retireByHand(InventorySecret target, EmergencyState state) {
    for (String stored : stillValid(state, target)) {
      List<String> old = valid(stored).stream().filter(id -> isExposed(state, stored, id)).toList();
      old.forEach(version -> settings.writer().retire(stored, version));
    }
  }

  /** Returns the names that change with a secret and still have a valid old version. */
  private List<String> stillValid(EmergencyState state, InventorySecret target) {
    return AffectedSecrets.of(settings.site(), target.name()).changed().stream()
        .filter(state.journal().exposed()::containsKey)
        .filter(stored -> valid(stored).stream().anyMatch(id -> isExposed(state, stored, id)))
        .toList();
  }

  // ---- hooks

  private Effect call(EmergencyStep step, EmergencyState state) {
    List<List<String>> programs = targets.programs(step.word());
    if (programs.isEmpty()) {
      return none(step, state);
    }
    String shown = EmergencyPlan.shown(programs);
    if (!settings.hasHooks()) {
      return new Effect(TimelineEntry.Outcome.LEFT_OUT, shown);
    }
    List<SecretValue> secrets = values(state);
    try {
      for (List<String> program : programs) {
        HookResult result = hooks.run(program, variables(step), "", secrets, settings.listener());
        if (result.ending() != HookResult.Ending.DONE) {
          throw new HookFailed(result.words());
        }
      }
    } finally {
      secrets.forEach(SecretValue::close);
    }
    return Effect.done(shown);
  }

  private Effect none(EmergencyStep step, EmergencyState state) {
    Optional<String> declined = targets.declined(step.word());
    if (declined.isPresent()) {
      return new Effect(TimelineEntry.Outcome.NOTHING, texts.text("hook.declined", declined.get()));
    }
    String none = texts.text("hook.none", step.word());
    if (step == EmergencyStep.INVALIDATE_SESSIONS && settings.hasHooks()) {
      return state.word().isEmpty()
          ? new Effect(TimelineEntry.Outcome.OPEN, none)
          : new Effect(TimelineEntry.Outcome.NOTHING, word(state));
    }
    return new Effect(TimelineEntry.Outcome.NOTHING, none);
  }

  private Map<String, String> variables(EmergencyStep step) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("EMERGENCY_STEP", step.word());
    variables.put("EMERGENCY_SERVICE", settings.site().inventory().service());
    variables.put("EMERGENCY_ENVIRONMENT", settings.site().environment().name());
    variables.put("EMERGENCY_SECRET", targets.secret().name());
    variables.put("EMERGENCY_NAME", targets.stored());
    if (settings.isLive()) {
      variables.put("EMERGENCY_DRILL", "1");
    }
    return variables;
  }

  /** Returns the values that no program may print, old and new. */
  private List<SecretValue> values(EmergencyState state) {
    List<SecretValue> values = new ArrayList<>();
    for (String stored : targets.changed()) {
      values.add(provider.get(stored, Duration.ZERO).value().copy());
      for (String version : exposed(state, stored)) {
        try {
          values.add(provider.get(stored, VersionSelector.id(version)).value().copy());
        } catch (SecretException e) {
          if (!OpenRotationCleanup.isGone(e)) {
            throw e;
          }
        }
      }
    }
    return values;
  }

  // ---- the end

  private Effect confirm(EmergencyState state) {
    List<String> names = names(state);
    for (String stored : names) {
      if (servesExposed(state, stored)) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "confirm the new value of")
            .name(stored)
            .reason("a value from before the emergency is served again: somebody rolled back")
            .advice(
                "Begin again with '"
                    + settings.site().here().command(settings.command() + " --restart")
                    + "'")
            .build();
      }
    }
    InventoryLocation site = settings.site();
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

  private Effect write(EmergencyState state) {
    EmergencyOutcome outcome =
        settings.hasHooks() ? openEnds.outcome(state) : EmergencyOutcome.DONE;
    Path written =
        PostMortem.write(settings, targets, state.journal(), outcome, open(state), texts);
    String detail =
        settings.site().place(InventoryLocation.Paper.POST_MORTEMS) + "/" + written.getFileName();
    if (settings.hasHooks()) {
      Path runbook = settings.site().path(InventoryLocation.Paper.RUNBOOK);
      Optional<Language> language = Runbook.language(runbook);
      if (language.isPresent()) {
        StoreSnapshot store = StoreSnapshot.of(settings.site(), provider);
        Runbook.write(runbook, settings.site(), store, language.get());
        detail += ", " + settings.site().place(InventoryLocation.Paper.RUNBOOK);
      }
    }
    state.update(journal -> journal.ended(outcome));
    return Effect.done(detail);
  }
}
