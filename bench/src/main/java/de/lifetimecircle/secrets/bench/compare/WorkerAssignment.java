package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one process is to measure: handed over on its standard input, since it holds the credentials
 * of the server and every user of a machine can read arguments. Immutable.
 *
 * @param kind what
 * @param subject on whom
 * @param trips the ports by round trip in milliseconds: 0 for the server itself
 * @param round counts from 1
 * @param slotMillis how long one operation is measured
 */
record WorkerAssignment(
    Kind kind, ParticipantAccess subject, Map<Double, Integer> trips, int round, long slotMillis) {
  /** The kinds of work, each in a process of its own. */
  enum Kind {
    /** Writes what will be read; measures nothing. */
    PREPARE,
    /** Reads and writes, at each distance. */
    CALLS,
    /** The same reads and writes by JMH, without a distance. */
    JMH,
    /** Outage, rotation, visibility, throttling. */
    EVENTS,
    /** Processor and memory. */
    FOOTPRINT,
    /** The same read by the programs that people use today. */
    PEERS,
    /** One read, timed from the outside. */
    START,
    /** Removes the written secrets; measures nothing. */
    CLEAN;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  WorkerAssignment {
    trips = new LinkedHashMap<>(trips);
  }

  /** The subject at that distance. */
  ParticipantAccess at(double trip) {
    return Optional.ofNullable(trips.get(trip))
        .filter(port -> trip > 0)
        .map(subject::through)
        .orElse(subject);
  }

  String json() {
    return Json.write(RecordMapping.members(this));
  }

  static WorkerAssignment of(String json) {
    return RecordMapping.readKnown(WorkerAssignment.class, Json.parse(json));
  }
}
