package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.text.Templates;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Role assignments for Azure Key Vault, one for each secret. Immutable.
 *
 * <p>Readers get the built-in role Key Vault Secrets User. No built-in role is narrow enough for
 * the rotator (Secrets Officer also deletes and purges), so the policy defines a role. It is
 * assigned for the vault, because a secret that does not exist yet has no scope.
 *
 * @param definition the role that the policy defines; empty for readers
 * @param assignments the assignments, at least one
 */
record AzurePolicy(Map<String, Object> definition, List<Assignment> assignments) {
  /** The id of the built-in role, the same in every tenant. */
  static final String SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";

  static final List<String> ROTATE =
      List.of(
          "Microsoft.KeyVault/vaults/secrets/getSecret/action",
          "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
          "Microsoft.KeyVault/vaults/secrets/setSecret/action",
          "Microsoft.KeyVault/vaults/secrets/update/action");

  private static final String PLAIN = "-/_.";
  private static final String ESCAPED = "-sud";

  /**
   * A role for an identity.
   *
   * @param secret the secret that it reads; empty for all
   */
  record Assignment(String secret, String role, String scope) {}

  /** Names the role after the service too, because its name must be unique in the tenant. */
  static AzurePolicy of(
      AccessPolicy.Facts facts,
      String service,
      AccessPolicy.Audience audience,
      List<String> names) {
    String group =
        "/subscriptions/"
            + facts.required("subscription")
            + "/resourceGroups/"
            + facts.required("resource-group");
    String vault = group + "/providers/Microsoft.KeyVault/vaults/" + facts.required("vault");
    Map<String, Object> definition = new LinkedHashMap<>();
    if (audience != AccessPolicy.Audience.ROTATOR) {
      return new AzurePolicy(
          definition,
          names.stream()
              .map(name -> new Assignment(name, SECRETS_USER, vault + "/secrets/" + stored(name)))
              .toList());
    }
    String role = service + " " + facts.environment().name() + " secrets rotator";
    definition.put("Name", role);
    definition.put("IsCustom", true);
    definition.put("Description", "Makes, reads and replaces secrets, and deletes none.");
    definition.put("Actions", List.of());
    definition.put("DataActions", ROTATE);
    definition.put("AssignableScopes", List.of(group));
    return new AzurePolicy(definition, List.of(new Assignment("", role, vault)));
  }

  String text() {
    return Templates.quoted(out -> JteAzurePolicyGenerated.render(out, null, this));
  }

  Assignment last() {
    return assignments.get(assignments.size() - 1);
  }

  /**
   * Returns the form of a name in Key Vault, by the escape that docs/azure-store.md defines. The
   * code exists twice, because operations see no provider; a test compares both.
   */
  static String stored(String name) {
    StringBuilder out = new StringBuilder();
    boolean capitals = false;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean capital = c >= 'A' && c <= 'Z';
      boolean small = c >= 'a' && c <= 'z';
      if ((capital || small) && capital != capitals) {
        out.append("-k");
        capitals = capital;
      }
      int sign = PLAIN.indexOf(c);
      if (sign >= 0) {
        out.append('-').append(ESCAPED.charAt(sign));
      } else if (capital) {
        out.append((char) (c + ('a' - 'A')));
      } else if (small || (c >= '0' && c <= '9')) {
        out.append(c);
      } else {
        out.append("-x").append(HexFormat.of().toHexDigits(b));
      }
    }
    return out.toString();
  }
}
