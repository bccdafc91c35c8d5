package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the role of an audience on a backend: as {@code audit.principals} of the inventory calls
 * it, else after the service, the environment and the audience. Immutable.
 *
 * @param inventory the inventory
 * @param environment one of its environments
 */
record RoleNames(Inventory inventory, ServiceEnvironment environment) {
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:iam::([0-9]{12}):role/([A-Za-z0-9+=,.@_-]{1,64})");
  private static final Pattern APPROLE = Pattern.compile("approle/([A-Za-z0-9_.-]{1,100})");

  /** Returns the beginning of every name that we choose. */
  String prefix() {
    return inventory.service().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-")
        + "-"
        + environment.name();
  }

  String aws(AccessPolicy.Audience audience, String account) {
    return named(audience, ARN, arn -> arn.group(2), arn -> arn.group(1).equals(account));
  }

  String vault(AccessPolicy.Audience audience) {
    return named(audience, APPROLE, role -> role.group(1), role -> true);
  }

  private String named(
      AccessPolicy.Audience audience,
      Pattern form,
      Function<Matcher, String> name,
      Predicate<Matcher> here) {
    return principals(audience).stream()
        .map(form::matcher)
        .filter(Matcher::matches)
        .filter(here)
        .map(name)
        .filter(this::isOnlyHere)
        .findFirst()
        .orElse(usual(audience));
  }

  /** Returns the name of the policy, which only this environment and audience have. */
  String usual(AccessPolicy.Audience audience) {
    return prefix() + "-" + EnumText.of(audience);
  }

  private List<String> principals(AccessPolicy.Audience audience) {
    Map<AuditRules.Role, List<String>> principals = inventory.audit().principals();
    return principals.getOrDefault(AuditRules.Role.valueOf(audience.name()), List.of());
  }

  /**
   * A role that two environments share would get the rights of both, so the name must have this
   * environment as a word of its own, and no other: {@code shop-preprod} is not of {@code prod}.
   */
  private boolean isOnlyHere(String role) {
    List<String> all = inventory.environmentNames();
    return all.size() == 1
        || all.stream()
            .filter(each -> word(each).matcher(role).find())
            .toList()
            .equals(List.of(environment.name()));
  }

  private static Pattern word(String environment) {
    return Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(environment) + "(?![A-Za-z0-9])");
  }
}
