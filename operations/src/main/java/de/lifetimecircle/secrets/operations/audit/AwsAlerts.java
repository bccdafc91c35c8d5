package de.lifetimecircle.secrets.operations.audit;

import static de.lifetimecircle.secrets.operations.audit.OrderedMaps.map;
import static de.lifetimecircle.secrets.operations.audit.OrderedMaps.typed;

import de.lifetimecircle.secrets.operations.files.PrettyJson;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.NetworkRange;
import de.lifetimecircle.secrets.spi.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a CloudFormation template: EventBridge rules on CloudTrail events, an alarm on refused
 * reads, and a topic that Amazon Q Developer in chat applications (formerly Chatbot) forwards to
 * Slack. It needs no webhook: a person authorises the workspace once. Stateless.
 */
final class AwsAlerts {
  /** The number of ranges that fit into a rule's pattern beside the rest. */
  private static final int RANGES = 24;

  private static final Pattern ROLE =
      Pattern.compile("arn:([^:]*):iam::([^:]*):role/(?:.*/)?([^/]+)");

  private final AlertDefinitions.Facts facts;
  private final Map<String, Object> resources = new LinkedHashMap<>();

  private AwsAlerts(AlertDefinitions.Facts facts) {
    this.facts = facts;
  }

  static String template(AlertDefinitions.Facts facts) {
    return new AwsAlerts(facts).template();
  }

  private String template() {
    resources.put("Topic", resource("SNS::Topic", Map.of("TopicName", facts.title() + "-secrets")));
    topicPolicy();
    slack();
    rule("UnknownPrincipal", "by an unknown principal", who(others(facts.principals())));
    unknownAddresses();
    if (!facts.of(Role.CI).isEmpty()) {
      rule("FromCi", "from CI: is a deployment running?", who(wildcards(facts.of(Role.CI))));
    }
    if (facts.rules().knowsHours()) {
      Object detail = who(others(facts.of(Role.SERVICE)));
      Map<String, Object> rule = rule("OutsideHours", "outside working hours", detail);
      resources.putAll(AwsSchedules.resources(facts, rule));
    }
    refused();
    return PrettyJson.write(
        map(
            "AWSTemplateFormatVersion",
            "2010-09-09",
            "Description",
            "Reports reads of secrets to Slack that the inventory does not expect",
            "Parameters",
            parameters(),
            "Resources",
            resources));
  }

  static Map<String, Object> resource(String type, Map<String, ?> properties) {
    return map("Type", "AWS::" + type, "Properties", properties);
  }

  static Object ref(String name) {
    return Map.of("Ref", name);
  }

  static Object attribute(String name, String attribute) {
    return Map.of("Fn::GetAtt", List.of(name, attribute));
  }

  static Object trust(String service) {
    return map(
        "Version",
        "2012-10-17",
        "Statement",
        List.of(
            map(
                "Effect",
                "Allow",
                "Principal",
                Map.of("Service", service),
                "Action",
                "sts:AssumeRole",
                "Condition",
                Map.of("StringEquals", Map.of("aws:SourceAccount", ref("AWS::AccountId"))))));
  }

  private static Map<String, Object> parameters() {
    return map(
        "SlackWorkspaceId",
        map(
            "Type",
            "String",
            "AllowedPattern",
            "[0-9A-Z]{1,255}",
            "Description",
            "Such as T012ABCDEFG; authorise it once in the console"),
        "SlackChannelId",
        map(
            "Type",
            "String",
            "AllowedPattern",
            "[A-Za-z0-9]{1,255}",
            "Description",
            "Such as C012ABCDEFG"),
        "TrailLogGroup",
        map("Type", "String", "Description", "The log group that the trail delivers to"));
  }

  private void topicPolicy() {
    Object rules =
        Map.of(
            "Fn::Sub",
            "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/"
                + facts.title()
                + "-*");
    resources.put(
        "TopicPolicy",
        resource(
            "SNS::TopicPolicy",
            map(
                "Topics", List.of(ref("Topic")),
                "PolicyDocument",
                    map(
                        "Version",
                        "2012-10-17",
                        "Statement",
                        List.of(
                            publish("events", "ArnLike", "aws:SourceArn", rules),
                            publish(
                                "cloudwatch",
                                "StringEquals",
                                "aws:SourceAccount",
                                ref("AWS::AccountId")))))));
  }

  private static Object publish(String service, String test, String key, Object value) {
    return map(
        "Effect", "Allow",
        "Principal", Map.of("Service", service + ".amazonaws.com"),
        "Action", "sns:Publish",
        "Resource", ref("Topic"),
        "Condition", Map.of(test, Map.of(key, value)));
  }

  /** A role without any permission: the channel receives messages and cannot run commands. */
  private void slack() {
    resources.put(
        "SlackRole",
        resource("IAM::Role", map("AssumeRolePolicyDocument", trust("chatbot.amazonaws.com"))));
    resources.put(
        "Slack",
        resource(
            "Chatbot::SlackChannelConfiguration",
            map(
                "ConfigurationName", facts.title() + "-secrets",
                "SlackWorkspaceId", ref("SlackWorkspaceId"),
                "SlackChannelId", ref("SlackChannelId"),
                "IamRoleArn", attribute("SlackRole", "Arn"),
                "GuardrailPolicies",
                    List.of(Map.of("Fn::Sub", "arn:${AWS::Partition}:iam::aws:policy/AWSDenyAll")),
                "SnsTopicArns", List.of(ref("Topic")))));
  }

