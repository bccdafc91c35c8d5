package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.operations.files.PrettyJson;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.spi.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the commands that assign roles in Azure, and the trust in deployments of GitHub. The ids
 * of the identities come from variables, because the inventory does not have them. Immutable.
 *
 * @param names the names of the roles
 * @param users the users of the roles
 */
record AzureAttachment(RoleNames names, PolicyFolder.Users users) {
  private static final String BEGIN =
      """
      #!/bin/sh
      # Assigns the roles; an assignment that exists stays. You can run it again.
      # No service of Azure has taken these files yet: run them in a subscription for tests first.
      # Usage: SERVICE_PRINCIPAL_ID=ID sh attach.sh [@roles@]
      # The variables hold the object ids of the identities, not those of applications.
      set -eu
      cd -- "$(dirname -- "$0")"
      @check@
      assign() { # OBJECT-ID ROLE SCOPE
        az role assignment create --assignee-object-id "$1" \\
          --assignee-principal-type ServicePrincipal --role "$2" --scope "$3" --output none
        echo "Assigned $2 for $3"
      }
      """;

  void add(
      List<AccessPolicy.Audience> audiences,
      Map<String, String> files,
      PolicyFolder.RoleTable table) {
    StringBuilder script = new StringBuilder();
    for (AccessPolicy.Audience audience : audiences) {
      String word = EnumText.of(audience);
      String variable = word.toUpperCase(Locale.ROOT) + "_PRINCIPAL_ID";
      script.append(
          String.format(
              Locale.ROOT,
              "if [ \"${1:-%1$s}\" = %1$s ]; then\n  : \"${%2$s:?}\"\n",
              word,
              variable));
      Map<?, ?> policy = document(files.getOrDefault(word + ".json", "{}"));
      define(policy, word, files, script);
      for (Object each : list(policy, "roleAssignments")) {
        Map<?, ?> assignment = (Map<?, ?>) each;
        script.append(
            String.format(
                Locale.ROOT,
                "  assign \"$%s\" '%s' '%s'\n",
                variable,
                assignment.get("role"),
                assignment.get("scope")));
      }
      trust(audience, files, script);
      script.append("fi\n");
      table.row(
          audience,
          list(policy, "roleDefinitions").isEmpty() ? "Key Vault Secrets User" : rotator(policy),
          word + ".json",
          taker(audience),
          variable + "=ID sh attach.sh " + word);
    }
    List<String> words = audiences.stream().map(EnumText::of).toList();
    files.put(PolicyFolder.SCRIPT, PolicyFolder.checked(BEGIN, words) + script);
    table.note(
        "No service of Azure has taken these files. The commands come from the manual of `az`"
            + " (read 2026-11-26).");
  }

  private static void define(
      Map<?, ?> policy, String word, Map<String, String> files, StringBuilder script) {
    for (Object definition : list(policy, "roleDefinitions")) {
      files.put(word + "-role.json", PrettyJson.write(definition));
      script.append(
          String.format(
              Locale.ROOT,
              """
                az role definition create --role-definition @%1$s-role.json --output none \\
                  || az role definition update --role-definition @%1$s-role.json --output none
              """,
              word));
    }
  }

  /** Lets a deployment of GitHub take the identity of an application, without a secret. */
  private void trust(
      AccessPolicy.Audience audience, Map<String, String> files, StringBuilder script) {
    if (audience != AccessPolicy.Audience.CI || users.repository().isEmpty()) {
      return;
    }
    Map<String, Object> trust = new LinkedHashMap<>();
    trust.put("name", names.usual(audience));
    trust.put("issuer", "https://token.actions.githubusercontent.com");
    trust.put(
        "subject", "repo:" + users.repository() + ":environment:" + names.environment().name());
    trust.put("audiences", List.of("api://AzureADTokenExchange"));
    files.put("ci-trust.json", PrettyJson.write(trust));
    script.append(
        """
          az ad app federated-credential create --id "${CI_APPLICATION_ID:?}" \\
            --parameters @ci-trust.json --output none
        """);
  }

  private String taker(AccessPolicy.Audience audience) {
    if (audience != AccessPolicy.Audience.CI) {
      return "the managed identity with that object id";
    }
    return users.repository().isEmpty()
        ? "the application with that object id; `--repository OWNER/NAME` adds its trust"
        : "[deployments of " + users.repository() + "](ci-trust.json)";
  }

  private static String rotator(Map<?, ?> policy) {
    return String.valueOf(((Map<?, ?>) list(policy, "roleDefinitions").get(0)).get("Name"));
  }

  private static Map<?, ?> document(String text) {
    return Json.parse(text) instanceof Map<?, ?> document ? document : Map.of();
  }

  private static List<?> list(Map<?, ?> document, String key) {
    return document.get(key) instanceof List<?> list ? list : List.of();
  }
}
