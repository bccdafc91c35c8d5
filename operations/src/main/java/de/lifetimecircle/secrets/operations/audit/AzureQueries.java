package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Hours;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.NetworkRange;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the Kusto queries of Azure's rules over the table AZKVAuditLogs. Stateless. */
final class AzureQueries {
  /** The columns by which readers differ. */
  static final List<String> COLUMNS = List.of("Principal", "Secret", "Address");

  private final AlertDefinitions.Facts facts;

  AzureQueries(AlertDefinitions.Facts facts) {
    this.facts = facts;
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

  String unknownPrincipal() {
    return reads() + "| where not(" + is(facts.principals()) + ")";
  }

  String fromCi() {
    return reads() + "| where " + is(facts.of(Role.CI));
  }

  String refused() {
    return reads() + "| where HttpStatusCode in (401, 403)";
  }

  String unknownAddress() {
    List<NetworkRange> known = facts.rules().addresses();
    String fourth = in("ipv4", known.stream().filter(range -> !range.isV6()).toList());
    String sixth = in("ipv6", known.stream().filter(NetworkRange::isV6).toList());
    String any = fourth.isEmpty() || sixth.isEmpty() ? fourth + sixth : fourth + " or " + sixth;
    return reads() + "| where isnotempty(Address)\n| where not(" + any + ")";
  }

  private static String in(String family, List<NetworkRange> ranges) {
    return ranges.isEmpty()
        ? ""
        : family
            + "_is_in_any_range(Address, dynamic(["
            + ranges.stream().map(range -> "'" + range + "'").collect(Collectors.joining(", "))
            + "]))";
  }

  String outsideHours() {
    AuditRules rules = facts.rules();
    StringBuilder working = new StringBuilder("true");
    if (!rules.days().isEmpty()) {
      working.append(" and dayofweek(Local) in (");
      working.append(
          rules.days().stream()
              .sorted()
              .map(day -> day.getValue() % 7 + "d")
              .collect(Collectors.joining(", ")));
      working.append(')');
    }
    rules.hours().ifPresent(hours -> working.append(within(hours)));
    if (!rules.holidays().isEmpty()) {
      working.append(" and format_datetime(Local, 'yyyy-MM-dd') !in (");
      working.append(
          rules.holidays().stream()
              .sorted()
              .map(day -> "'" + day + "'")
              .collect(Collectors.joining(", ")));
      working.append(')');
    }
    List<String> service = facts.of(Role.SERVICE);
    String others = service.isEmpty() ? "" : "| where not(" + is(service) + ")\n";
    return reads() + others + "| extend Local = " + local() + "\n| where not(" + working + ")";
  }

  private String local() {
    String zone = facts.zone().getId();
    return zone.equals("Z")
        ? "TimeGenerated"
        : "datetime_utc_to_local(TimeGenerated, '" + zone + "')";
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
  String firstReader() {
    return "let reads = "
        + reads().stripTrailing()
        + "\n| where HttpStatusCode == 200;\n"
        + "reads\n"
        + "| where TimeGenerated > ago(10m)\n"
        + "| join kind=leftanti (reads | where TimeGenerated <= ago(10m)) on Principal, Secret";
  }
}
