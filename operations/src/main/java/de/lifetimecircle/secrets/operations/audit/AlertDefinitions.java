package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Hours;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes definitions for the systems that watch a backend, so that findings of {@code secrets
 * audit} reach Slack at once. They contain no webhook and no other secret. Stateless; does no I/O.
 */
public final class AlertDefinitions {
  /** The backends whose log a monitoring system can watch. */
  public static final List<String> BACKENDS = List.of("aws", "azure", "vault");

  private AlertDefinitions() {}

  /** The facts from the inventory that the definitions use. */
  record Facts(
      AuditRules rules,
      ZoneId zone,
      String service,
      ServiceEnvironment environment,
      LocalDate today) {
    /** Returns the beginning of the name of every resource. */
    String title() {
      return service.replaceAll("[^A-Za-z0-9]+", "-") + "-" + environment.name();
    }

    /** Returns the patterns of all roles. */
    List<String> principals() {
      return Arrays.stream(Role.values()).flatMap(role -> of(role).stream()).toList();
    }

    /** Returns the patterns of one role. */
    List<String> of(Role role) {
      return rules.principals().getOrDefault(role, List.of());
    }

    String fact(String backend, String key, String otherwise) {
      return environment.backends().getOrDefault(backend, Map.of()).getOrDefault(key, otherwise);
    }

    /** Returns the working hours, which are the whole day if the inventory names none. */
    Hours hours() {
      return rules.hours().orElse(new Hours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT));
    }

    /** Returns the days without work, from Monday on. */
    List<String> freeDays() {
      return Arrays.stream(DayOfWeek.values())
          .filter(day -> !rules.days().isEmpty() && !rules.days().contains(day))
          .map(day -> day.name().toLowerCase(Locale.ROOT))
          .toList();
    }

    List<LocalDate> holidays() {
      return rules.holidays().stream().sorted().toList();
    }
  }

  /**
   * Returns the files by name: one template for {@code aws} or {@code azure}, three for {@code
   * vault}.
   *
   * @param environment its name; empty if the inventory has only one
   * @param backend one of {@link #BACKENDS}
   * @param today holidays before it are left out
   * @throws SecretException {@code CONFIGURATION} if there is no such environment, or the inventory
   *     has no audit section; {@code UNSUPPORTED} for another backend
   */
  public static Map<String, String> files(
      Inventory inventory, String environment, String backend, LocalDate today) {
    Facts facts =
        new Facts(
            inventory.audit(),
            inventory.zone(),
            inventory.service(),
            inventory.environment(environment),
            today);
    if (!BACKENDS.contains(backend)) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "write alerts")
          .scheme(backend)
          .reason("it keeps no log that a system could watch")
          .advice(
              "Set audit.log, and run '"
                  + inventory.command("audit LOG", facts.environment())
                  + "' on it by a timer")
          .build();
    }
    if (facts.rules().principals().isEmpty()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "write alerts")
          .reason("the inventory has no audit.principals, so every reader would be unknown")
          .advice(
              "Add to the file: audit: {principals: {service: [NAME]}}, with the names of the"
                  + " readers as the log of the backend has them")
          .build();
    }
    Map<String, String> files = new LinkedHashMap<>();
    switch (backend) {
      case "aws" -> files.put("cloudformation.json", AwsAlerts.template(facts));
      case "azure" -> files.put("arm.json", AzureAlerts.template(facts));
      default -> {
        files.put("loki-rules.yaml", LokiRules.file(facts));
        files.put(
            "prometheus-rules.yaml",
            Templates.quoted(out -> JtePrometheusRulesGenerated.render(out, null, facts)));
        files.put(
            "alertmanager.yaml",
            Templates.quoted(out -> JteAlertmanagerGenerated.render(out, null, facts)));
      }
    }
    return files;
  }
}
