package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.NetworkRange;
import de.lifetimecircle.secrets.operations.text.Templates;
import de.lifetimecircle.secrets.spi.Json;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Fills CloudFormation.jte: EventBridge rules on CloudTrail events, an alarm on refused reads, and
 * a topic that Amazon Q Developer in chat applications (formerly Chatbot) forwards to Slack. It
 * needs no webhook: a person authorises the workspace once. Immutable.
 *
 * @param facts the facts from the inventory
 */
record AwsAlerts(AlertDefinitions.Facts facts) {
  static final AlertParameter WORKSPACE =
      new AlertParameter(
          "SlackWorkspaceId", "Such as T012ABCDEFG; authorise it once in the console");
  static final AlertParameter CHANNEL = new AlertParameter("SlackChannelId", "Such as C012ABCDEFG");
  static final AlertParameter TRAIL =
      new AlertParameter("TrailLogGroup", "The log group that the trail delivers to");

  /** The parameters of the template, which all need a value. */
  static final List<AlertParameter> PARAMETERS = List.of(WORKSPACE, CHANNEL, TRAIL);

  /** The only state in which a rule receives events of reads. */
  static final String ENABLED = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

  /** The number of ranges that fit into a rule's pattern beside the rest. */
  private static final int RANGES = 24;

  /** An end at midnight would belong to the next day, which may be a holiday. */
  private static final LocalTime LAST = LocalTime.of(23, 59);

  private static final Pattern ROLE =
      Pattern.compile("arn:([^:]*):iam::([^:]*):role/(?:.*/)?([^/]+)");

  /**
   * A rule on events.
   *
   * @param why how the secret was read
   * @param pattern the events that it fires on
   */
  record Rule(String name, String why, Map<String, Object> pattern) {}

  /**
   * A schedule that disables the rule on working hours or enables it, because a pattern cannot test
   * the hour.
   *
   * @param when an expression of the scheduler, in the team's time zone
   * @param action a method of EventBridge
   * @param input its arguments
   */
  record Schedule(String name, String when, String action, Map<String, String> input) {}

  static String template(AlertDefinitions.Facts facts) {
    return Templates.quoted(
        out -> JteCloudFormationGenerated.render(out, null, new AwsAlerts(facts)));
  }

  List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    rules.add(by("UnknownPrincipal", "by an unknown principal", others(facts.principals())));
    rules.addAll(unknownAddresses());
    List<?> fromCi = forms(facts.of(Role.CI)).stream().map(AwsAlerts::wildcard).toList();
    if (!fromCi.isEmpty()) { // else AWS refuses the pattern, and with it the whole stack
      rules.add(by("FromCi", "from CI: is a deployment running?", fromCi));
    }
    if (facts.rules().knowsHours()) {
      rules.add(outsideHours());
    }
    return rules;
  }

  private Rule outsideHours() {
    return by("OutsideHours", "outside working hours", others(facts.of(Role.SERVICE)));
  }

  private List<Rule> unknownAddresses() {
    List<Rule> rules = new ArrayList<>();
    List<NetworkRange> known = facts.rules().addresses();
    // No pattern says "in none of these ranges", so the rules name all other ranges.
    List<?> others =
        known.isEmpty()
            ? List.of()
            : NetworkRange.others(known).stream()
                .map(range -> Map.of("cidr", range.toString()))
                .toList();
    for (int from = 0; from < others.size(); from += RANGES) {
      List<?> part = others.subList(from, Math.min(from + RANGES, others.size()));
      String name = "UnknownAddress" + (from / RANGES + 1);
      rules.add(rule(name, "from an unknown address", "sourceIPAddress", part));
    }
    return rules;
  }

  private Rule by(String name, String why, List<?> readers) {
    return rule(name, why, "userIdentity", Map.of("arn", readers));
  }

  private Rule rule(String name, String why, String key, Object condition) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("eventSource", List.of("secretsmanager.amazonaws.com"));
    detail.put("eventName", List.of("GetSecretValue"));
    detail.put("requestParameters", Map.of("secretId", names()));
    detail.put(key, condition);
    Map<String, Object> pattern = new LinkedHashMap<>();
    pattern.put("source", List.of("aws.secretsmanager"));
    pattern.put("detail-type", List.of("AWS API Call via CloudTrail"));
    pattern.put("detail", detail);
    return new Rule(name, why, pattern);
  }

  /** A request names a secret by its name or by its ARN. */
  private List<?> names() {
    String prefix = facts.environment().prefix();
    String region = facts.fact("aws", "region", "*");
    String account = facts.fact("aws", "account", "*");
    String arn = "arn:*:secretsmanager:" + region + ":" + account + ":secret:" + prefix + "*";
    return List.of(wildcard(prefix + "*"), wildcard(arn));
  }

  private static Map<String, ?> wildcard(Object forms) {
    return Map.of("wildcard", forms);
  }

  private static List<?> others(List<String> principals) {
    List<String> forms = forms(principals);
    // A reader from another account has no ARN in the events of this one.
    return List.of(
        forms.isEmpty() ? Map.of("exists", true) : Map.of("anything-but", wildcard(forms)),
        Map.of("exists", false));
  }

  /** Returns the name of a principal in an event, which for a role is that of its sessions. */
  private static List<String> forms(List<String> principals) {
    List<String> forms = new ArrayList<>();
    for (String principal : principals) {
      Matcher role = ROLE.matcher(principal);
      if (role.matches()) {
        forms.add(role.replaceFirst("arn:$1:sts::$2:assumed-role/$3/*"));
      } else if (principal.startsWith("arn:")) {
        forms.add(principal);
      }
    }
    return forms;
  }

  /** On a holiday the rule is enabled again one minute after work would begin. */
  List<Schedule> schedules() {
    LocalTime begin = facts.hours().from();
    LocalTime end = facts.hours().to().equals(LocalTime.MIDNIGHT) ? LAST : facts.hours().to();
    Rule rule = outsideHours();
    String name = facts.title() + "-" + rule.name();
    // EnableRule would not include reads.
    Map<String, String> on = new LinkedHashMap<>();
    on.put("Name", name);
    on.put("Description", "A secret was read " + rule.why());
    on.put("EventPattern", Json.write(rule.pattern()));
    on.put("State", ENABLED);
    List<Schedule> schedules = new ArrayList<>();
    schedules.add(new Schedule("WorkBegins", cron(begin), "disableRule", Map.of("Name", name)));
    schedules.add(new Schedule("WorkEnds", cron(end), "putRule", on));
    int number = 0;
    for (LocalDate holiday : facts.holidays()) {
      if (!holiday.isBefore(facts.today())) {
        String at = "at(" + holiday.atTime(begin).plusMinutes(1).withSecond(0) + ":00)";
        schedules.add(new Schedule("Holiday" + ++number, at, "putRule", on));
      }
    }
    return schedules;
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
}
