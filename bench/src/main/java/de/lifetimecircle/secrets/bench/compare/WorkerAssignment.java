package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.RecordJson;
import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", kind.name());
    fields.put("subject", RecordJson.object(subject));
    List<Object> list = new ArrayList<>();
    trips.forEach((trip, port) -> list.add(List.of(BigDecimal.valueOf(trip), port)));
    fields.put("trips", list);
    fields.put("round", round);
    fields.put("slotMillis", slotMillis);
    return Json.write(fields);
  }

  static WorkerAssignment of(String json) {
    if (!(Json.parse(json) instanceof Map<?, ?> fields)
        || !(fields.get("subject") instanceof Map<?, ?> subject)
        || !(fields.get("trips") instanceof List<?> list)) {
      throw new IllegalArgumentException("no assignment");
    }
    Map<Double, Integer> trips = new LinkedHashMap<>();
    for (Object pair : list) {
      if (pair instanceof List<?> two
          && two.get(0) instanceof BigDecimal trip
          && two.get(1) instanceof BigDecimal port) {
        trips.put(trip.doubleValue(), port.intValueExact());
      }
    }
    return new WorkerAssignment(
        Kind.valueOf(String.valueOf(fields.get("kind"))),
        RecordJson.read(ParticipantAccess.class, subject),
        trips,
        Integer.parseInt(String.valueOf(fields.get("round"))),
        Long.parseLong(String.valueOf(fields.get("slotMillis"))));
  }
}
