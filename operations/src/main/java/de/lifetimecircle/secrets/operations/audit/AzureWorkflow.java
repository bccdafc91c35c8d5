package de.lifetimecircle.secrets.operations.audit;

import static de.lifetimecircle.secrets.operations.audit.OrderedMaps.map;

import java.util.List;
import java.util.Map;

/**
 * Writes the workflow (Logic App) that posts the findings of an Azure rule to Slack. It reads the
 * webhook from the vault each time; the history of its runs shows neither the webhook nor the post.
 * Stateless.
 */
final class AzureWorkflow {
  private static final String SCHEMA =
      "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
          + "workflowdefinition.json#";
  private static final String ALERT = "triggerBody()?['data']?";
  private static final Object SECURE =
      Map.of("secureData", Map.of("properties", List.of("inputs", "outputs")));

  private AzureWorkflow() {}

  static Map<String, Object> properties() {
    return map(
        "state",
        "Enabled",
        "definition",
        map(
            "$schema",
            SCHEMA,
            "contentVersion",
            "1.0.0.0",
            "triggers",
            map("manual", trigger()),
            "actions",
            map("Webhook", webhook(), "Slack", post())));
  }

  private static Map<String, Object> trigger() {
    return map("type", "Request", "kind", "Http", "inputs", Map.of("schema", Map.of()));
  }

  private static Map<String, Object> webhook() {
    String address =
        "[concat('https://', parameters('vaultName'), environment().suffixes.keyvaultDns,"
            + " '/secrets/', parameters('webhookSecret'), '?api-version=7.4')]";
    Object login = map("type", "ManagedServiceIdentity", "audience", "https://vault.azure.net");
    return map(
        "type",
        "Http",
        "inputs",
        map("method", "GET", "uri", address, "authentication", login),
        "runtimeConfiguration",
        SECURE,
        "runAfter",
        Map.of());
  }

  private static Map<String, Object> post() {
    String text =
        "@{"
            + ALERT
            + "['essentials']?['description']} (@{"
            + ALERT
            + "['essentials']?['firedDateTime']}): @{"
            + ALERT
            + "['alertContext']?['condition']?['allOf']?[0]?['dimensions']}";
    return map(
        "type",
        "Http",
        "inputs",
        map(
            "method",
            "POST",
            "uri",
            "@{body('Webhook')?['value']}",
            "headers",
            Map.of("Content-Type", "application/json"),
            "body",
            map("text", text)),
        "runtimeConfiguration",
        SECURE,
        "runAfter",
        map("Webhook", List.of("Succeeded")));
  }
}
