package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Json;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertDefinitionsTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 12, 28);

  private static Map<String, String> files(String inventory, String backend) {
    return AlertDefinitions.files(Inventory.parse(inventory, "secrets.yaml"), "", backend, TODAY);
  }

  private static String only(String backend) {
    return files(InventoryText.example(), backend).values().iterator().next();
  }

  private static Map<?, ?> document(String backend) {
    return (Map<?, ?>) Objects.requireNonNull(Json.parse(only(backend)));
  }

  private static Object at(Object document, String... path) {
    return Objects.requireNonNull(JsonFact.at(document, path), String.join(".", path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure", "vault"})
  void holdNoWebhook(String backend) {
    files(InventoryText.example(), backend)
        .forEach((name, text) -> assertThat(text).as(name).doesNotContain("hooks.slack.com"));
  }

  @Test
  void onAwsARoleIsKnownByItsSessions() {
    Object unknown = at(document("aws"), "Resources", "UnknownPrincipal", "Properties");
    assertThat(at(unknown, "State")).isEqualTo("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
    assertThat(at(unknown, "EventPattern", "detail", "userIdentity", "arn"))
        .isEqualTo(
            List.of(
                Map.of(
                    "anything-but",
                    Map.of(
                        "wildcard",
                        List.of(
                            "arn:aws:sts::123456789012:assumed-role/lifetimecircle/*",
                            "arn:aws:sts::123456789012:assumed-role/lifetimecircle-ci/*"))),
                Map.of("exists", false)));
    assertThat(at(unknown, "EventPattern", "detail", "requestParameters", "secretId"))
        .isEqualTo(
            List.of(
                Map.of("wildcard", "prod/*"),
                Map.of(
                    "wildcard", "arn:*:secretsmanager:eu-central-1:123456789012:secret:prod/*")));
  }

  /** AWS accepts no pattern with an empty list, and takes back the whole stack then. */
  @Test
  void onAwsCiWithoutAnArnHasNoRuleOfItsOwn() {
    String arn = ", \"arn:aws:iam::123456789012:role/lifetimecircle-ci\"";
    assertThat(InventoryText.example()).contains(arn);
    String text = files(InventoryText.example().replace(arn, ""), "aws").values().iterator().next();
    Map<?, ?> resources = (Map<?, ?>) at(Objects.requireNonNull(Json.parse(text)), "Resources");
    assertThat(resources.keySet().stream().map(String::valueOf))
        .contains("UnknownPrincipal")
        .doesNotContain("FromCi");
    assertThat(text.replaceAll("\\s", "")).doesNotContain("[]");
  }

  @Test
  void onAwsEachPatternHasRoom() {
    Map<?, ?> resources = (Map<?, ?>) at(document("aws"), "Resources");
    assertThat(resources.keySet().stream().map(String::valueOf))
        .contains("UnknownAddress1", "UnknownAddress2", "FromCi", "OutsideHours", "RefusedReads");
    resources
        .values()
        .forEach(
            resource -> {
              Object pattern = JsonFact.at(resource, "Properties", "EventPattern");
              // The usual quota of EventBridge; 4,096 at most (API_Rule, read 2026-11-25).
              assertThat(pattern == null ? "" : Json.write(pattern)).hasSizeLessThan(2048);
            });
  }

  @Test
  void onAwsTheRuleFollowsTheWorkingHours() {
    Map<?, ?> resources = (Map<?, ?>) at(document("aws"), "Resources");
    assertThat(at(resources, "WorkBegins", "Properties", "ScheduleExpression"))
        .isEqualTo("cron(0 8 ? * MON,TUE,WED,THU,FRI *)");
    assertThat(at(resources, "WorkEnds", "Properties", "ScheduleExpression"))
        .isEqualTo("cron(0 18 ? * MON,TUE,WED,THU,FRI *)");
    assertThat(at(resources, "WorkEnds", "Properties", "ScheduleExpressionTimezone"))
        .isEqualTo("Europe/Berlin");
    assertThat(at(resources, "Holiday1", "Properties", "ScheduleExpression"))
        .as("Christmas is over")
        .isEqualTo("at(2027-01-01T08:01:00)");
    assertThat(resources.containsKey("Holiday2")).isFalse();
    Map<?, ?> input =
        (Map<?, ?>)
            Json.parse(JsonFact.text(resources, "WorkEnds", "Properties", "Target", "Input"));
    Object rule = at(resources, "OutsideHours", "Properties");
    assertThat(input).isNotNull();
    assertThat(at(input, "Name")).isEqualTo(at(rule, "Name"));
    assertThat(at(input, "State")).isEqualTo(at(rule, "State"));
    assertThat(Json.parse(JsonFact.text(input, "EventPattern")))
        .isEqualTo(at(rule, "EventPattern"));
  }

  @Test
  void onAzureTheQueriesSayWhatTheInventorySays() {
    String text = only("azure");
    assertThat(text)
        .contains("Secret startswith 'prod-s'")
        .contains("datetime_utc_to_local(TimeGenerated, 'Europe/Berlin')")
        .contains("dayofweek(Local) in (1d, 2d, 3d, 4d, 5d)")
        .contains("Local >= startofday(Local) + 480m and Local < startofday(Local) + 1080m")
        .contains("format_datetime(Local, 'yyyy-MM-dd') !in ('2026-12-25', '2027-01-01')")
        .contains("ipv4_is_in_any_range(Address, dynamic(['10.0.0.0/8']))")
        .contains("ipv6_is_in_any_range(Address, dynamic(['2001:db8::/32']))")
        .contains("userpass-.*");
  }

  @Test
  void forOpenBaoThereAreThreeFiles() {
    Map<String, String> files = files(InventoryText.example(), "vault");
    assertThat(files.keySet())
        .containsExactly("loki-rules.yaml", "prometheus-rules.yaml", "alertmanager.yaml");
    assertThat(files.get("loki-rules.yaml"))
        .contains("path=~\\\"secret/(data/)?prod/.*\\\"")
        .contains("role=\\\"auth.metadata.role_name\\\", role2=\\\"auth.metadata.role\\\"")
        .contains("{{if .role}}/{{.role}}{{else if .role2}}/{{.role2}}{{end}}")
        .contains("address!=ip(\\\"10.0.0.0/8\\\")")
        .contains("SecretReadByFirstReader");
    assertThat(files.get("prometheus-rules.yaml"))
        .as("a deployment that died does not silence reads from CI for ever")
        .containsPattern("alert: \"SecretsDeploymentNotEnded\"\\s+expr: .*\\s+for: \"1h\"");
    assertThat(files.get("alertmanager.yaml"))
        .contains("api_url_file")
        .contains("location: \"Europe/Berlin\"")
        .contains("weekdays: [\"saturday\",\"sunday\"]")
        .contains("days_of_month: [\"25\"]");
  }

  @Test
  void withoutHoursNothingAsksForThem() {
    String inventory =
        InventoryText.example().replaceAll("(?m)^  (working-hours|days|holidays): .*\n", "");
    assertThat(files(inventory, "aws").toString()).doesNotContain("OutsideHours");
    assertThat(files(inventory, "azure").toString()).doesNotContain("OutsideHours");
    assertThat(files(inventory, "vault").toString()).doesNotContain("time_intervals");
  }

  @Test
  void whatCannotBeWrittenIsAnError() {
    assertThatThrownBy(() -> files(InventoryText.example(), "gpg"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.UNSUPPORTED))
        .hasMessageContaining("it keeps no log that a system could watch");
    String nobody =
        InventoryText.example().replaceAll("(?ms)^  principals:.*?(?=^# Programs)", "\n");
    assertThatThrownBy(() -> files(nobody, "aws"))
        .hasMessageContaining("the inventory has no audit.principals");
  }
}
