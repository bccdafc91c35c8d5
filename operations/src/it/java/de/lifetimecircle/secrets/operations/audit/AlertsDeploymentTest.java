package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testservers.AwsServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The template for CloudFormation on moto, which knows the topic, the roles and the rules of
 * EventBridge, and leaves out the rest.
 */
class AlertsDeploymentTest {
  private static final String TEMPLATE =
      AlertDefinitions.files(
              Inventory.parse(InventoryText.example(), "example"),
              "",
              "aws",
              LocalDate.of(2026, 11, 25))
          .getOrDefault("cloudformation.json", "");

  /** What moto 5.2.5 does not make. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "AWS::Chatbot::SlackChannelConfiguration",
          "AWS::CloudWatch::Alarm",
          "AWS::Logs::MetricFilter",
          "AWS::SNS::TopicPolicy",
          "AWS::Scheduler::Schedule");

  @TempDir Path folder;

  private static Map<?, ?> resources() {
    return Json.object((Map<?, ?>) Json.parse(TEMPLATE), "Resources");
  }

  private static String call(AwsServer server, String service, String target, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri())
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20261125/eu-central-1/"
                    + service
                    + "/aws4_request, SignedHeaders=host, Signature=0")
            .header(
                "Content-Type",
                target.isEmpty()
                    ? "application/x-www-form-urlencoded"
                    : "application/x-amz-json-1.1")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!target.isEmpty()) {
      request.header("X-Amz-Target", target);
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static String formation(AwsServer server, String action, Map<String, String> more)
      throws IOException, InterruptedException {
    Map<String, String> form = new LinkedHashMap<>(Map.of("Action", action));
    form.put("Version", "2010-05-15");
    form.put("StackName", "alerts");
    form.putAll(more);
    String body =
        form.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return call(server, "cloudformation", "", body);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void motoMakesTheTopicTheRolesAndTheRules() throws IOException, InterruptedException {
    Map<String, String> stack = new LinkedHashMap<>();
    stack.put("TemplateBody", TEMPLATE);
    stack.put("Capabilities.member.1", "CAPABILITY_IAM");
    int next = 0;
    for (String each : new String[] {"SlackWorkspaceId", "SlackChannelId", "TrailLogGroup"}) {
      stack.put("Parameters.member." + ++next + ".ParameterKey", each);
      stack.put("Parameters.member." + next + ".ParameterValue", "T012ABCDEFG");
    }
    try (AwsServer server = AwsServer.start(AwsServer.Program.MOTO, folder)) {
      formation(server, "CreateStack", stack);
      String made = formation(server, "DescribeStackResources", Map.of());
      assertThat(types(made)).isEqualTo(expectedTypes());
      assertThat(made).contains("arn:aws:sns:eu-central-1:").doesNotContain("FAILED");
      assertRules(server);
    }
  }

  private static Set<String> types(String answer) {
    return Pattern.compile("<ResourceType>(AWS::[^<]+)</ResourceType>")
        .matcher(answer)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> expectedTypes() {
    Set<String> types = new TreeSet<>();
    resources().values().forEach(each -> types.add(Json.text((Map<?, ?>) each, "Type")));
    assertThat(types).containsAll(LEFT_OUT);
    types.removeAll(LEFT_OUT);
    return types;
  }

  /** Each rule has the pattern of the template, and sends to the topic. */
  private static void assertRules(AwsServer server) throws IOException, InterruptedException {
    Map<?, ?> listed = (Map<?, ?>) Json.parse(call(server, "events", "AWSEvents.ListRules", "{}"));
    Map<String, Object> patterns = new LinkedHashMap<>();
    for (Object each : (Iterable<?>) listed.get("Rules")) {
      Map<?, ?> rule = (Map<?, ?>) each;
      String name = Json.text(rule, "Name");
      patterns.put(name, Json.parse(Json.text(rule, "EventPattern")));
      String targets =
          call(server, "events", "AWSEvents.ListTargetsByRule", Json.write(Map.of("Rule", name)));
      assertThat(targets).as(name).contains("arn:aws:sns:eu-central-1:");
    }
    Map<String, Object> wanted = new LinkedHashMap<>();
    for (Object each : resources().values()) {
      Map<?, ?> resource = (Map<?, ?>) each;
      if (Json.text(resource, "Type").equals("AWS::Events::Rule")) {
        Map<?, ?> properties = Json.object(resource, "Properties");
        wanted.put(Json.text(properties, "Name"), Json.object(properties, "EventPattern"));
      }
    }
    assertThat(patterns).hasSizeGreaterThan(4).containsExactlyInAnyOrderEntriesOf(wanted);
  }
}
