package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.spi.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The journal of one emergency, with everything that another person needs to resume it. Saved after
 * each change; holds no value. Used by one thread.
 */
final class EmergencyFile {
  private static final int FORM = 1;

  final String service;
  final String environment;
  final String secret;

  /** When the exposure became known: the clock counts from there. */
  final Instant known;

  final Instant began;
  final String by;

  /** A drill is never resumed as an emergency, nor the other way round. */
  final PostMortem.Kind kind;

  /** How the last run ended; of a run that was killed, what was written when it began. */
  EmergencyOutcome outcome = EmergencyOutcome.INTERRUPTED;

  /** The versions that were valid at the start, by the name in the store. */
  final Map<String, List<String>> exposed;

  /** The secrets that this emergency has begun to rotate: their open rotations are its own. */
  final Set<String> begun = new LinkedHashSet<>();

  final Set<String> rotated = new LinkedHashSet<>();

  /** The rotated secrets whose old value is refused, as a hook has shown. */
  final Set<String> refused = new LinkedHashSet<>();

  /** The rotated secrets whose value a person has replaced, because no hook can. */
  final Set<String> byHand = new LinkedHashSet<>();

  /** The person's description of the manual steps in this run; not kept for the next one. */
  String word = "";

  final Set<EmergencyStep> done = new LinkedHashSet<>();
  final List<TimelineEntry> timeline = new ArrayList<>();

  EmergencyFile(
      String service,
      String environment,
      String secret,
      Instant known,
      Instant began,
      String by,
      PostMortem.Kind kind,
      Map<String, List<String>> exposed) {
    this.service = service;
    this.environment = environment;
    this.secret = secret;
    this.known = known;
    this.began = began;
    this.by = by;
    this.kind = kind;
    this.exposed = Collections.unmodifiableMap(new LinkedHashMap<>(exposed)); // keeps the order
  }

  String write() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("form", FORM);
    document.put("service", service);
    document.put("environment", environment);
    document.put("secret", secret);
    document.put("known", known.toString());
    document.put("began", began.toString());
    document.put("by", by);
    document.put("kind", kind.word());
    document.put("outcome", outcome.word());
    document.put("begun", List.copyOf(begun));
    document.put("exposed", exposed);
    document.put("rotated", List.copyOf(rotated));
    document.put("refused", List.copyOf(refused));
    document.put("byHand", List.copyOf(byHand));
    document.put("done", done.stream().map(Enum::name).toList());
    document.put("timeline", timeline.stream().map(TimelineEntry::document).toList());
    return Json.write(document) + "\n";
  }

  /**
   * Reads a journal.
   *
   * @param drills the drills that its environment allows
   * @throws RuntimeException if it has another format; the message names the part
   */
  static EmergencyFile read(String text, ServiceEnvironment.Drills drills) {
    if (!(Json.parse(text) instanceof Map<?, ?> document)) {
      throw new IllegalArgumentException("expected an object");
    }
    if (EmergencyFields.number(document, "form") != FORM) {
      throw new IllegalArgumentException("form: another version of this program wrote it");
    }
    EmergencyFile read =
        new EmergencyFile(
            EmergencyFields.text(document, "service"),
            EmergencyFields.text(document, "environment"),
            EmergencyFields.text(document, "secret"),
            Instant.parse(EmergencyFields.text(document, "known")),
            Instant.parse(EmergencyFields.text(document, "began")),
            EmergencyFields.text(document, "by"),
            kind(document, drills),
            EmergencyFields.lists(document, "exposed"));
    read.begun.addAll(EmergencyFields.texts(document, "begun"));
    read.rotated.addAll(EmergencyFields.texts(document, "rotated"));
    if (document.containsKey("refused")) { // one from before knows of no proof
      read.refused.addAll(EmergencyFields.texts(document, "refused"));
    }
    if (document.containsKey("byHand")) {
      read.byHand.addAll(EmergencyFields.texts(document, "byHand"));
    }
    EmergencyFields.texts(document, "done")
        .forEach(step -> read.done.add(EmergencyStep.valueOf(step)));
    for (Object each : EmergencyFields.list(document, "timeline")) {
      if (!(each instanceof Map<?, ?> moment)) {
        throw new IllegalArgumentException("timeline: expected objects");
      }
      read.timeline.add(TimelineEntry.of(moment));
    }
    read.outcome =
        document.containsKey("outcome")
            ? EmergencyOutcome.of(EmergencyFields.text(document, "outcome"))
            : read.lastOutcome();
    return read;
  }

  /**
   * Earlier versions of this program kept the kind in the person's name, which anybody can type.
   */
  private static PostMortem.Kind kind(Map<?, ?> document, ServiceEnvironment.Drills drills) {
    if (document.containsKey("kind")) {
      return PostMortem.Kind.of(EmergencyFields.text(document, "kind"));
    }
    boolean drill = EmergencyFields.text(document, "by").endsWith(Emergency.DRILL);
    return drill && drills == ServiceEnvironment.Drills.LIVE
        ? PostMortem.Kind.LIVE_DRILL
        : PostMortem.Kind.REAL;
  }

  /** An open emergency without the field ran to its end if it has written its post-mortem. */
  private EmergencyOutcome lastOutcome() {
    boolean ended =
        !timeline.isEmpty()
            && timeline.get(timeline.size() - 1).step() == EmergencyStep.POST_MORTEM
            && timeline.get(timeline.size() - 1).outcome() == TimelineEntry.Outcome.DONE;
    return ended ? EmergencyOutcome.NOT_DONE : EmergencyOutcome.INTERRUPTED;
  }

  /** Returns the elapsed time; zero if the clock was set back. */
  Duration elapsed(Instant now) {
    Duration elapsed = Duration.between(known, now);
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
