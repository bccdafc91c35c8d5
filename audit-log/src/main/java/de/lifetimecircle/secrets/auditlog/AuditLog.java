package de.lifetimecircle.secrets.auditlog;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a line for each thing that was asked of a store.
 *
 * <p>A line that cannot be written does not stop the service: it is counted, the first of a row is
 * warned of, and the next line that can be written says in {@code lost} how many are missing. Safe
 * for use by several threads; blocks for the file system.
 */
final class AuditLog {
  /** The version of the format, which also marks a line of this log. */
  private static final int FORMAT = 1;

  private final AuditFile file;
  private final CallOrigin origin;
  private final String scheme;
  private final InstantSource clock;
  private final AtomicLong lost = new AtomicLong();

  AuditLog(AuditFile file, CallOrigin origin, String scheme, InstantSource clock) {
    this.file = file;
    this.origin = origin;
    this.scheme = scheme;
    this.clock = clock;
  }

  /**
   * Writes one line.
   *
   * @param operation the requested operation
   * @param facts the name and other known facts; no value
   * @param outcome {@code ok}, or the kind of failure
   */
  void write(String operation, Map<String, String> facts, String outcome) {
    write(origin, operation, facts, outcome);
  }

  /**
   * Writes one line about a reader for whom this process asks. All readers share the count of lost
   * lines.
   */
  void writeFor(String reader, String operation, Map<String, String> facts, String outcome) {
    write(origin.as(reader), operation, facts, outcome);
  }

  private void write(
      CallOrigin caller, String operation, Map<String, String> facts, String outcome) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("audit", FORMAT);
    line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("principal", caller.principal());
    line.put("user", caller.user());
    line.put("host", caller.host());
    line.put("pid", caller.pid());
    if (!caller.actor().isEmpty()) {
      line.put("actor", caller.actor());
    }
    if (!caller.reason().isEmpty()) {
      line.put("reason", caller.reason());
    }
    line.put("scheme", scheme);
    line.put("operation", operation);
    line.putAll(facts);
    line.put("outcome", outcome);
    long missing = lost.getAndSet(0);
    if (missing > 0) {
      line.put("lost", missing);
    }
    try {
      file.append(Json.write(line));
    } catch (IOException e) {
      lost.addAndGet(missing + 1);
      if (missing == 0) {
        warn(e);
      }
    }
  }

  private void warn(IOException e) {
    System.getLogger("de.lifetimecircle.secrets.audit")
        .log(
            System.Logger.Level.WARNING,
            "Cannot write to the audit log {0}: {1}. Reads and writes of secrets go on; the next"
                + " line that can be written says how many are missing. Make room or correct its"
                + " rights.",
            file,
            AuditFile.reason(e));
  }
}
