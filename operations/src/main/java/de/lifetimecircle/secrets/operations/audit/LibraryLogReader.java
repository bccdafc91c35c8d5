package de.lifetimecircle.secrets.operations.audit;

import java.util.Map;
import java.util.function.Consumer;

/** Reads the audit log of this library; see docs/audit-log.md. Stateless. */
final class LibraryLogReader implements LogReader {
  @Override
  public boolean recognises(Map<?, ?> record) {
    return record.containsKey("audit")
        && record.containsKey("operation")
        && record.containsKey("outcome");
  }

  @Override
  public void read(Map<?, ?> record, Consumer<AuditEvent> sink) {
    if (!JsonFact.text(record, "audit").equals("1")) {
      throw new IllegalArgumentException("another version of the format");
    }
    sink.accept(
        new AuditEvent(
            JsonFact.time(record, "time"),
            JsonFact.text(record, "principal"),
            JsonFact.text(record, "operation"),
            name(record),
            JsonFact.text(record, "version"),
            JsonFact.text(record, "host"),
            JsonFact.text(record, "outcome")));
  }

  /** The agent writes {@code *} for denials of several names: which ones, its log does not say. */
  private static String name(Map<?, ?> record) {
    String name = JsonFact.first(JsonFact.text(record, "name"), JsonFact.text(record, "recipient"));
    return name.equals("*") ? "" : name;
  }

  @Override
  public long lost(Map<?, ?> record) {
    return record.get("lost") instanceof Number lost ? lost.longValue() : 0;
  }
}
