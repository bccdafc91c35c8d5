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
 * What is known of a rotation that is not finished: names, version ids, steps, times and who; no
 * value. Immutable.
 *
 * @param rotation the id of the rotation
 * @param secret the name in the inventory
 * @param sequence one more at each write: the order of writes, whatever the clock does
 * @param at when it was written last
 * @param direction whether the new value is brought into service or the old one back
 * @param done the steps of that direction that are done
 * @param changes what it changes: the secret first
 * @param retireAt when the old value's grace ends; nothing before the promotion
 */
record Journal(
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
    List<Change> changes,
    Duration grace,
    @Nullable Instant retireAt) {

  /** Which value a rotation brings into service. */
  enum Direction {
    FORWARD,
    BACK
  }

  static final int VERSION = 1;
  private static final String FORM = "secrets-rotation";

  Journal {
    done = Set.copyOf(done);
    changes = List.copyOf(changes);
  }

  String stored() {
    return changes.get(0).stored();
  }

  boolean isDone(RotationStep step) {
    return done.contains(step);
  }

  /** Whether the new value is in service as far as the journal knows. */
  boolean promoted() {
    return direction == Direction.BACK || isDone(RotationStep.PROMOTE);
  }

  Journal with(RotationStep step) {
    Set<RotationStep> more = EnumSet.of(step);
    more.addAll(done);
    return with(more, changes, direction, retireAt);
  }

  Journal without(RotationStep... steps) {
    List<RotationStep> fewer = new ArrayList<>(done);
    fewer.removeAll(List.of(steps));
    return with(Set.copyOf(fewer), changes, direction, retireAt);
  }

  Journal with(List<Change> changed) {
    return with(done, changed, direction, retireAt);
  }

  Journal retiringAt(Instant end) {
    return with(done, changes, direction, end);
  }

  Journal back() {
    return with(Set.of(), changes, Direction.BACK, retireAt);
  }

  private Journal with(
      Set<RotationStep> steps, List<Change> changed, Direction way, @Nullable Instant end) {
    return new Journal(
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
        changed,
        grace,
        end);
  }

  /** As it is written next, by that person at that time. */
  Journal next(String person, Instant now) {
    return new Journal(
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
        changes,
        grace,
        retireAt);
  }

  RotationReport report(RotationReport.Outcome outcome) {
    List<RotationReport.Changed> changed =
        changes.stream()
            .map(c -> new RotationReport.Changed(c.stored(), c.old(), c.fresh()))
            .toList();
    return new RotationReport(
        rotation, environment, secret, outcome, changed, Optional.ofNullable(retireAt));
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
    document.put("done", new ArrayList<>(done.stream().sorted().map(RotationStep::name).toList()));
    document.put("changes", new ArrayList<>(changes.stream().map(Change::document).toList()));
    document.put("grace", grace.toString());
    document.put("retireAt", retireAt == null ? "" : retireAt.toString());
    document.put("sum", sum(Json.write(document)));
    return Json.write(document) + "\n";
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException that says what is wrong with the text
   */
  static Journal read(String text) {
    Map<?, ?> document = checked(text);
    List<Change> changes = new ArrayList<>();
    for (Object change : Change.list(document, "changes")) {
      changes.add(Change.of((Map<?, ?>) change));
    }
    Set<RotationStep> done = EnumSet.noneOf(RotationStep.class);
    for (Object step : Change.list(document, "done")) {
      done.add(RotationStep.valueOf(String.valueOf(step)));
    }
    String retireAt = Change.text(document, "retireAt");
    return new Journal(
        Change.text(document, "rotation"),
        Change.text(document, "service"),
        Change.text(document, "environment"),
        Change.text(document, "secret"),
        Change.text(document, "scheme"),
        Change.text(document, "startedBy"),
        Instant.parse(Change.text(document, "startedAt")),
        Change.number(document, "sequence"),
        Change.text(document, "by"),
        Instant.parse(Change.text(document, "at")),
        Direction.valueOf(Change.text(document, "direction")),
        done,
        changes,
        Duration.parse(Change.text(document, "grace")),
        retireAt.isEmpty() ? null : Instant.parse(retireAt));
  }

  private static Map<?, ?> checked(String text) {
    Object parsed;
    try {
      parsed = Json.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it is no JSON, so it was cut short or edited", e);
    }
    if (!(parsed instanceof Map<?, ?> document) || !FORM.equals(document.get("form"))) {
      throw new IllegalArgumentException("it is no journal of a rotation");
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
