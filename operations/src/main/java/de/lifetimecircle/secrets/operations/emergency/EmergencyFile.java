package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.spi.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

  /** The versions that were valid at the start, by the name in the store. */
  final Map<String, List<String>> exposed;

  /** The secrets that this emergency has begun to rotate: their open rotations are its own. */
  final Set<String> begun = new LinkedHashSet<>();

  final Set<String> rotated = new LinkedHashSet<>();

  /** The rotated secrets whose old value is refused, as a hook has shown. */
  final Set<String> refused = new LinkedHashSet<>();

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
      Map<String, List<String>> exposed) {
    this.service = service;
    this.environment = environment;
    this.secret = secret;
    this.known = known;
    this.began = began;
    this.by = by;
    this.exposed = Map.copyOf(exposed);
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
    document.put("begun", List.copyOf(begun));
    document.put("exposed", exposed);
    document.put("rotated", List.copyOf(rotated));
    document.put("refused", List.copyOf(refused));
    document.put("done", done.stream().map(Enum::name).toList());
    document.put("timeline", timeline.stream().map(TimelineEntry::document).toList());
    return Json.write(document) + "\n";
  }

  /**
   * Reads a journal.
   *
   * @throws RuntimeException if it has another format; the message names the part
   */
  static EmergencyFile read(String text) {
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
            EmergencyFields.lists(document, "exposed"));
    read.begun.addAll(EmergencyFields.texts(document, "begun"));
    read.rotated.addAll(EmergencyFields.texts(document, "rotated"));
    if (document.containsKey("refused")) { // one from before knows of no proof
      read.refused.addAll(EmergencyFields.texts(document, "refused"));
    }
    EmergencyFields.texts(document, "done")
        .forEach(step -> read.done.add(EmergencyStep.valueOf(step)));
    for (Object each : EmergencyFields.list(document, "timeline")) {
      if (!(each instanceof Map<?, ?> moment)) {
        throw new IllegalArgumentException("timeline: expected objects");
      }
      read.timeline.add(TimelineEntry.of(moment));
    }
    return read;
  }

  /** Returns the elapsed time; zero if the clock was set back. */
  Duration elapsed(Instant now) {
    Duration elapsed = Duration.between(known, now);
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
