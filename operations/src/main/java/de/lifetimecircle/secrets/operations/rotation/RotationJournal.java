package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.JsonFile;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The journal of an unfinished rotation: names, version ids, steps, times and people, but no value.
 * Immutable.
 *
 * @param rotation the id of the rotation
 * @param secret the name in the inventory
 * @param sequence one more at each write: the order of writes, whatever the clock does
 * @param at the time of the last write
 * @param direction whether the rotation serves the new value or restores the old one
 * @param done the steps of that direction that are done
 * @param idle the steps of that direction in which there was nothing to do
 * @param changes the names that change, the secret first
 * @param retireAt the end of the old value's grace; empty before the promotion
 * @param given the value that the system which the secret opens was last given
 * @param call the hook that was called last, if no later entry says that it has ended
 */
record RotationJournal(
    String rotation,
    String service,
    String environment,
    String secret,
    String scheme,
    String startedBy,
    Instant startedAt,
    int sequence,
    String by,
    Instant at,
    Direction direction,
    Set<RotationStep> done,
    Set<RotationStep> idle,
    List<VersionChange> changes,
    Duration grace,
    Optional<Instant> retireAt,
    Given given,
    Optional<HookCall> call) {

  /** The direction of a rotation: to the new value or back to the old one. */
  enum Direction {
    FORWARD,
    BACK
  }

  /** The value that the hook {@code apply} last gave to the system that the secret opens. */
  enum Given {
    /** Nothing: the hook was not called. */
    NOTHING,
    /** The old value. */
    OLD,
    /** The new value. */
    NEW,
    /** One or the other: the hook was called and did not end well, or its end is not recorded. */
    UNKNOWN
  }

  /** The form of its file. */
  static final JsonFile<RotationJournal> FORM =
      new JsonFile<>(
          RotationJournal.class,
          "secrets-rotation",
          1,
          "the journal of a rotation",
          RotationJournal::earlier);

  /**
   * Completes a journal from before {@code idle}, which does not say whether a hook ran in the
   * steps that apply the new value. These steps count as idle, because such a hook may run twice
   * but must not be skipped. One from before {@code given} does not say whether a hook was cut off.
   */
  private static Map<Object, Object> earlier(Map<Object, Object> members) {
    if (!(members.get("done") instanceof List<?> steps)) {
      return members;
    }
    Map<Object, Object> today = new LinkedHashMap<>(members);
    today.putIfAbsent("given", earlierGiven(members, steps).name());
    today.putIfAbsent("call", "");
    if (!members.containsKey("idle")) {
      Set<String> apply = Set.of(RotationStep.APPLY.name(), RotationStep.TEST.name());
      today.put("done", steps.stream().filter(step -> !apply.contains(step)).toList());
      today.put("idle", steps.stream().filter(apply::contains).toList());
    }
    return today;
  }

  private static Given earlierGiven(Map<Object, Object> members, List<?> done) {
    boolean back = Direction.BACK.name().equals(members.get("direction"));
    if (members.get("idle") instanceof List<?> idle) {
      if (done.contains(RotationStep.APPLY.name())) {
        return back ? Given.OLD : Given.NEW;
      }
      if (idle.contains(RotationStep.APPLY.name())) {
        return Given.NOTHING;
      }
    }
    return back || done.contains(RotationStep.PENDING.name()) ? Given.UNKNOWN : Given.NOTHING;
  }

  RotationJournal {
    done = Collections.unmodifiableSet(new TreeSet<>(done)); // in the order of the steps
    idle = Collections.unmodifiableSet(new TreeSet<>(idle));
    changes = List.copyOf(changes);
  }

  String stored() {
    return changes.get(0).stored();
  }

  /** Returns whether a step is done or had nothing to do. */
  boolean isDone(RotationStep step) {
    return done.contains(step) || idle.contains(step);
  }

  /** Returns whether the new value is in service, according to the journal. */
  boolean promoted() {
    return direction == Direction.BACK || isDone(RotationStep.PROMOTE);
  }

  /** Returns whether the system that the secret opens may take another value than the old one. */
  boolean mayBeApplied() {
    return given == Given.NEW || given == Given.UNKNOWN;
  }

  /** Returns the journal before a hook is called: from then on its effect is unknown. */
  RotationJournal calling(RotationStep step) {
    Given since = step == RotationStep.APPLY ? Given.UNKNOWN : given;
    return copy(Map.of("given", since, "call", Optional.of(HookCall.of(step))));
  }

  /** Returns the journal after a hook has ended, well or not. */
  RotationJournal ended() {
    return copy(Map.of("call", Optional.empty()));
  }

  /** Returns the journal after the hook {@code apply} has given a value. */
  RotationJournal given(Given value) {
    return copy(Map.of("given", value));
  }

  RotationJournal with(RotationStep step) {
    return copy(Map.of("done", joined(done, step)));
  }

  RotationJournal idle(RotationStep step) {
    return copy(Map.of("idle", joined(idle, step)));
  }

  private static Set<RotationStep> joined(Set<RotationStep> steps, RotationStep step) {
    Set<RotationStep> more = EnumSet.of(step);
    more.addAll(steps);
    return more;
  }

  RotationJournal without(RotationStep... steps) {
    List<RotationStep> undone = List.of(steps);
    return copy(Map.of("done", fewer(done, undone), "idle", fewer(idle, undone)));
  }

  private static Set<RotationStep> fewer(Set<RotationStep> steps, List<RotationStep> undone) {
    Set<RotationStep> left = new TreeSet<>(steps);
    left.removeAll(undone);
    return left;
  }

  RotationJournal with(List<VersionChange> changed) {
    return copy(Map.of("changes", List.copyOf(changed)));
  }

  RotationJournal retiringAt(Instant end) {
    return copy(Map.of("retireAt", Optional.of(end)));
  }

  RotationJournal back() {
    return copy(Map.of("done", Set.of(), "idle", Set.of(), "direction", Direction.BACK));
  }

  /** Returns the next version of the journal, by a person at a time. */
  RotationJournal next(String person, Instant now) {
    return copy(Map.of("sequence", sequence + 1, "by", person, "at", now));
  }

  private RotationJournal copy(Map<String, ?> changed) {
    return RecordMapping.copy(this, RotationJournal.class, changed);
  }

  /** Returns whether the rotation only waits for the end of its grace. */
  boolean waits() {
    return isDone(RotationStep.VERIFY) && direction == Direction.FORWARD;
  }

  /** Returns the word of the last finished step of its direction. */
  String lastStep() {
    return done.stream().max(RotationStep::compareTo).orElse(RotationStep.GENERATE).word();
  }

  /**
   * Returns a sentence with the commands that the program accepts in this state, without a full
   * stop, so that no message advises one that is refused.
   *
   * @param command returns the whole command for a way
   */
  String accepted(Function<RotateAction, String> command) {
    String resume = command.apply(RotateAction.RESUME);
    if (direction == Direction.BACK) {
      return "Finish the rollback with " + resume;
    }
    if (waits()) {
      return "Wait until the old value is retired, retire it now with "
          + command.apply(RotateAction.RETIRE)
          + ", or bring it back with "
          + command.apply(RotateAction.ROLLBACK);
    }
    String other = "";
    if (!promoted()) {
      other = ", or abandon it with " + command.apply(RotateAction.ABANDON);
    } else if (isDone(RotationStep.RENDER)) {
      other = ", or bring the old value back with " + command.apply(RotateAction.ROLLBACK);
    }
    return "Resume it with " + resume + other;
  }

  /** Rejects an action in the present state of the rotation. */
  SecretException refusal(String action, String why, String advice) {
    return SecretException.of(SecretException.Kind.CONFLICT, action)
        .name(stored())
        .reason(why)
        .advice(advice)
        .build();
  }

  /** Returns the state of the open rotation. */
  RotationReport report() {
    return report(waits() ? RotationReport.Outcome.WAITING : RotationReport.Outcome.OPEN);
  }

  RotationReport report(RotationReport.Outcome outcome) {
    return report(outcome, RotationReport.OldValue.NOT_TRIED);
  }

  RotationReport report(RotationReport.Outcome outcome, RotationReport.OldValue old) {
    List<RotationReport.Changed> changed =
        changes.stream()
            .map(c -> new RotationReport.Changed(c.stored(), c.old(), c.fresh()))
            .toList();
    return new RotationReport(rotation, environment, secret, outcome, old, changed, retireAt);
  }
}
