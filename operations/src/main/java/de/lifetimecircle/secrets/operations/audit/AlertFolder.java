package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.spi.Json;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a folder with the alert definitions, the script that deploys them, and a page that names
 * what the script needs. Does not call the backend. Stateless.
 */
public final class AlertFolder {
  /** The script that deploys the definitions. */
  public static final String SCRIPT = "attach.sh";

  private AlertFolder() {}

  /**
   * Returns the files by name.
   *
   * @param environment its name; empty if the inventory has only one
   * @param backend one of {@link AlertDefinitions#BACKENDS}
   * @param today holidays before it are left out
   * @throws SecretException as {@link AlertDefinitions#files}
   */
  public static Map<String, String> files(
      Inventory inventory, String environment, String backend, LocalDate today) {
    ServiceEnvironment where = inventory.environment(environment);
    Map<String, String> files =
        new LinkedHashMap<>(AlertDefinitions.files(inventory, where.name(), backend, today));
    String name =
        inventory.service().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-")
            + "-"
            + where.name()
            + "-secret-alerts";
    Map<String, String> needed = new TreeMap<>();
    String script =
        switch (backend) {
          case "aws" -> aws(name, files.getOrDefault("cloudformation.json", "{}"), needed);
          case "azure" ->
              azure(
                  where.backends().getOrDefault(backend, Map.of()),
                  name,
                  files.getOrDefault("arm.json", "{}"),
                  needed);
          default -> vault(needed);
        };
    files.put(SCRIPT, script);
    files.put("README.md", page(inventory.service(), where.name(), backend, needed));
    return files;
  }

  private static String aws(String stack, String template, Map<String, String> needed) {
    Map<String, String> variables = parameters(template, "Parameters", "Default", needed);
    StringBuilder script = begin("service of AWS", variables);
    script.append(
        String.format(
            Locale.ROOT,
            """
            aws cloudformation deploy --stack-name %s --template-file cloudformation.json \\
              --capabilities CAPABILITY_IAM --parameter-overrides""",
            stack));
    variables.forEach((key, variable) -> script.append(override(key, variable)));
    return script.append('\n').toString();
  }

  private static String azure(
      Map<String, String> facts, String name, String template, Map<String, String> needed) {
    Map<String, String> variables = parameters(template, "parameters", "defaultValue", needed);
    StringBuilder script = begin("service of Azure", variables);
    String group = facts.getOrDefault("resource-group", "");
    if (group.isEmpty()) {
      script.append(": \"${RESOURCE_GROUP:?}\"\n");
      needed.put("RESOURCE_GROUP", "The resource group of the vault");
    } else {
      script.append("RESOURCE_GROUP=").append(group).append('\n');
    }
    script.append(
        String.format(
            Locale.ROOT,
            """
            az deployment group create --name %s --resource-group "$RESOURCE_GROUP" \\
              --template-file arm.json --parameters""",
            name));
    variables.forEach((key, variable) -> script.append(override(key, variable)));
    return script.append('\n').toString();
  }

  private static String vault(Map<String, String> needed) {
    needed.put("LOKI_RULES", "The folder of Loki's ruler for this tenant");
    needed.put("PROMETHEUS_RULES", "A folder of Prometheus' rule_files");
    needed.put("ALERTMANAGER_CONFIG", "The file that Alertmanager reads; it is replaced");
    return begin("server", Map.of())
        + """
        : "${LOKI_RULES:?}" "${PROMETHEUS_RULES:?}" "${ALERTMANAGER_CONFIG:?}"
        promtool check rules prometheus-rules.yaml
        amtool check-config alertmanager.yaml
        install -m 0644 loki-rules.yaml "$LOKI_RULES/secrets.yaml"
        install -m 0644 prometheus-rules.yaml "$PROMETHEUS_RULES/secrets.yaml"
        install -m 0644 alertmanager.yaml "$ALERTMANAGER_CONFIG"
        echo "Reload Loki, Prometheus and Alertmanager now, for example with SIGHUP."
        """;
  }

  private static StringBuilder begin(String taker, Map<String, String> variables) {
    StringBuilder script =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                """
                #!/bin/sh
                # Deploys the alerts, or updates them. You can run it again.
                # No %s has taken these files yet: try them where nothing depends on them.
                set -eu
                cd -- "$(dirname -- "$0")"
                """,
                taker));
    variables.values().forEach(name -> script.append(": \"${").append(name).append(":?}\"\n"));
    return script;
  }

  private static String override(String key, String variable) {
    return " \\\n  " + key + "=\"$" + variable + '"';
  }

  /** Returns the variables of the parameters that have no default, by parameter. */
  private static Map<String, String> parameters(
      String template, String section, String usual, Map<String, String> needed) {
    Map<String, String> variables = new LinkedHashMap<>();
    if (Json.parse(template) instanceof Map<?, ?> document
        && document.get(section) instanceof Map<?, ?> parameters) {
      parameters.forEach(
          (key, each) -> {
            if (each instanceof Map<?, ?> parameter && !parameter.containsKey(usual)) {
              String name = String.valueOf(key);
              String variable = name.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
              variables.put(name, variable);
              needed.put(variable, description(parameter));
            }
          });
    }
    return variables;
  }

  private static String description(Map<?, ?> parameter) {
    Object found = parameter.get("Description");
    if (found == null && parameter.get("metadata") instanceof Map<?, ?> metadata) {
      found = metadata.get("description");
    }
    return found == null ? "A parameter of the template" : String.valueOf(found);
  }

  private static String page(
      String service, String environment, String backend, Map<String, String> needed) {
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                """
                # Alerts on secrets of %s, %s

                `secrets alerts --out` wrote this folder from the inventory; write it again when the section `audit`
                changes, and once a year for the holidays. Each row is a variable that `sh attach.sh` needs:

                | variable | meaning |
                |---|---|
                """,
                service,
                environment));
    needed.forEach(
        (name, meaning) ->
            out.append("| `").append(name).append("` | ").append(meaning).append(" |\n"));
    out.append(
        switch (backend) {
          case "aws" ->
              "\nNo service of AWS has taken these files. cfn-lint finds nothing in the template of the"
                  + " example inventory, and moto makes its topic, roles and rules; the schedules, the"
                  + " alarm and the way to Slack have not run anywhere.\n";
          case "azure" ->
              "\nNo service of Azure has taken these files, and no validator of Microsoft. A test compares"
                  + " the form of the template and its references with the published schema.\n";
          default ->
              "\nThe files of the example inventory sent messages to a webhook, from a real Prometheus"
                  + " and Alertmanager; no Loki has run its rules.\n";
        });
    return out.toString();
  }
}
