package de.lifetimecircle.secrets.cli.audit;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.operations.audit.AccessAudit;
import de.lifetimecircle.secrets.operations.audit.AuditEvent;
import de.lifetimecircle.secrets.operations.audit.AuditFinding;
import de.lifetimecircle.secrets.operations.audit.AuditLogs;
import de.lifetimecircle.secrets.operations.audit.EventGroup;
import de.lifetimecircle.secrets.operations.audit.FindingReason;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints an audit as a table with findings, or as a document. Not thread-safe. */
final class AuditReport {
  private final Output output;
  private final DateTimeFormatter time;

  AuditReport(Output output, ZoneId zone) {
    this.output = output;
    this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  void print(AccessAudit audit, AuditLogs logs, ExitCode exitCode) {
    if (output.json()) {
      output.document(document(audit, logs, exitCode));
      return;
    }
    table(audit.groups());
    audit.findings().forEach(this::finding);
    logs.problems().forEach(problem -> output.line("Not read: " + problem));
    audit.notLookedFor().forEach(missing -> output.line("Not looked for: " + missing));
    output.line(
        logs.records()
            + " records: "
            + (logs.events() - audit.others() - audit.before())
            + " judged, "
            + audit.before()
            + " before, "
            + audit.others()
            + " about secrets of others, "
            + logs.broken()
            + " not read; "
            + audit.findings().size()
            + " findings");
    if (audit.moreFound() > 0) {
      output.line(
          audit.moreFound()
              + " more unexpected events are not shown, because there are too many different ones;"
              + " their first-time readers stay unknown, so the next audit with --state reports"
              + " them");
    }
    if (audit.more() > 0) {
      output.line(
          audit.more() + " events of further readers are not shown; audit a shorter" + " period");
    }
  }

  private void table(List<EventGroup> groups) {
    if (groups.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("FIRST", "LAST", "TIMES", "WHO", "WHAT", "FROM", "OUTCOME"));
    for (EventGroup group : groups) {
      AuditEvent event = group.event();
      rows.add(
          List.of(
              shown(event.at()),
              shown(group.last()),
              String.valueOf(group.count()),
              who(event),
              what(event),
              event.place(),
              event.outcome()));
    }
    output.table(rows);
    output.line("");
  }

  private static String who(AuditEvent event) {
    return event.principal().isEmpty() ? "(unknown)" : event.principal();
  }

  private static String what(AuditEvent event) {
    return event.name().isEmpty() ? event.operation() : event.operation() + " " + event.name();
  }

  private String shown(Instant at) {
    return time.format(at);
  }

  private void finding(AuditFinding finding) {
    EventGroup group = finding.group();
    AuditEvent event = group.event();
    String times = group.count() == 1 ? "" : ", " + group.count() + " times";
    String why =
        finding.ordered().stream().map(FindingReason::words).collect(Collectors.joining(", "));
    output.line(
        "FOUND "
            + shown(event.at())
            + times
            + ": "
            + who(event)
            + " "
            + what(event)
            + " from "
            + event.place()
            + ": "
            + why);
  }

  private static Map<String, Object> document(
      AccessAudit audit, AuditLogs logs, ExitCode exitCode) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("exitCode", exitCode.code());
    document.put("records", logs.records());
    document.put("events", logs.events());
    document.put("before", audit.before());
    document.put("others", audit.others());
    document.put("broken", logs.broken());
    document.put("more", audit.more());
    document.put("moreFound", audit.moreFound());
    document.put("problems", logs.problems());
    document.put("notLookedFor", audit.notLookedFor());
    document.put("readers", audit.groups().stream().map(AuditReport::document).toList());
    List<Object> findings = new ArrayList<>();
    for (AuditFinding finding : audit.findings()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("reasons", finding.ordered().stream().map(FindingReason::word).toList());
      each.putAll(document(finding.group()));
      findings.add(each);
    }
    document.put("findings", findings);
    return document;
  }

  private static Map<String, Object> document(EventGroup group) {
    AuditEvent event = group.event();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("first", event.at().toString());
    document.put("last", group.last().toString());
    document.put("times", group.count());
    document.put("principal", event.principal());
    document.put("operation", event.operation());
    document.put("name", event.name());
    document.put("version", event.version());
    document.put("place", event.place());
    document.put("outcome", event.outcome());
    return document;
  }
}
