package de.lifetimecircle.secrets.operations.audit;

import static de.lifetimecircle.secrets.operations.audit.OrderedMaps.map;

import de.lifetimecircle.secrets.operations.files.PrettyJson;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a template for Azure Resource Manager: rules that search the audit events of a key vault
 * every five minutes, and a workflow that posts their findings to Slack. The webhook stays a secret
 * of the vault; the workflow reads it with its own identity. Stateless.
 */
final class AzureAlerts {
  private static final String SCHEMA =
      "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

  /** How often a rule runs, and how far back it searches. */
  private static final String WINDOW = "PT5M";

  private final AlertDefinitions.Facts facts;
  private final AzureQueries queries;
  private final List<Object> resources = new ArrayList<>();

  private AzureAlerts(AlertDefinitions.Facts facts) {
    this.facts = facts;
    this.queries = new AzureQueries(facts);
  }

  static String template(AlertDefinitions.Facts facts) {
    return new AzureAlerts(facts).template();
  }

  private String template() {
    resources.add(workflow());
    resources.add(actionGroup());
    rule("UnknownPrincipal", "by an unknown principal", queries.unknownPrincipal(), WINDOW);
    if (!facts.rules().addresses().isEmpty()) {
      rule("UnknownAddress", "from an unknown address", queries.unknownAddress(), WINDOW);
    }
    if (facts.rules().knowsHours()) {
      rule("OutsideHours", "outside working hours", queries.outsideHours(), WINDOW);
    }
    if (!facts.of(Role.CI).isEmpty()) {
      rule("FromCi", "from CI: is a deployment running?", queries.fromCi(), WINDOW);
    }
    rule("FirstReader", "by one who had not for two days", queries.firstReader(), "P2D");
    rule("Refused", "and refused", queries.refused(), WINDOW);
    return PrettyJson.write(
        map(
            "$schema",
            SCHEMA,
            "contentVersion",
            "1.0.0.0",
            "parameters",
            parameters(),
            "variables",
            Map.of("workflow", facts.title() + "-secrets-to-slack"),
            "resources",
            resources,
            "outputs",
            map(
                "readerOfTheWebhook",
                map(
                    "type",
                    "string",
                    "value",
                    "[reference(resourceId('Microsoft.Logic/workflows', variables('workflow')),"
                        + " '2019-05-01', 'full').identity.principalId]"))));
  }

  private Map<String, Object> parameters() {
    String vault = facts.fact("azure", "vault", "");
    Map<String, Object> name = map("type", "string");
    if (!vault.isEmpty()) {
      name.put("defaultValue", vault);
    }
    return map(
        "workspaceId",
        map(
            "type",
            "string",
            "metadata",
            Map.of(
                "description",
                "The Log Analytics workspace with AZKVAuditLogs, by its resource id")),
        "vaultName",
        name,
        "webhookSecret",
        map(
            "type",
            "string",
            "defaultValue",
            "slack-webhook",
            "metadata",
            Map.of("description", "The secret of the vault that holds Slack's webhook")),
        "location",
        map("type", "string", "defaultValue", "[resourceGroup().location]"));
  }

  private Map<String, Object> resource(
      String type, String version, String name, Map<String, Object> properties) {
    return map(
        "type", type,
        "apiVersion", version,
        "name", name,
        "location", "[parameters('location')]",
        "properties", properties);
  }

  private Map<String, Object> workflow() {
    Map<String, Object> workflow =
        resource(
            "Microsoft.Logic/workflows",
            "2019-05-01",
            "[variables('workflow')]",
            AzureWorkflow.properties());
    workflow.put("identity", Map.of("type", "SystemAssigned"));
    return workflow;
  }

  private Map<String, Object> actionGroup() {
    String id = "resourceId('Microsoft.Logic/workflows', variables('workflow'))";
    Map<String, Object> group =
        resource(
            "Microsoft.Insights/actionGroups",
            "2023-01-01",
            facts.title() + "-secrets",
            map(
                "groupShortName",
                "secrets",
                "enabled",
                true,
                "logicAppReceivers",
                List.of(
                    map(
                        "name",
                        "slack",
                        "resourceId",
                        "[" + id + "]",
                        "callbackUrl",
                        "[listCallbackUrl(concat("
                            + id
                            + ", '/triggers/manual'), '2019-05-01').value]",
                        "useCommonAlertSchema",
                        true))));
    group.put("location", "Global");
    group.put("dependsOn", List.of("[" + id + "]"));
    return group;
  }

  private void rule(String name, String why, String query, String range) {
    String group = "resourceId('Microsoft.Insights/actionGroups', '" + facts.title() + "-secrets')";
    Map<String, Object> properties =
        map(
            "displayName",
            "A secret was read " + why,
            "description",
            "A secret was read " + why,
            "severity",
            2,
            "enabled",
            true,
            "evaluationFrequency",
            WINDOW,
            "windowSize",
            WINDOW,
            "scopes",
            List.of("[parameters('workspaceId')]"),
            "criteria",
            map("allOf", List.of(criterion(query))),
            "autoMitigate",
            false,
            "actions",
            map("actionGroups", List.of("[" + group + "]")));
    if (!range.equals(WINDOW)) { // the query itself limits the time that it judges
      properties.put("overrideQueryTimeRange", range);
    }
    String title = facts.title() + "-" + name;
    Map<String, Object> rule =
        resource("Microsoft.Insights/scheduledQueryRules", "2022-06-15", title, properties);
    rule.put("dependsOn", List.of("[" + group + "]"));
    resources.add(rule);
  }

  private static Map<String, Object> criterion(String query) {
    List<Object> dimensions = new ArrayList<>();
    for (String column : AzureQueries.COLUMNS) {
      dimensions.add(map("name", column, "operator", "Include", "values", List.of("*")));
    }
    return map(
        "query",
        query,
        "timeAggregation",
        "Count",
        "dimensions",
        dimensions,
        "operator",
        "GreaterThan",
        "threshold",
        0,
        "failingPeriods",
        map("numberOfEvaluationPeriods", 1, "minFailingPeriodsToAlert", 1));
  }
}
