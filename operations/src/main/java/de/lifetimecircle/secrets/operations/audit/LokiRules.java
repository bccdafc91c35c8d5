package de.lifetimecircle.secrets.operations.audit;

import static de.lifetimecircle.secrets.operations.audit.OrderedMaps.map;

import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.NetworkRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes rules for Loki's ruler, over the lines of OpenBao's audit device with the label {@code
 * job="openbao-audit"}. Stateless.
 */
final class LokiRules {
  static final String OUTSIDE_HOURS = "SecretReadOutsideHours";
  static final String FROM_CI = "SecretReadFromCi";
  private static final String READER = "principal, path, address";

  private final AlertDefinitions.Facts facts;
  private final List<Object> rules = new ArrayList<>();

  private LokiRules(AlertDefinitions.Facts facts) {
    this.facts = facts;
  }

  static String file(AlertDefinitions.Facts facts) {
    return new LokiRules(facts).file();
  }

  private String file() {
    rule(
        "SecretReadByUnknownPrincipal", "by an unknown principal", " | " + not(facts.principals()));
    if (!facts.rules().addresses().isEmpty()) {
      String unknown =
          facts.rules().addresses().stream().map(LokiRules::other).collect(Collectors.joining());
      rule("SecretReadFromUnknownAddress", "from an unknown address", unknown);
    }
    if (facts.rules().knowsHours()) {
      List<String> service = facts.of(Role.SERVICE);
      rule(OUTSIDE_HOURS, "outside working hours", service.isEmpty() ? "" : " | " + not(service));
    }
    if (!facts.of(Role.CI).isEmpty()) {
      rule(FROM_CI, "from CI outside a deployment", " | principal=~" + quoted(facts.of(Role.CI)));
    }
    String reads = lines(" | error=\"\""); // a refused read makes no reader known
    String now = sum("principal, path", reads, "[5m]");
    String earlier = sum("principal, path", reads, "[14d] offset 5m");
    alert(
        "SecretReadByFirstReader", "by one who had not for 14 days", now + "\nunless\n" + earlier);
    alert(
        "SecretReadRefused",
        "and refused",
        sum(READER, lines(" | error=~\".*permission denied.*\""), "[5m]"));
    return YamlText.write(
        map("groups", List.of(map("name", facts.title() + "-secrets", "rules", rules))));
  }

  private static String other(NetworkRange range) {
    return " | address!=ip(\"" + range + "\")";
  }

  private static String not(List<String> principals) {
    return "principal!~" + quoted(principals);
  }

  /** Returns the patterns in back quotes, which escape nothing. */
  private static String quoted(List<String> principals) {
    return "`^("
        + principals.stream()
            .map(AuditRules::regex)
            .map(regex -> regex.replace("\\`", "[\\x60]"))
            .collect(Collectors.joining("|"))
        + ")$`";
  }

  private String lines(String condition) {
    String mount = facts.fact("vault", "mount", "secret") + "/";
    String prefix = facts.environment().prefix();
    return "{job=\"openbao-audit\"}"
        + " | json type=\"type\", operation=\"request.operation\", path=\"request.path\","
        + " address=\"request.remote_address\", login=\"auth.display_name\","
        // role is set by AppRole, role2 by logins with JWT or Kubernetes
        + " role=\"auth.metadata.role_name\", role2=\"auth.metadata.role\", error=\"error\""
        + " | type=\"response\" | operation=\"read\""
        + " | path=~\""
        + mount
        + "(data/)?"
        + prefix
        + ".*\""
        + " | label_format principal="
        + "`{{.login}}{{if .role}}/{{.role}}{{else if .role2}}/{{.role2}}{{end}}`"
        + condition;
  }

  private static String sum(String labels, String lines, String range) {
    return "sum by (" + labels + ") (count_over_time(" + lines + " " + range + ")) > 0";
  }

  private void rule(String name, String why, String condition) {
    alert(name, why, sum(READER, lines(condition), "[5m]"));
  }

  private void alert(String name, String why, String expression) {
    Map<String, Object> rule =
        map(
            "alert",
            name,
            "expr",
            expression,
            "labels",
            map("severity", "warning", "team", "secrets"),
            "annotations",
            map(
                "summary",
                "A secret was read " + why,
                "description",
                "{{ $labels.principal }} read {{ $labels.path }} from {{ $labels.address }}"));
    rules.add(rule);
  }
}
