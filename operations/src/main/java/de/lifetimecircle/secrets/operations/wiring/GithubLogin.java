package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The login of a GitHub runner to a backend, with a token that GitHub issues for the job.
 * Immutable.
 *
 * @param explanation the necessary setup, for people
 * @param step a step before the one that reads the secrets; may be empty
 * @param variables the variables of the step that reads them, a line of YAML each
 * @param script the first commands of that step; may be empty
 */
record GithubLogin(String explanation, String step, String variables, String script) {
  static final List<String> SCHEMES = List.of("aws", "azure", "vault");

  // The commits of these versions, because a tag can be moved.
  private static final String TO_AWS =
      "aws-actions/configure-aws-credentials@a03048d87541d1d9fcf2ecf528a4a65ba9bd7838 # v5.0.0";
  private static final String TO_AZURE =
      "azure/login@a457da9ea143d694b1b9c7c869ebb04ebe844ef5 # v2.3.0";

  /** Fetches the job's token for an audience into a file, without showing it in an argument. */
  private static final String FETCH_TOKEN =
      """
      umask 077
      export %1$s="$RUNNER_TEMP/identity-token"
      trap 'rm -f "$%1$s"' EXIT
      curl --fail --silent --show-error --proto '=https' --header @- \\
        --get --data-urlencode "audience=$AUDIENCE" "$ACTIONS_ID_TOKEN_REQUEST_URL" \\
        <<<"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
        | jq --exit-status --raw-output --join-output .value >"$%1$s"
      """;

  static GithubLogin of(String scheme, ServiceEnvironment where) {
    return switch (scheme) {
      case "aws" -> aws(required(where, "aws", "region"));
      case "azure" -> azure(required(where, "azure", "vault"));
      case "vault" -> vault(where.backends().getOrDefault("vault", Map.of()));
      default -> throw new IllegalArgumentException("expected one of " + SCHEMES);
    };
  }

  /**
   * Returns an explanation whose command can be pasted in the folder of the inventory.
   *
   * @param file the inventory's path in the repository
   */
  static String pasteable(
      String explanation, Inventory inventory, String file, ServiceEnvironment where) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    String options =
        (name.equals(Inventory.FILE) ? "" : " --inventory " + ShellWord.of(name))
            + (inventory.environmentNames().size() > 1 ? " --environment " + where.name() : "");
    return explanation.replace("%s", options).stripTrailing();
  }

  static String required(ServiceEnvironment where, String scheme, String key) {
    String fact = where.backends().getOrDefault(scheme, Map.of()).get(key);
    if (fact == null) {
      throw GithubWorkflow.failure(
              "the inventory lacks environments." + where.name() + "." + scheme + "." + key)
          .advice("Add it, as in " + where.name() + ": {" + scheme + ": {" + key + ": VALUE}}")
          .build();
    }
    return fact;
  }

  private static GithubLogin aws(String region) {
    return new GithubLogin(
        """
          AWS_ROLE_ARN: the role with 'secrets policy --for ci --backend aws%s' and what a deployment
            needs besides. It trusts the provider token.actions.githubusercontent.com for the
            audience sts.amazonaws.com and the subject repo:OWNER/REPOSITORY:environment:ENVIRONMENT.
        """,
        String.format(
            Locale.ROOT,
            """

              - name: Log in to AWS
                uses: %s
                with:
                  role-to-assume: ${{ vars.AWS_ROLE_ARN }}
                  aws-region: %s
        """,
            TO_AWS,
            region),
        "SECRETS_BACKEND: aws\nSECRETS_AWS_REGION: " + region + "\n",
        "");
  }

  private static GithubLogin azure(String vault) {
    return new GithubLogin(
        """
          AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_SUBSCRIPTION_ID: the application with the roles of
            'secrets policy --for ci --backend azure%s' and what a deployment needs besides. Its
            federated credential names the issuer https://token.actions.githubusercontent.com and
            the subject repo:OWNER/REPOSITORY:environment:ENVIRONMENT.
        """,
        String.format(
            Locale.ROOT,
            """

              - name: Log in to Azure
                uses: %s
                with:
                  tenant-id: ${{ vars.AZURE_TENANT_ID }}
                  client-id: ${{ vars.AZURE_CLIENT_ID }}
                  subscription-id: ${{ vars.AZURE_SUBSCRIPTION_ID }}
        """,
            TO_AZURE),
        String.format(
            Locale.ROOT,
            """
        SECRETS_BACKEND: azure
        SECRETS_AZURE_VAULT_URL: https://%s.vault.azure.net
        SECRETS_AZURE_CREDENTIAL: workload-identity
        SECRETS_AZURE_TENANT_ID: ${{ vars.AZURE_TENANT_ID }}
        SECRETS_AZURE_CLIENT_ID: ${{ vars.AZURE_CLIENT_ID }}
        AUDIENCE: api://AzureADTokenExchange
        """,
            vault),
        String.format(Locale.ROOT, FETCH_TOKEN, "SECRETS_AZURE_FEDERATED_TOKEN_FILE"));
  }

  private static GithubLogin vault(Map<String, String> facts) {
    return new GithubLogin(
        """
          VAULT_ADDR: the address of the server, which is the audience of the token as well.
          VAULT_ROLE: a role of the login 'jwt' with 'secrets policy --for ci --backend vault%s'. It is
            bound to the issuer https://token.actions.githubusercontent.com, to the audience
            above and to the subject repo:OWNER/REPOSITORY:environment:ENVIRONMENT.
        """,
        "",
        String.format(
            Locale.ROOT,
            """
        SECRETS_BACKEND: vault
        SECRETS_VAULT_ADDRESS: ${{ vars.VAULT_ADDR }}
        SECRETS_VAULT_MOUNT: %s
        SECRETS_VAULT_AUTH: jwt
        SECRETS_VAULT_ROLE: ${{ vars.VAULT_ROLE }}
        AUDIENCE: ${{ vars.VAULT_ADDR }}
        """,
            facts.getOrDefault("mount", "secret")),
        String.format(Locale.ROOT, FETCH_TOKEN, "SECRETS_VAULT_JWT_FILE"));
  }
}
