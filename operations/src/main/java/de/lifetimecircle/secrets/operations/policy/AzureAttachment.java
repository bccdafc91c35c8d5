package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.files.PrettyJson;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The roles in Azure, and the trust in deployments of GitHub. The ids of the identities come from
 * variables, because the inventory does not have them. Immutable.
 *
 * @param names the names of the roles
 * @param users the users of the roles
 * @param policies the policies by role
 */
record AzureAttachment(
    RoleNames names, PolicyFolder.Users users, Map<AccessPolicy.Audience, AzurePolicy> policies) {
  /** Returns the roles, and adds the files that the commands read. */
  List<PolicyFolder.Role> roles(Map<String, String> files) {
    List<PolicyFolder.Role> roles = new ArrayList<>();
    policies.forEach(
        (audience, policy) -> {
          String word = EnumText.of(audience);
          Object defined = policy.definition().get("Name");
          String role = defined == null ? "Key Vault Secrets User" : String.valueOf(defined);
          if (defined != null) {
            files.put(word + "-role.json", PrettyJson.write(policy.definition()));
          }
          if (audience == AccessPolicy.Audience.CI && !users.repository().isEmpty()) {
            files.put("ci-trust.json", PrettyJson.write(trust()));
          }
          String attach = PolicyFolder.variable(audience) + "=ID sh attach.sh " + word;
          roles.add(
              new PolicyFolder.Role(
                  audience, role, role, names.usual(audience), taker(audience), attach));
        });
    return roles;
  }

  /** Lets a deployment of GitHub take the identity of an application, without a secret. */
  private Map<String, Object> trust() {
    Map<String, Object> trust = new LinkedHashMap<>();
    trust.put("name", names.usual(AccessPolicy.Audience.CI));
    trust.put("issuer", "https://token.actions.githubusercontent.com");
    trust.put("subject", users.subject(names.environment()));
    trust.put("audiences", List.of("api://AzureADTokenExchange"));
    return trust;
  }

  private String taker(AccessPolicy.Audience audience) {
    if (audience != AccessPolicy.Audience.CI) {
      return "the managed identity with that object id";
    }
    return users.repository().isEmpty()
        ? "the application with that object id; `--repository OWNER/NAME` adds its trust"
        : "[deployments of " + users.repository() + "](ci-trust.json)";
  }
}
