package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Hours;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.NetworkRange;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fills Arm.jte, a template for Azure Resource Manager: rules that search the audit events of a key
 * vault every five minutes, and a workflow (Logic App) that posts their findings to Slack. The
 * webhook stays a secret of the vault; the workflow reads it with its own identity each time, and
 * the history of its runs shows neither the webhook nor the post. Immutable.
 *
 * @param facts the facts from the inventory
 */
record AzureAlerts(AlertDefinitions.Facts facts) {
  static final AlertParameter WORKSPACE =
      new AlertParameter(
          "workspaceId", "The Log Analytics workspace with AZKVAuditLogs, by its resource id");
  private static final AlertParameter VAULT =
      new AlertParameter("vaultName", "A parameter of the template");

  /** How often a rule runs, and how far back it searches. */
  static final String WINDOW = "PT5M";

  /**
   * A rule that searches the table AZKVAuditLogs.
   *
   * @param why how the secret was read
   * @param query in the language Kusto
   * @param range how far back the query looks, as it limits the time that it judges by itself
   */
  record Rule(String name, String why, String query, String range) {}

  static String template(AlertDefinitions.Facts facts) {
    return Templates.quoted(out -> JteArmGenerated.render(out, null, new AzureAlerts(facts)));
  }

  /** Returns the parameters of the template that need a value. */
  static List<AlertParameter> parameters(String vault) {
    return vault.isEmpty() ? List.of(WORKSPACE, VAULT) : List.of(WORKSPACE);
  }

  /** Returns the vault; empty if the inventory does not name it. */
  String vault() {
    return facts.fact("azure", "vault", "");
  }

  List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    String known = is(facts.principals());
    rules.add(rule("UnknownPrincipal", "by an unknown principal", "| where not(" + known + ")"));
    if (!facts.rules().addresses().isEmpty()) {
      rules.add(rule("UnknownAddress", "from an unknown address", unknownAddress()));
    }
    if (facts.rules().knowsHours()) {
      rules.add(rule("OutsideHours", "outside working hours", outsideHours()));
    }
    if (!facts.of(Role.CI).isEmpty()) {
      String fromCi = "| where " + is(facts.of(Role.CI));
      rules.add(rule("FromCi", "from CI: is a deployment running?", fromCi));
    }
    rules.add(new Rule("FirstReader", "by one who had not for two days", firstReader(), "P2D"));
    rules.add(rule("Refused", "and refused", "| where HttpStatusCode in (401, 403)"));
    return rules;
  }

  private Rule rule(String name, String why, String condition) {
    return new Rule(name, why, reads() + condition, WINDOW);
  }

  private String reads() {
    String prefix = facts.environment().prefix();
    String named =
        prefix.isEmpty()
            ? ""
            : "| where Secret startswith '" + AccessPolicy.azureName(prefix) + "'\n";
    return """
    AZKVAuditLogs
    | where OperationName == 'SecretGet'
    | extend Claim = Identity.claim
    | extend Principal = coalesce(\
    tostring(Claim['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn']), \
    tostring(Claim.upn), tostring(Claim.appid), tostring(Claim.azp), tostring(Claim.oid))
    | extend Secret = extract('/secrets/([^/?]+)', 1, Id)
    | extend Address = CallerIpAddress
    """
        + named;
  }

  private static String is(List<String> principals) {
    String any = principals.stream().map(AuditRules::regex).collect(Collectors.joining("|"));
    return "Principal matches regex @'^(" + any + ")$'";
  }

  private String unknownAddress() {
    List<NetworkRange> known = facts.rules().addresses();
    String fourth = in("ipv4", known.stream().filter(range -> !range.isV6()).toList());
    String sixth = in("ipv6", known.stream().filter(NetworkRange::isV6).toList());
    String any = fourth.isEmpty() || sixth.isEmpty() ? fourth + sixth : fourth + " or " + sixth;
    return "| where isnotempty(Address)\n| where not(" + any + ")";
  }

  private static String in(String family, List<NetworkRange> ranges) {
    return ranges.isEmpty()
        ? ""
        : family
            + "_is_in_any_range(Address, dynamic(["
            + joined(ranges.stream().map(range -> "'" + range + "'"))
            + "]))";
  }

  private String outsideHours() {
    AuditRules rules = facts.rules();
    StringBuilder working = new StringBuilder("true");
    if (!rules.days().isEmpty()) {
      String days = joined(rules.days().stream().sorted().map(day -> day.getValue() % 7 + "d"));
      working.append(" and dayofweek(Local) in (").append(days).append(')');
    }
    rules.hours().ifPresent(hours -> working.append(within(hours)));
    if (!rules.holidays().isEmpty()) {
      String holidays = joined(facts.holidays().stream().map(day -> "'" + day + "'"));
      working
          .append(" and format_datetime(Local, 'yyyy-MM-dd') !in (")
          .append(holidays)
          .append(')');
    }
    List<String> service = facts.of(Role.SERVICE);
    String others = service.isEmpty() ? "" : "| where not(" + is(service) + ")\n";
    return others + "| extend Local = " + local() + "\n| where not(" + working + ")";
  }

  private static String joined(Stream<String> words) {
    return words.collect(Collectors.joining(", "));
  }

  private String local() {
    return "datetime_utc_to_local(TimeGenerated, '" + facts.zone() + "')";
  }

  private static String within(Hours hours) {
    int to = hours.to().toSecondOfDay() == 0 ? 24 * 60 : hours.to().toSecondOfDay() / 60;
    return " and Local >= startofday(Local) + "
        + hours.from().toSecondOfDay() / 60
        + "m and Local < startofday(Local) + "
        + to
        + "m";
  }

  /** The range is two days, the longest that Azure allows. */
  private String firstReader() {
    return "let reads = "
        + reads().stripTrailing()
        + "\n| where HttpStatusCode == 200;\n"
        + "reads\n"
        + "| where TimeGenerated > ago(10m)\n"
        + "| join kind=leftanti (reads | where TimeGenerated <= ago(10m)) on Principal, Secret";
  }
}