  private static Map<String, Object> who(Object arn) {
    return map("userIdentity", Map.of("arn", arn));
  }

  private void unknownAddresses() {
    List<NetworkRange> known = facts.rules().addresses();
    if (known.isEmpty()) {
      return;
    }
    // No pattern says "in none of these ranges", so the rules name all other ranges.
    List<Object> ranges = new ArrayList<>();
    NetworkRange.others(known).forEach(range -> ranges.add(Map.of("cidr", range.toString())));
    for (int from = 0; from < ranges.size(); from += RANGES) {
      List<Object> part = ranges.subList(from, Math.min(from + RANGES, ranges.size()));
      rule(
          "UnknownAddress" + (from / RANGES + 1),
          "from an unknown address",
          map("sourceIPAddress", List.copyOf(part)));
    }
  }

  private static List<Object> others(List<String> principals) {
    List<String> forms = forms(principals);
    return forms.isEmpty()
        ? List.of(Map.of("exists", true))
        : List.of(Map.of("anything-but", Map.of("wildcard", forms)));
  }

  private static List<Object> wildcards(List<String> principals) {
    return forms(principals).stream().map(form -> (Object) Map.of("wildcard", form)).toList();
  }

  /** Returns the name of a principal in an event, which for a role is that of its sessions. */
  private static List<String> forms(List<String> principals) {
    List<String> forms = new ArrayList<>();
    for (String principal : principals) {
      Matcher role = ROLE.matcher(principal);
      if (role.matches()) {
        forms.add(
            "arn:"
                + role.group(1)
                + ":sts::"
                + role.group(2)
                + ":assumed-role/"
                + role.group(3)
                + "/*");
      } else if (principal.startsWith("arn:")) {
        forms.add(principal);
      }
    }
    return forms;
  }

  private Map<String, Object> rule(String name, String why, Object detail) {
    Map<String, Object> event =
        map(
            "eventSource", List.of("secretsmanager.amazonaws.com"),
            "eventName", List.of("GetSecretValue"),
            "requestParameters", Map.of("secretId", names()));
    event.putAll(typed(detail));
    Map<String, Object> rule =
        map(
            "Name",
            facts.title() + "-" + name,
            "Description",
            "A secret was read " + why,
            // Only in this state a rule receives events of reads.
            "State",
            "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            "EventPattern",
            map(
                "source", List.of("aws.secretsmanager"),
                "detail-type", List.of("AWS API Call via CloudTrail"),
                "detail", event),
            "Targets",
            List.of(target(why)));
    resources.put(name, resource("Events::Rule", rule));
    return rule;
  }

  /** A request names a secret by its name or by its ARN. */
  private List<Object> names() {
    String prefix = facts.environment().prefix();
    String region = facts.fact("aws", "region", "*");
    String account = facts.fact("aws", "account", "*");
    String arn = "arn:*:secretsmanager:" + region + ":" + account + ":secret:" + prefix + "*";
    return List.of(Map.of("wildcard", prefix + "*"), Map.of("wildcard", arn));
  }

  private static Object target(String why) {
    String text =
        Json.write(
            map(
                "version", "1.0",
                "source", "custom",
                "content",
                    map(
                        "textType", "client-markdown",
                        "title", "A secret was read " + why,
                        "description", "<who> read <what> at <when> from <from>")));
    return map(
        "Id", "slack",
        "Arn", ref("Topic"),
        "InputTransformer",
            map(
                "InputPathsMap",
                map(
                    "who", "$.detail.userIdentity.arn",
                    "what", "$.detail.requestParameters.secretId",
                    "when", "$.detail.eventTime",
                    "from", "$.detail.sourceIPAddress"),
                "InputTemplate",
                text));
  }

  private void refused() {
    String metric = facts.title() + "-refused";
    resources.put(
        "RefusedReads",
        resource(
            "Logs::MetricFilter",
            map(
                "LogGroupName",
                ref("TrailLogGroup"),
                "FilterPattern",
                "{ ($.eventSource = \"secretsmanager.amazonaws.com\")"
                    + " && ($.errorCode = \"AccessDenied*\") }",
                "MetricTransformations",
                List.of(
                    map("MetricName", metric, "MetricNamespace", "Secrets", "MetricValue", "1")))));
    resources.put("RefusedReadsAlarm", alarm(metric));
  }

  private static Map<String, Object> alarm(String metric) {
    return resource(
        "CloudWatch::Alarm",
        map(
            "AlarmDescription",
            "Somebody asked for a secret and was refused",
            "Namespace",
            "Secrets",
            "MetricName",
            metric,
            "Statistic",
            "Sum",
            "Period",
            300,
            "EvaluationPeriods",
            1,
            "Threshold",
            0,
            "ComparisonOperator",
            "GreaterThanThreshold",
            "TreatMissingData",
            "notBreaching",
            "AlarmActions",
            List.of(ref("Topic"))));
  }
}
