package de.lifetimecircle.secrets.operations.audit;

import static de.lifetimecircle.secrets.operations.audit.AwsAlerts.attribute;
import static de.lifetimecircle.secrets.operations.audit.AwsAlerts.resource;
import static de.lifetimecircle.secrets.operations.audit.AwsAlerts.trust;
import static de.lifetimecircle.secrets.operations.audit.OrderedMaps.map;

import de.lifetimecircle.secrets.operations.inventory.AuditRules.Hours;
import de.lifetimecircle.secrets.spi.Json;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes schedules that disable an EventBridge rule during working hours and enable it after them,
 * in the team's time zone, because a pattern cannot test the hour. On a holiday the rule is enabled
 * again one minute after work would begin. Stateless.
 */
final class AwsSchedules {
  private static final Hours ALL_DAY = new Hours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);

  /** An end at midnight would belong to the next day, which may be a holiday. */
  private static final LocalTime LAST = LocalTime.of(23, 59);

  private final AlertDefinitions.Facts facts;
  private final Map<String, Object> rule;
  private final Map<String, Object> resources = new LinkedHashMap<>();

  private AwsSchedules(AlertDefinitions.Facts facts, Map<String, Object> rule) {
    this.facts = facts;
    this.rule = rule;
  }

  /** Returns the schedules and their role, for a rule with these properties. */
  static Map<String, Object> resources(AlertDefinitions.Facts facts, Map<String, Object> rule) {
    return new AwsSchedules(facts, rule).resources();
  }

  private Map<String, Object> resources() {
    Hours hours = facts.rules().hours().orElse(ALL_DAY);
    LocalTime end = hours.to().equals(LocalTime.MIDNIGHT) ? LAST : hours.to();
    role();
    schedule("WorkBegins", cron(hours.from()), "disableRule", Map.of("Name", name()));
    schedule("WorkEnds", cron(end), "putRule", on());
    int number = 0;
    for (LocalDate holiday : facts.rules().holidays().stream().sorted().toList()) {
      if (!holiday.isBefore(facts.today())) {
        String at = "at(" + holiday.atTime(hours.from()).plusMinutes(1).withSecond(0) + ":00)";
        schedule("Holiday" + ++number, at, "putRule", on());
      }
    }
    return resources;
  }

  private String name() {
    return String.valueOf(rule.get("Name"));
  }

  /** Returns the rule enabled for reads: {@code EnableRule} would not include them. */
  private Map<String, Object> on() {
    return map(
        "Name", name(),
        "Description", String.valueOf(rule.get("Description")),
        "EventPattern", Json.write(rule.get("EventPattern")),
        "State", String.valueOf(rule.get("State")));
  }

  private String cron(LocalTime time) {
    String days =
        facts.rules().days().isEmpty()
            ? "*"
            : Arrays.stream(DayOfWeek.values())
                .filter(facts.rules().days()::contains)
                .map(day -> day.name().substring(0, 3))
                .collect(Collectors.joining(","));
    return String.format(
        Locale.ROOT, "cron(%d %d ? * %s *)", time.getMinute(), time.getHour(), days);
  }

  private void schedule(String name, String when, String action, Map<String, Object> input) {
    resources.put(
        name,
        resource(
            "Scheduler::Schedule",
            map(
                "ScheduleExpression",
                when,
                "ScheduleExpressionTimezone",
                facts.zone().getId().equals("Z") ? "UTC" : facts.zone().getId(),
                "FlexibleTimeWindow",
                Map.of("Mode", "OFF"),
                "Target",
                map(
                    "Arn",
                        Map.of(
                            "Fn::Sub",
                            "arn:${AWS::Partition}:scheduler:::aws-sdk:eventbridge:" + action),
                    "RoleArn", attribute("ScheduleRole", "Arn"),
                    "Input", Json.write(input)))));
  }

  private void role() {
    Object statement =
        map(
            "Effect", "Allow",
            "Action", List.of("events:PutRule", "events:DisableRule"),
            "Resource", attribute("OutsideHours", "Arn"));
    resources.put(
        "ScheduleRole",
        resource(
            "IAM::Role",
            map(
                "AssumeRolePolicyDocument", trust("scheduler.amazonaws.com"),
                "Policies",
                    List.of(
                        map(
                            "PolicyName",
                            "switch-the-rule",
                            "PolicyDocument",
                            map("Version", "2012-10-17", "Statement", List.of(statement)))))));
  }
}
