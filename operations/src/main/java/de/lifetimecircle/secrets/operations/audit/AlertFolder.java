package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a folder with the alert definitions, the script that deploys them, and a page that names
 * what the script needs. Does not call the backend. Stateless.
 */
public final class AlertFolder {
  /** The script that deploys the definitions. */
  public static final String SCRIPT = "attach.sh";

  private static final AlertParameter RESOURCE_GROUP =
      new AlertParameter("RESOURCE_GROUP", "The resource group of the vault");

  private AlertFolder() {}

  /**
   * The facts of the script and the page.
   *
   * @param name the name of the deployment
   * @param group the resource group on Azure; empty if the inventory does not name it
   * @param parameters what the templates need
   */
  record Deployment(
      String service,
      ServiceEnvironment environment,
      String backend,
      String name,
      String group,
      List<AlertParameter> parameters) {
    AlertParameter last() {
      return parameters.get(parameters.size() - 1);
    }

    /** Returns all that the script needs, by the names of the variables. */
    List<AlertParameter> needed() {
      boolean unknown = backend.equals("azure") && group.isEmpty();
      return Stream.concat(parameters.stream(), unknown ? Stream.of(RESOURCE_GROUP) : Stream.of())
          .sorted(Comparator.comparing(AlertParameter::variable))
          .toList();
    }
  }

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
    String id = inventory.service().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    Map<String, String> facts = where.backends().getOrDefault(backend, Map.of());
    Deployment deployment =
        new Deployment(
            inventory.service(),
            where,
            backend,
            id + "-" + where.name() + "-secret-alerts",
            facts.getOrDefault("resource-group", ""),
            parameters(backend, facts));
    files.put(SCRIPT, Templates.text(out -> JteAttachGenerated.render(out, null, deployment)));
    files.put("README.md", Templates.text(out -> JteReadmeGenerated.render(out, null, deployment)));
    return files;
  }

  private static List<AlertParameter> parameters(String backend, Map<String, String> facts) {
    return switch (backend) {
      case "aws" -> AwsAlerts.PARAMETERS;
      case "azure" -> AzureAlerts.parameters(facts.getOrDefault("vault", ""));
      default ->
          List.of(
              new AlertParameter("LOKI_RULES", "The folder of Loki's ruler for this tenant"),
              new AlertParameter("PROMETHEUS_RULES", "A folder of Prometheus' rule_files"),
              new AlertParameter(
                  "ALERTMANAGER_CONFIG", "The file that Alertmanager reads; it is replaced"));
    };
  }
}
