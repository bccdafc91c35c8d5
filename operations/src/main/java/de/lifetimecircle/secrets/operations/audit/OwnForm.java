package de.lifetimecircle.secrets.operations.audit;

import java.util.Map;
import java.util.function.Consumer;

/** The log that our own library writes; see docs/audit.md. Stateless. */
final class OwnForm implements LogForm {
  @Override
  public boolean recognises(Map<?, ?> record) {
    return record.containsKey("audit")
        && record.containsKey("operation")
        && record.containsKey("outcome");
  }

  @Override
  public void read(Map<?, ?> record, Consumer<AuditEvent> sink) {
    if (!Fact.text(record, "audit").equals("1")) {
      throw new IllegalArgumentException("another version of the format");
    }
    sink.accept(
        new AuditEvent(
            Fact.time(record, "time"),
            Fact.text(record, "principal"),
            Fact.text(record, "operation"),
            Fact.first(Fact.text(record, "name"), Fact.text(record, "recipient")),
            Fact.text(record, "version"),
            Fact.text(record, "host"),
            Fact.text(record, "outcome")));
  }

  @Override
  public long lost(Map<?, ?> record) {
    return record.get("lost") instanceof Number lost ? lost.longValue() : 0;
  }
}
