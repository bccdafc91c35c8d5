package de.lifetimecircle.secrets.operations.audit;

import static de.lifetimecircle.secrets.operations.audit.OrderedMaps.map;

import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Hours;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the configuration of Alertmanager: it posts to Slack by a webhook in a file, reports reads
 * outside working hours, and silences reads from CI during a deployment. Stateless.
 */
final class AlertmanagerFile {
  private static final String OUTSIDE = "outside-working-hours";
  private static final Hours ALL_DAY = new Hours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);

  private final AlertDefinitions.Facts facts;

  private AlertmanagerFile(AlertDefinitions.Facts facts) {
    this.facts = facts;
  }

  static String file(AlertDefinitions.Facts facts) {
    return new AlertmanagerFile(facts).file();
  }

  private String file() {
    List<Object> routes = new ArrayList<>();
    routes.add(route(PrometheusRules.DEPLOYMENT, "nobody"));
    Map<String, Object> document = map("route", Map.of());
    if (facts.rules().knowsHours()) {
      Map<String, Object> outside = route(LokiRules.OUTSIDE_HOURS, "slack");
      outside.put("active_time_intervals", List.of(OUTSIDE));
      routes.add(outside);
    }
    document.put(
        "route",
        map(
            "receiver",
            "slack",
            "group_by",
            List.of("alertname", "principal"),
            "group_wait",
            "10s",
            "routes",
            routes));
    document.put("inhibit_rules", List.of(deployments()));
    if (facts.rules().knowsHours()) {
      document.put("time_intervals", List.of(map("name", OUTSIDE, "time_intervals", intervals())));
    }
    document.put("receivers", List.of(slack(), map("name", "nobody")));
    return YamlText.write(document);
  }

  private static Map<String, Object> route(String alert, String receiver) {
    return map("matchers", List.of("alertname=\"" + alert + "\""), "receiver", receiver);
  }

  private static Object deployments() {
    return map(
        "source_matchers", List.of("alertname=\"" + PrometheusRules.DEPLOYMENT + "\""),
        "target_matchers", List.of("alertname=\"" + LokiRules.FROM_CI + "\""));
  }

  private static Object slack() {
    String text =
        "{{ range .Alerts }}{{ .Annotations.summary }}: {{ .Annotations.description }}\n{{ end }}";
    return map(
        "name",
        "slack",
        "slack_configs",
        List.of(
            map(
                "api_url_file", "/etc/alertmanager/slack-webhook",
                "channel", "#security",
                "title", "{{ .CommonLabels.alertname }}",
                "text", text)));
  }

  /** Returns the hours before and after work, the days off and the holidays. */
  private List<Object> intervals() {
    AuditRules rules = facts.rules();
    List<Object> intervals = new ArrayList<>();
    Hours hours = rules.hours().orElse(ALL_DAY);
    List<Object> times = new ArrayList<>();
    if (!hours.from().equals(LocalTime.MIDNIGHT)) {
      times.add(map("start_time", "00:00", "end_time", hours.from().toString()));
    }
    if (!hours.to().equals(LocalTime.MIDNIGHT)) {
      times.add(map("start_time", hours.to().toString(), "end_time", "24:00"));
    }
    if (!times.isEmpty()) {
      intervals.add(located(map("times", times)));
    }
    List<String> free =
        Arrays.stream(DayOfWeek.values())
            .filter(day -> !rules.days().isEmpty() && !rules.days().contains(day))
            .map(day -> day.name().toLowerCase(Locale.ROOT))
            .toList();
    if (!free.isEmpty()) {
      intervals.add(located(map("weekdays", free)));
    }
    for (LocalDate day : rules.holidays().stream().sorted().toList()) {
      intervals.add(
          located(
              map(
                  "years", List.of(String.valueOf(day.getYear())),
                  "months", List.of(String.valueOf(day.getMonthValue())),
                  "days_of_month", List.of(String.valueOf(day.getDayOfMonth())))));
    }
    return intervals;
  }

  private Map<String, Object> located(Map<String, Object> interval) {
    String zone = facts.zone().getId();
    interval.put("location", zone.equals("Z") ? "UTC" : zone);
    return interval;
  }
}
