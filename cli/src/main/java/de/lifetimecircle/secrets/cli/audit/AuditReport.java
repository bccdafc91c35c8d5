package de.lifetimecircle.secrets.cli.audit;

import de.lifetimecircle.secrets.cli.console.Counted;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.LocalTimes;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.Paint.Tone;
import de.lifetimecircle.secrets.cli.console.TextTable;
import de.lifetimecircle.secrets.operations.audit.AccessAudit;
import de.lifetimecircle.secrets.operations.audit.AuditEvent;
import de.lifetimecircle.secrets.operations.audit.AuditLogs;
import de.lifetimecircle.secrets.operations.audit.EventGroup;
import de.lifetimecircle.secrets.operations.audit.FindingReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints an audit as a table with findings, or as a document. Not thread-safe.
 *
 * @param times times in the zone of the inventory, by which the working hours are judged
 */
record AuditReport(Output output, LocalTimes times) {
  private static final int DAY = "2026-03-01".length();

  void print(AccessAudit audit, AuditLogs logs, ExitCode exitCode) {
    if (output.json()) {
      output.document(exitCode.code(), document(audit, logs));
      return;
    }
    table(audit.groups());
    audit.findings().forEach(this::finding);
    logs.problems().forEach(problem -> output.sentence(Tone.NOTE, "Not read: ", problem));
    audit
        .notLookedFor()
        .forEach(missing -> output.sentence(Tone.PLAIN, "Not looked for: ", missing));
    if (audit.moreFound() > 0) {
      output.sentence(
          Tone.NOTE,
          "Not shown: ",
          Counted.of(audit.moreFound(), "more unexpected event")
              + ", because there are too many different ones; their first-time readers stay"
              + " unknown, so the next audit with --state reports them");
    }
    if (audit.more() > 0) {
      output.sentence(
          Tone.NOTE,
          "Not shown: ",
          Counted.of(audit.more(), "event") + " of further readers; audit a shorter period");
    }
    output.sentence(Tone.PLAIN, "", summary(audit, logs));
  }

  private String summary(AccessAudit audit, AuditLogs logs) {
    StringBuilder text = new StringBuilder(Counted.of(logs.records(), "record"));
    text.append(": ").append(Counted.number(logs.events() - audit.others() - audit.before()));
    text.append(" judged");
    add(text, audit.before(), " before");
    add(text, audit.others(), " about secrets of others");
    add(text, logs.broken(), " not read");
    return text + "; " + Counted.of(audit.findings().size(), "finding");
  }

  private static void add(StringBuilder text, long count, String what) {
    if (count > 0) {
      text.append(", ").append(Counted.number(count)).append(what);
    }
  }

  /** A block for each reader, because the name of one may be as long as a line. */
  private void table(List<EventGroup> groups) {
    if (groups.isEmpty()) {
      return;
    }
    Map<String, List<EventGroup>> readers = new LinkedHashMap<>();
    groups.forEach(
        group -> readers.computeIfAbsent(who(group.event()), k -> new ArrayList<>()).add(group));
    TextTable table = new TextTable(2, "WHAT", "TIMES", "WHEN", "FROM", "OUTCOME");
    readers.forEach(
        (reader, all) -> {
          table.section(reader);
          for (EventGroup group : all) {
            AuditEvent event = group.event();
            table.row(
                Tone.PLAIN,
                what(event),
                Counted.number(group.count()),
                period(event.at(), group.last()),
                event.place(),
                event.outcome());
          }
        });
    output.table(table);
    output.line("");
  }

  private static String who(AuditEvent event) {
    return event.principal().isEmpty() ? "(unknown)" : event.principal();
  }

  private static String what(AuditEvent event) {
    return event.name().isEmpty() ? event.operation() : event.operation() + " " + event.name();
  }

  /** Returns the first and the last time; the day of the last one only if it is another. */
  private String period(Instant first, Instant last) {
    String from = times.text(first);
    String to = times.text(last);
    if (from.equals(to)) {
      return from;
    }
    boolean sameDay = from.substring(0, DAY).equals(to.substring(0, DAY));
    return from + " to " + (sameDay ? to.substring(DAY + 1) : to);
  }

  private void finding(EventGroup group) {
    AuditEvent event = group.event();
    String count = group.count() == 1 ? "" : ", " + Counted.of(group.count(), "time");
    String why =
        group.reasons().stream().map(FindingReason::words).collect(Collectors.joining(", "));
    output.sentence(
        Tone.BAD,
        "FOUND ",
        times.text(event.at())
            + count
            + ": "
            + who(event)
            + " "
            + what(event)
            + " from "
            + event.place()
            + ": "
            + why);
  }

  private static Map<String, Object> document(AccessAudit audit, AuditLogs logs) {
    Map<String, Object> document =
        Output.object(
            "records", logs.records(),
            "events", logs.events(),
            "before", audit.before(),
            "others", audit.others(),
            "broken", logs.broken(),
            "more", audit.more(),
            "moreFound", audit.moreFound(),
            "problems", logs.problems(),
            "notLookedFor", audit.notLookedFor(),
            "readers", audit.groups().stream().map(AuditReport::document).toList());
    List<Object> findings = new ArrayList<>();
    for (EventGroup finding : audit.findings()) {
      List<String> reasons = finding.reasons().stream().map(FindingReason::word).toList();
      Map<String, Object> each = Output.object("reasons", reasons);
      each.putAll(document(finding));
      findings.add(each);
    }
    document.put("findings", findings);
    return document;
  }

  private static Map<String, Object> document(EventGroup group) {
    AuditEvent event = group.event();
    return Output.object(
        "first", event.at(),
        "last", group.last(),
        "times", group.count(),
        "principal", event.principal(),
        "operation", event.operation(),
        "name", event.name(),
        "version", event.version(),
        "place", event.place(),
        "outcome", event.outcome());
  }
}
