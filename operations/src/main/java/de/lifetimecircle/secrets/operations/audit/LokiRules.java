package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.NetworkRange;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Fills LokiRules.jte: rules for Loki's ruler, over the lines of OpenBao's audit device with the
 * label {@code job="openbao-audit"}. Immutable.
 *
 * @param facts the facts from the inventory
 */
record LokiRules(AlertDefinitions.Facts facts) {
  private static final String READER = "principal, path, address";

  /**
   * A rule.
   *
   * @param why how the secret was read
   * @param expression the lines of the query
   */
  record Rule(String name, String why, List<String> expression) {}

  static String file(AlertDefinitions.Facts facts) {
    return Templates.quoted(out -> JteLokiRulesGenerated.render(out, null, new LokiRules(facts)));
  }

  List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    String unknown = " | " + not(facts.principals());
    rules.add(rule("SecretReadByUnknownPrincipal", "by an unknown principal", unknown));
    if (!facts.rules().addresses().isEmpty()) {
      String elsewhere =
          facts.rules().addresses().stream().map(LokiRules::other).collect(Collectors.joining());
      rules.add(rule("SecretReadFromUnknownAddress", "from an unknown address", elsewhere));
    }
    if (facts.rules().knowsHours()) {
      List<String> service = facts.of(Role.SERVICE);
      String others = service.isEmpty() ? "" : " | " + not(service);
      rules.add(rule("SecretReadOutsideHours", "outside working hours", others));
    }
    if (!facts.of(Role.CI).isEmpty()) {
      String fromCi = " | principal=~" + quoted(facts.of(Role.CI));
      rules.add(rule("SecretReadFromCi", "from CI outside a deployment", fromCi));
    }
    rules.add(firstReader());
    rules.add(rule("SecretReadRefused", "and refused", " | error=~\".*permission denied.*\""));
    return rules;
  }

  private Rule firstReader() {
    String reads = lines(" | error=\"\""); // a refused read makes no reader known
    String now = sum("principal, path", reads, "[5m]");
    String earlier = sum("principal, path", reads, "[14d] offset 5m");
    return new Rule(
        "SecretReadByFirstReader",
        "by one who had not for 14 days",
        List.of(now, "unless", earlier));
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

  private Rule rule(String name, String why, String condition) {
    return new Rule(name, why, List.of(sum(READER, lines(condition), "[5m]")));
  }
}
