package de.lifetimecircle.secrets.operations.audit;

import static de.lifetimecircle.secrets.operations.audit.OrderedMaps.map;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes rules for Prometheus. One fires if OpenBao cannot write its audit log, because the other
 * rules depend on it; one fires during a deployment and silences the rule on reads from CI.
 * Stateless.
 */
final class PrometheusRules {
  static final String DEPLOYMENT = "SecretsDeploymentRunning";

  private PrometheusRules() {}

  static String file(AlertDefinitions.Facts facts) {
    List<Object> rules = new ArrayList<>();
    for (String part : List.of("request", "response")) {
      rules.add(
          map(
              "alert",
              part.equals("request") ? "OpenBaoRequestNotLogged" : "OpenBaoAnswerNotLogged",
              "expr",
              "increase(vault_audit_log_" + part + "_failure[5m]) > 0",
              "labels",
              map("severity", "critical", "team", "secrets"),
              "annotations",
              map(
                  "summary",
                  "OpenBao could not write a " + part + " into its audit log",
                  "description",
                  "One is missing in the log of {{ $labels.instance }}")));
    }
    rules.add(
        map(
            "alert",
            DEPLOYMENT,
            "expr",
            "max(secrets_deployment_running) > 0",
            "labels",
            map("severity", "none", "team", "secrets"),
            "annotations",
            map("summary", "A deployment is running")));
    return YamlText.write(
        map("groups", List.of(map("name", facts.title() + "-secrets", "rules", rules))));
  }
}
