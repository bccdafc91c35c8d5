package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a GitLab pipeline of one job that deploys a service. The job logs in with an ID token of
 * GitLab; the secrets exist only in the program that deploys, and a filter hides them in the log.
 * Stateless; does not call the backend.
 */
public final class GitlabPipeline {
  private static final String TEXT =
      """
      # Written by 'secrets ci gitlab' from the inventory; change that, then run it again.
      #
      # In the settings of the project, protect the environment '@deployment@' with the people who have
      # to agree to a deployment, and give it these CI/CD variables (none of them is a secret):
      #   DEPLOY_IMAGE: an image by its digest, with bash, curl, Java 17 or newer and what the hooks need.
      @explanation@

      deploy-@environment@:
        stage: deploy
        image: $DEPLOY_IMAGE
        rules:
          - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
            when: manual
        environment:
          name: @deployment@
        resource_group: deploy-@environment@
        interruptible: false
        timeout: 30 minutes
        id_tokens:
          SECRETS_ID_TOKEN:
            aud: @audience@
        variables:
          SECRETS_OVERRIDES: "off"
      @reason@@variables@  script:
          - |
            bash <<'DEPLOY'
            set -euo pipefail
            umask 077
            tools=$(mktemp -d)
            trap 'rm -rf "$tools"' EXIT
            curl --fail --silent --show-error --location --proto '=https' --retry 3 \\
              --output "$tools/secrets.tar.gz" '@archive@'
            echo "@sha256@  $tools/secrets.tar.gz" | sha256sum --check --quiet -
            mkdir "$tools/secrets"
            tar -xzf "$tools/secrets.tar.gz" -C "$tools/secrets" --strip-components=1
            printf %s "$SECRETS_ID_TOKEN" >"$tools/id-token"
            unset SECRETS_ID_TOKEN
            export @token@="$tools/id-token"
      @folder@      # Only this program gets the secrets; the filter hides them in what it prints.
            # The script is the input of bash, so a program that reads would swallow the rest of it.
            "$tools/secrets/bin/secrets" exec --for ci @inventory@ -- \\
              @deploy@ 2>&1 </dev/null \\
              | "$tools/secrets/bin/secrets" redact --for ci @inventory@
      @verify@      DEPLOY
      """;

  private GitlabPipeline() {}

  /**
   * Returns the pipeline as YAML.
   *
   * @param environment its name; empty if the inventory has only one
   * @param file the inventory's path in the repository
   * @param backend one of {@link GithubWorkflow#BACKENDS}
   * @throws SecretException {@code CONFIGURATION} as {@link GithubWorkflow#text}
   * @throws IllegalArgumentException for another backend
   */
  public static String text(
      Inventory inventory,
      String environment,
      String file,
      String backend,
      GithubWorkflow.Archive archive) {
    ServiceEnvironment where = inventory.environment(environment);
    List<WiredVariable> wires =
        ProgramWiring.of(inventory, environment, AccessPolicy.Audience.CI).wires();
    Login login = Login.of(backend, where);
    GithubWorkflow.requireInside(file);
    String folder =
        file.contains("/") ? "      cd '" + file.substring(0, file.lastIndexOf('/')) + "'\n" : "";
    StringBuilder verify = new StringBuilder();
    GithubWorkflow.hooks("verify", inventory, where, wires)
        .forEach(
            hook ->
                verify.append("      ").append(GithubWorkflow.line(hook)).append(" </dev/null\n"));
    return TEXT.replace("@environment@", where.name())
        .replace("@deployment@", where.name().equals("prod") ? "production" : where.name())
        .replace("@explanation@", explanation(login, inventory, file, where))
        .replace("@audience@", login.audience())
        .replace(
            "@reason@",
            GithubWorkflow.reason(
                inventory, "    SECRETS_AUDIT_REASON: \"pipeline $CI_PIPELINE_ID\"\n"))
        .replace("@variables@", login.variables().indent(4))
        .replace("@archive@", archive.address())
        .replace("@sha256@", archive.sha256())
        .replace("@token@", login.tokenVariable())
        .replace("@folder@", folder)
        .replace(
            "@inventory@",
            "--inventory "
                + file.substring(file.lastIndexOf('/') + 1)
                + " --environment "
                + where.name())
        .replace("@deploy@", GithubWorkflow.deploy(inventory, where, wires))
        .replace("@verify@", verify);
  }

  private static String explanation(
      Login login, Inventory inventory, String file, ServiceEnvironment where) {
    return GithubLogin.pasteable(login.explanation(), inventory, file, where)
        .replaceAll("(?m)^", "#   ");
  }

  /** The login of a job to a backend, with a token that GitLab issues for it. */
  private record Login(
      String explanation, String audience, String variables, String tokenVariable) {
    static Login of(String scheme, ServiceEnvironment where) {
      return switch (scheme) {
        case "aws" -> aws(GithubLogin.required(where, "aws", "region"));
        case "azure" -> azure(GithubLogin.required(where, "azure", "vault"));
        case "vault" -> vault(where.backends().getOrDefault("vault", Map.of()));
        default -> throw new IllegalArgumentException("expected one of " + GithubWorkflow.BACKENDS);
      };
    }

    private static Login aws(String region) {
      return new Login(
          """
          AWS_ROLE_ARN: the role with 'secrets policy --for ci --backend aws%s' and what a deployment
            needs besides. It trusts the address of the GitLab server as identity provider, for the
            audience sts.amazonaws.com and the subject project_path:GROUP/PROJECT:ref_type:branch:ref:main.
          """,
          "sts.amazonaws.com",
          "SECRETS_BACKEND: aws\nSECRETS_AWS_REGION: " + region,
          "AWS_WEB_IDENTITY_TOKEN_FILE");
    }

    private static Login azure(String vault) {
      return new Login(
          """
          SECRETS_AZURE_TENANT_ID, SECRETS_AZURE_CLIENT_ID: the application with the roles of 'secrets
            policy --for ci --backend azure'. Its federated credential names the address of the
            GitLab server and the subject project_path:GROUP/PROJECT:ref_type:branch:ref:main.
          """,
          "api://AzureADTokenExchange",
          String.format(
              Locale.ROOT,
              """
              SECRETS_BACKEND: azure
              SECRETS_AZURE_VAULT_URL: https://%s.vault.azure.net
              SECRETS_AZURE_CREDENTIAL: workload-identity""",
              vault),
          "SECRETS_AZURE_FEDERATED_TOKEN_FILE");
    }

    private static Login vault(Map<String, String> facts) {
      return new Login(
          """
          SECRETS_VAULT_ADDRESS: the address of the server, which is the audience of the token as well.
          SECRETS_VAULT_ROLE: a role of the login 'jwt' with 'secrets policy --for ci --backend vault%s',
            bound to the issuer (the GitLab server), to that audience and to the claims project_path
            and ref.
          """,
          "$SECRETS_VAULT_ADDRESS",
          String.format(
              Locale.ROOT,
              """
              SECRETS_BACKEND: vault
              SECRETS_VAULT_MOUNT: %s
              SECRETS_VAULT_AUTH: jwt""",
              facts.getOrDefault("mount", "secret")),
          "SECRETS_VAULT_JWT_FILE");
    }
  }
}
