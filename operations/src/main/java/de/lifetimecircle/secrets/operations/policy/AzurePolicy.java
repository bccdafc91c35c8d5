package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.files.PrettyJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes role assignments for Azure Key Vault, one for each secret. Stateless.
 *
 * <p>Readers get the built-in role Key Vault Secrets User. No built-in role is narrow enough for
 * the rotator (Secrets Officer also deletes and purges), so the policy defines a role. It is
 * assigned for the vault, because a secret that does not exist yet has no scope.
 */
final class AzurePolicy {
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

  private AzurePolicy() {}

  /** Names the role after the service too, because its name must be unique in the tenant. */
  static String text(
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
    Map<String, Object> document = new LinkedHashMap<>();
    List<Object> assignments = new ArrayList<>();
    if (audience == AccessPolicy.Audience.ROTATOR) {
      String role = service + " " + facts.environment().name() + " secrets rotator";
      Map<String, Object> definition = new LinkedHashMap<>();
      definition.put("Name", role);
      definition.put("IsCustom", true);
      definition.put("Description", "Makes, reads and replaces secrets, and deletes none.");
      definition.put("Actions", List.of());
      definition.put("DataActions", ROTATE);
      definition.put("AssignableScopes", List.of(group));
      document.put("roleDefinitions", List.of(definition));
      assignments.add(assignment("", role, vault));
    } else {
      for (String name : names) {
        assignments.add(assignment(name, SECRETS_USER, vault + "/secrets/" + stored(name)));
      }
    }
    document.put("roleAssignments", assignments);
    return PrettyJson.write(document);
  }

  private static Map<String, Object> assignment(String name, String role, String scope) {
    Map<String, Object> assignment = new LinkedHashMap<>();
    if (!name.isEmpty()) {
      assignment.put("secret", name);
    }
    assignment.put("role", role);
    assignment.put("scope", scope);
    return assignment;
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
