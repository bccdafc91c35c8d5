package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.journal.JsonFile;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The journal of one emergency, with everything that another person needs to resume it. Immutable;
 * holds no value.
 *
 * @param known when the exposure became known: the clock counts from there
 * @param kind a drill is never resumed as an emergency, nor the other way round
 * @param outcome how the last run ended; of a run that was killed, what was written when it began
 * @param begun the secrets that it has begun to rotate: their open rotations are its own
 * @param exposed the versions that were valid at the start, by the name in the store
 * @param served the versions that it made current, by the name in the store
 * @param rotated the secrets that have a new value
 * @param refused the rotated secrets whose old value is refused, as a hook has shown
 * @param revoked the rotated secrets whose old value is refused, as a person has said
 * @param byHand the rotated secrets whose value a person has replaced, because no hook can
 * @param done the steps that are done
 * @param timeline every step and part of one, with its time and person
 */
record EmergencyJournal(
    String service,
    String environment,
    String secret,
    Instant known,
    Instant began,
    String by,
    PostMortem.Kind kind,
    EmergencyOutcome outcome,
    Set<String> begun,
    Map<String, List<String>> exposed,
    Map<String, String> served,
    Set<String> rotated,
    Set<String> refused,
    Set<String> revoked,
    Set<String> byHand,
    Set<EmergencyStep> done,
    List<TimelineEntry> timeline) {
  /** The form of its file. */
  static final JsonFile<EmergencyJournal> FORM =
      new JsonFile<>(EmergencyJournal.class, "secrets-emergency", 3, "the journal of an emergency");

  private static final Duration RECENT = Duration.ofDays(1);

  /** Returns the words that run this emergency, without the name of the program. */
  String command() {
    return EmergencySettings.command(secret, kind);
  }

  /** Returns the journal of a new emergency. */
  static EmergencyJournal begin(EmergencySettings settings, Map<String, List<String>> exposed) {
    return new EmergencyJournal(
        settings.site().inventory().service(),
        settings.site().environment().name(),
        settings.name(),
        settings.known(),
        settings.began(),
        settings.signature(),
        settings.kind(),
        EmergencyOutcome.INTERRUPTED,
        Set.of(),
        exposed,
        Map.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        List.of());
  }

  EmergencyJournal ended(EmergencyOutcome how) {
    return copy("outcome", how);
  }

  EmergencyJournal withBegun(String name) {
    return copy("begun", joined(begun, name));
  }

  EmergencyJournal withServed(String stored, String version) {
    Map<String, String> more = new LinkedHashMap<>(served);
    more.put(stored, version);
    return copy("served", more);
  }

  EmergencyJournal withRotated(String name) {
    return copy("rotated", joined(rotated, name));
  }

  EmergencyJournal withRefused(String name) {
    return copy("refused", joined(refused, name));
  }

  EmergencyJournal withRevoked(String name) {
    return copy("revoked", joined(revoked, name));
  }

  EmergencyJournal withByHand(String name) {
    return copy("byHand", joined(byHand, name));
  }

  EmergencyJournal withDone(EmergencyStep step) {
    return copy("done", joined(done, step));
  }

  EmergencyJournal with(TimelineEntry moment) {
    Collection<TimelineEntry> more = new ArrayList<>(timeline);
    more.add(moment);
    return copy("timeline", List.copyOf(more));
  }

  private static <T> Set<T> joined(Set<T> all, T one) {
    Set<T> more = new LinkedHashSet<>(all);
    more.add(one);
    return more;
  }

  private EmergencyJournal copy(String component, Object value) {
    return RecordMapping.copy(this, EmergencyJournal.class, Map.of(component, value));
  }

  boolean isRotated(InventorySecret target) {
    return rotated.contains(target.name());
  }

  /** Returns whether it may be about another exposure than one that is known now. */
  boolean isOld(Instant now) {
    return began.plus(RECENT).isBefore(now);
  }

  /** Returns the elapsed time; zero if the clock was set back. */
  Duration elapsed(Instant now) {
    Duration elapsed = Duration.between(known, now);
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
