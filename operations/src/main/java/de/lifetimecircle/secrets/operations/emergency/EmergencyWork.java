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
import de.lifetimecircle.secrets.operations.rotation.RotationPause;
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
final class EmergencyWork {
  /** One more rotation than the number of old versions that a backend keeps valid. */
  private static final int MOST_ROUNDS = 2;

  private final Emergency.Builder setup;
  private final AffectedSecrets targets;
  private final LocalizedTexts texts;
  private final SecretProvider provider;
  private final HookRunner hooks;
  private final RemainingRisks openEnds;
  private final RotationPause reserved;

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
  EmergencyWork(
      Emergency.Builder setup,
      AffectedSecrets targets,
      LocalizedTexts texts,
      RotationPause reserved) {
    this.reserved = reserved;
    this.setup = setup;
    this.targets = targets;
    this.texts = texts;
    this.provider = setup.writer.provider();
    this.hooks = new HookRunner(setup.site.folder(), setup.hookLimit);
    this.openEnds = new RemainingRisks(setup.site, targets, texts);
  }

  /** Records the versions that are valid now; none of them may be valid at the end. */
  EmergencyFile begin() {
    if (setup.drill == null) { // its store is made for it
      StorePlace.require(setup.site, provider, targets.stored(), "begin the emergency of");
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
    return new EmergencyFile(
        setup.site.inventory().service(),
        setup.site.environment().name(),
        targets.secret().name(),
        setup.began.minus(setup.knownFor),
        setup.began,
        setup.who,
        PostMortem.kind(setup),
        exposed);
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

  Effect effect(EmergencyStep step, EmergencyFile file, Consumer<String> part) {
    return switch (step) {
      case ROTATE -> rotate(file, part);
      case EXPEL -> expel(file, part);
      case INVALIDATE_SESSIONS, VERIFY -> call(step, file);
      case CONFIRM -> confirm(file);
      case POST_MORTEM -> write(file);
    };
  }

  /**
   * Returns the effect with the risks that are open; a drill has none, because it calls no hook.
   */
  List<RemainingRisk> open(EmergencyFile file) {
    return setup.drill == null ? openEnds.of(file) : List.of();
  }

  /** Returns the same risks for the person who runs this, whose commands are pasted here. */
  List<RemainingRisk> shown(EmergencyFile file) {
    return setup.drill == null
        ? new RemainingRisks(setup.site.here(), targets, texts).of(file)
        : List.of();
  }

  private Effect open(EmergencyFile file, String done) {
    List<String> open = open(file).stream().map(RemainingRisk::summary).toList();
    return open.isEmpty()
        ? Effect.done(done)
        : new Effect(TimelineEntry.Outcome.OPEN, String.join("; ", open));
  }

  // ---- rotations

  private Effect rotate(EmergencyFile file, Consumer<String> part) {
    tellUnready(file, part);
    for (InventorySecret target : targets.rotated()) {
      if (file.rotated.contains(target.name())) {
        continue;
      }
      if (setup.drill == null && target.lacksApply()) {
        takeByHand(target, file, part);
        continue;
      }
      if (!file.begun.contains(target.name())) {
        new EarlierRotation(rotations(part), target.name())
            .end(open -> part.accept(texts.text("part.earlier", open)));
        file.begun.add(target.name());
        part.accept(texts.text("part.begun", setup.site.environment().stored(target.name())));
      }
      settle(target, file, part);
      file.rotated.add(target.name());
    }
    String names = String.join(", ", names(file));
    if (setup.drill != null) {
      return Effect.done(names + "; " + texts.text("drill.hooks", EmergencyPlan.hooks(targets)));
    }
    return targets.rotated().stream().allMatch(target -> file.rotated.contains(target.name()))
        ? Effect.done(names)
        : open(file, names);
  }

  /**
   * Tells whether a hook that runs later is not ready, so that people can fix it meanwhile. The
   * exposed value is more urgent than the sessions; the rotation itself looks at its own hooks.
   */
  private void tellUnready(EmergencyFile file, Consumer<String> part) {
    if (setup.drill != null || !file.begun.isEmpty()) {
      return;
    }
    InventoryLocation site = setup.site;
    new HookReadiness(site.inventory(), site.environment().name(), provider, site.folder())
        .problems(targets.secret(), List.of(HookReadiness.SESSIONS))
        .forEach(why -> part.accept(texts.text("part.unready", why)));
  }

  /**
   * Rotates, except for a secret that opens something and has no hook {@code apply}: the new value
   * would lock the service out, and the old one would stay valid. Such a secret counts as rotated
   * once people have replaced it.
   */
  private void takeByHand(InventorySecret target, EmergencyFile file, Consumer<String> part) {
    List<String> names = AffectedSecrets.of(setup.site, target.name()).changed();
    if (names.stream().noneMatch(stored -> servesExposed(file, stored))) {
      new EarlierRotation(rotations(part), target.name())
          .giveUp(open -> part.accept(texts.text("part.earlier", open)));
      file.rotated.add(target.name());
      file.byHand.add(target.name());
      part.accept(texts.text("part.by-hand", String.join(", ", names)));
    } else {
      file.word = ""; // it was given before anything was done
    }
  }

  /** Returns the names in the store that have a new value. */
  private List<String> names(EmergencyFile file) {
    return targets.changed().stream()
        .filter(
            stored ->
                targets.rotated().stream()
                    .filter(target -> file.rotated.contains(target.name()))
                    .anyMatch(
                        target ->
                            AffectedSecrets.of(setup.site, target.name())
                                .changed()
                                .contains(stored)))
        .toList();
  }

  private static List<String> exposed(EmergencyFile file, String stored) {
    return file.exposed.getOrDefault(stored, List.of());
  }

  /** Compares values too, because some backends restore an old value as a new version. */
  private boolean servesExposed(EmergencyFile file, String stored) {
    return isExposed(file, stored, provider.get(stored, Duration.ZERO).version());
  }

  private boolean isExposed(EmergencyFile file, String stored, String version) {
    if (exposed(file, stored).contains(version)) {
      return true;
    }
    Optional<SecretValue> value = readable(stored, version);
    return value.isPresent()
        && exposed(file, stored).stream()
            .anyMatch(old -> readable(stored, old).filter(value.get()::equals).isPresent());
  }

  private Optional<SecretValue> readable(String stored, String version) {
    try {
      return Optional.of(provider.get(stored, VersionSelector.id(version)).value());
    } catch (SecretException e) {
      if (!EarlierRotation.isGone(e) && e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Resumes an open rotation or begins one, and finishes it. */
  private void settle(InventorySecret target, EmergencyFile file, Consumer<String> part) {
    file.word = ""; // nobody can have seen what is only done now
    Rotations rotations = rotations(part);
    RotationReport report =
        rotations.open(target.name()).isPresent()
            ? new EarlierRotation(rotations, target.name()).resume()
            : rotations.rotate(target.name(), Duration.ZERO);
    if (report.outcome() == RotationReport.Outcome.ABANDONED) {
      report = rotations.rotate(target.name(), Duration.ZERO);
    }
    if (report.outcome() == RotationReport.Outcome.WAITING) {
      report = rotations.retire(target.name());
    }
    if (report.oldValue() == RotationReport.OldValue.REFUSED) {
      file.refused.add(target.name());
    }
    for (RotationReport.Changed change : report.changes()) {
      part.accept(
          texts.text("part.version", change.name(), change.oldVersion(), change.newVersion()));
    }
  }

  private Rotations rotations(Consumer<String> part) {
    InventoryLocation site = setup.site;
    return Rotations.of(
            setup.drill == null ? site.inventory() : setup.drill.inventory(),
            site.environment().name(),
            setup.writer)
        .journal(setup.journal)
        .hookFolder(site.folder())
        .hookLimit(setup.hookLimit)
        .who(setup.who)
        .clock(setup.clock)
        .listener(hearing(part))
        .reserved(reserved)
        .repeatedOptions(setup.repeated.isEmpty() ? List.of() : List.of(setup.repeated.strip()))
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
        setup.listener.runs(hook, took, limit, said);
      }
    };
  }

  /**
   * Rotates again where a backend without stages treats the version before the current one as the
   * previous one; a second rotation displaces it.
   */
  private Effect expel(EmergencyFile file, Consumer<String> part) {
    int rounds = 0;
    for (InventorySecret target : targets.rotated()) {
      boolean rotated = file.rotated.contains(target.name());
      for (int round = 0; rotated && !stillValid(file, target).isEmpty(); round++) {
        if (round == MOST_ROUNDS) {
          throw SecretException.of(SecretException.Kind.CONFLICT, "make invalid")
              .name(String.join(", ", stillValid(file, target)))
              .reason("the backend still calls an old version valid after another rotation")
              .advice(
                  "Find it with 'secrets versions "
                      + stillValid(file, target).get(0)
                      + "', and delete that version with the backend's own tool")
              .build();
        }
        if (setup.drill == null && target.lacksApply()) {
          retireByHand(target, file);
        } else {
          part.accept(texts.text("part.again", String.join(", ", stillValid(file, target))));
          settle(target, file, part);
        }
        rounds++;
      }
    }
    String refused =
        String.join(
            ", ",
            targets.rotated().stream()
                .filter(target -> file.refused.contains(target.name()) && target.opens() != null)
                .map(target -> String.valueOf(target.opens()))
                .toList());
    String none = texts.text(rounds == 0 ? "expel.none" : "expel.again");
    String proof = refused.isEmpty() ? none : none + "; " + texts.text("expel.refused", refused);
    return open(file, file.word.isEmpty() ? proof : proof + "; " + word(file));
  }

  private String word(EmergencyFile file) {
    return texts.text("expel.word", file.word);
  }

  /** Retires the earlier versions after people have replaced the value. */
  private void retireByHand(InventorySecret target, EmergencyFile file) {
    for (String stored : stillValid(file, target)) {
      List<String> old = valid(stored).stream().filter(id -> isExposed(file, stored, id)).toList();
      old.forEach(version -> setup.writer.retire(stored, version));
    }
  }

  /** Returns the names that change with a secret and still have a valid old version. */
  private List<String> stillValid(EmergencyFile file, InventorySecret target) {
    return AffectedSecrets.of(setup.site, target.name()).changed().stream()
        .filter(file.exposed::containsKey)
        .filter(stored -> valid(stored).stream().anyMatch(id -> isExposed(file, stored, id)))
        .toList();
  }

  // ---- hooks

  private Effect call(EmergencyStep step, EmergencyFile file) {
    List<List<String>> programs = targets.programs(step.word());
    if (programs.isEmpty()) {
      return none(step, file);
    }
    String shown = EmergencyPlan.shown(programs);
    if (setup.drill != null) {
      return new Effect(TimelineEntry.Outcome.LEFT_OUT, shown);
    }
    List<SecretValue> secrets = values(file);
    try {
      for (List<String> program : programs) {
        HookResult result = hooks.run(program, variables(step), "", secrets, setup.listener);
        if (result.ending() != HookResult.Ending.DONE) {
          throw new HookFailed(result.words());
        }
      }
    } finally {
      secrets.forEach(SecretValue::close);
    }
    return Effect.done(shown);
  }

  private Effect none(EmergencyStep step, EmergencyFile file) {
    Optional<String> declined = targets.declined(step.word());
    if (declined.isPresent()) {
      return new Effect(TimelineEntry.Outcome.NOTHING, texts.text("hook.declined", declined.get()));
    }
    String none = texts.text("hook.none", step.word());
    if (step == EmergencyStep.INVALIDATE_SESSIONS && setup.drill == null) {
      return file.word.isEmpty()
          ? new Effect(TimelineEntry.Outcome.OPEN, none)
          : new Effect(TimelineEntry.Outcome.NOTHING, word(file));
    }
    return new Effect(TimelineEntry.Outcome.NOTHING, none);
  }

  private Map<String, String> variables(EmergencyStep step) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("EMERGENCY_STEP", step.word());
    variables.put("EMERGENCY_SERVICE", setup.site.inventory().service());
    variables.put("EMERGENCY_ENVIRONMENT", setup.site.environment().name());
    variables.put("EMERGENCY_SECRET", targets.secret().name());
    variables.put("EMERGENCY_NAME", targets.stored());
    if (setup.live) {
      variables.put("EMERGENCY_DRILL", "1");
    }
    return variables;
  }

  /** Returns the values that no program may print, old and new. */
  private List<SecretValue> values(EmergencyFile file) {
    List<SecretValue> values = new ArrayList<>();
    for (String stored : targets.changed()) {
      values.add(provider.get(stored, Duration.ZERO).value().copy());
      for (String version : exposed(file, stored)) {
        try {
          values.add(provider.get(stored, VersionSelector.id(version)).value().copy());
        } catch (SecretException e) {
          if (!EarlierRotation.isGone(e)) {
            throw e;
          }
        }
      }
    }
    return values;
  }

  // ---- the end

  private Effect confirm(EmergencyFile file) {
    List<String> names = names(file);
    for (String stored : names) {
      if (servesExposed(file, stored)) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "confirm the new value of")
            .name(stored)
            .reason("a value from before the emergency is served again: somebody rolled back")
            .advice(
                "Begin again with '"
                    + setup.site.here().command(targets.command() + " --restart")
                    + "'")
            .build();
      }
    }
    InventoryLocation site = setup.site;
    List<String> wrong =
        new InventoryCheck(
                new StoreSnapshot(
                    setup.drill == null ? site.inventory() : setup.drill.inventory(),
                    site.environment().name(),
                    provider),
                setup.clock)
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

  private Effect write(EmergencyFile file) {
    EmergencyOutcome outcome = setup.drill == null ? openEnds.outcome(file) : EmergencyOutcome.DONE;
    Path written = PostMortem.write(setup, targets, file, outcome, open(file), texts);
    String detail =
        setup.site.place(InventoryLocation.Paper.POST_MORTEMS) + "/" + written.getFileName();
    if (setup.drill == null) {
      Path runbook = setup.site.path(InventoryLocation.Paper.RUNBOOK);
      Optional<Language> language = Runbook.language(runbook);
      if (language.isPresent()) {
        StoreSnapshot store = StoreSnapshot.of(setup.site, provider);
        Runbook.write(runbook, setup.site, store, language.get());
        detail += ", " + setup.site.place(InventoryLocation.Paper.RUNBOOK);
      }
    }
    file.outcome = outcome;
    return Effect.done(detail);
  }
}
