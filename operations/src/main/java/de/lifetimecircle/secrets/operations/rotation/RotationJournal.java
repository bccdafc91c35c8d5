package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
 * @param retireAt the end of the old value's grace; null before the promotion
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
    @Nullable Instant retireAt) {

  /** The direction of a rotation: to the new value or back to the old one. */
  enum Direction {
    FORWARD,
    BACK
  }

  static final int VERSION = 1;
  private static final String FORM = "secrets-rotation";

  RotationJournal {
    done = Set.copyOf(done);
    idle = Set.copyOf(idle);
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

  RotationJournal with(RotationStep step) {
    return with(joined(done, step), idle, changes, direction, retireAt);
  }

  RotationJournal idle(RotationStep step) {
    return with(done, joined(idle, step), changes, direction, retireAt);
  }

  private static Set<RotationStep> joined(Set<RotationStep> steps, RotationStep step) {
    Set<RotationStep> more = EnumSet.of(step);
    more.addAll(steps);
    return more;
  }

  RotationJournal without(RotationStep... steps) {
    List<RotationStep> undone = List.of(steps);
    return with(fewer(done, undone), fewer(idle, undone), changes, direction, retireAt);
  }

  private static Set<RotationStep> fewer(Set<RotationStep> steps, List<RotationStep> undone) {
    List<RotationStep> left = new ArrayList<>(steps);
    left.removeAll(undone);
    return Set.copyOf(left);
  }

  RotationJournal with(List<VersionChange> changed) {
    return with(done, idle, changed, direction, retireAt);
  }

  RotationJournal retiringAt(Instant end) {
    return with(done, idle, changes, direction, end);
  }

  RotationJournal back() {
    return with(Set.of(), Set.of(), changes, Direction.BACK, retireAt);
  }

  private RotationJournal with(
      Set<RotationStep> steps,
      Set<RotationStep> idleSteps,
      List<VersionChange> changed,
      Direction way,
      @Nullable Instant end) {
    return new RotationJournal(
        rotation,
        service,
        environment,
        secret,
        scheme,
        startedBy,
        startedAt,
        sequence,
        by,
        at,
        way,
        steps,
        idleSteps,
        changed,
        grace,
        end);
  }

  /** Returns the next version of the journal, by a person at a time. */
  RotationJournal next(String person, Instant now) {
    return new RotationJournal(
        rotation,
        service,
        environment,
        secret,
        scheme,
        startedBy,
        startedAt,
        sequence + 1,
        person,
        now,
        direction,
        done,
        idle,
        changes,
        grace,
        retireAt);
  }

  RotationReport report(RotationReport.Outcome outcome) {
    return report(outcome, RotationReport.OldValue.NOT_TRIED);
  }

  RotationReport report(RotationReport.Outcome outcome, RotationReport.OldValue old) {
    List<RotationReport.Changed> changed =
        changes.stream()
            .map(c -> new RotationReport.Changed(c.stored(), c.old(), c.fresh()))
            .toList();
    return new RotationReport(
        rotation, environment, secret, outcome, old, changed, Optional.ofNullable(retireAt));
  }

  String write() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("form", FORM);
    document.put("version", VERSION);
    document.put("rotation", rotation);
    document.put("service", service);
    document.put("environment", environment);
    document.put("secret", secret);
    document.put("scheme", scheme);
    document.put("startedBy", startedBy);
    document.put("startedAt", startedAt.toString());
    document.put("sequence", sequence);
    document.put("by", by);
    document.put("at", at.toString());
    document.put("direction", direction.name());
    document.put("done", names(done));
    document.put("idle", names(idle));
    document.put(
        "changes", new ArrayList<>(changes.stream().map(VersionChange::document).toList()));
    document.put("grace", grace.toString());
    document.put("retireAt", retireAt == null ? "" : retireAt.toString());
    document.put("sum", sum(Json.write(document)));
    return Json.write(document) + "\n";
  }

  private static List<Object> names(Set<RotationStep> steps) {
    return new ArrayList<>(steps.stream().sorted().map(RotationStep::name).toList());
  }

  /**
   * Reads the text of {@link #write}. A journal from before {@code idle} does not say whether a
   * hook ran in the steps that apply the new value. These steps count as idle, because such a hook
   * may run twice but must not be skipped.
   *
   * @throws IllegalArgumentException if the text is not a valid journal; names the reason
   */
  static RotationJournal read(String text) {
    Map<?, ?> document = checked(text);
    List<VersionChange> changes = new ArrayList<>();
    for (Object change : VersionChange.list(document, "changes")) {
      changes.add(VersionChange.of((Map<?, ?>) change));
    }
    Set<RotationStep> done = steps(VersionChange.list(document, "done"));
    Set<RotationStep> idle = EnumSet.noneOf(RotationStep.class);
    if (document.containsKey("idle")) {
      idle.addAll(steps(VersionChange.list(document, "idle")));
    } else {
      idle.addAll(List.of(RotationStep.APPLY, RotationStep.TEST));
      idle.retainAll(done);
      done.removeAll(idle);
    }
    String retireAt = VersionChange.text(document, "retireAt");
    return new RotationJournal(
        VersionChange.text(document, "rotation"),
        VersionChange.text(document, "service"),
        VersionChange.text(document, "environment"),
        VersionChange.text(document, "secret"),
        VersionChange.text(document, "scheme"),
        VersionChange.text(document, "startedBy"),
        Instant.parse(VersionChange.text(document, "startedAt")),
        VersionChange.number(document, "sequence"),
        VersionChange.text(document, "by"),
        Instant.parse(VersionChange.text(document, "at")),
        Direction.valueOf(VersionChange.text(document, "direction")),
        done,
        idle,
        changes,
        Duration.parse(VersionChange.text(document, "grace")),
        retireAt.isEmpty() ? null : Instant.parse(retireAt));
  }

  private static Set<RotationStep> steps(List<?> names) {
    Set<RotationStep> steps = EnumSet.noneOf(RotationStep.class);
    names.forEach(name -> steps.add(RotationStep.valueOf(String.valueOf(name))));
    return steps;
  }

  private static Map<?, ?> checked(String text) {
    Object parsed;
    try {
      parsed = Json.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it is not JSON, so it was cut short or edited", e);
    }
    if (!(parsed instanceof Map<?, ?> document) || !FORM.equals(document.get("form"))) {
      throw new IllegalArgumentException("it is not the journal of a rotation");
    }
    Object version = document.get("version");
    if (!(version instanceof BigDecimal number) || number.compareTo(new BigDecimal(VERSION)) != 0) {
      throw new IllegalArgumentException(
          "it is of another version of this program (expected: form " + VERSION + ")");
    }
    Map<Object, Object> summed = new LinkedHashMap<>(document);
    Object sum = summed.remove("sum");
    if (!sum(Json.write(summed)).equals(sum)) {
      throw new IllegalArgumentException("it was edited: its sum does not fit");
    }
    return document;
  }

  static String sum(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
