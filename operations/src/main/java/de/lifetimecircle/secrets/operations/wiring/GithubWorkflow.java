package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes a GitHub Actions workflow that deploys a service. The secrets exist only in one step,
 * masked, and the runner logs in with a short-lived token of GitHub. Stateless; does not call the
 * backend.
 */
public final class GithubWorkflow {
  /** The backends that accept a token of GitHub, by scheme. */
  public static final List<String> BACKENDS = GithubLogin.SCHEMES;

  // The commits of these versions, because a tag can be moved.
  private static final String CHECKOUT =
      "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";

  private static final String HEAD =
      """
      # Written by 'secrets ci github' from the inventory; change that, then run it again.
      #
      # In the settings of the repository, make the environment '@deployment@' with the people who have
      # to agree to a deployment, and give it these variables (none of them is a secret):
      @explanation@
      name: Deploy @environment@

      on:
        workflow_dispatch:

      permissions: {}

      concurrency:
        group: deploy-@environment@
        cancel-in-progress: false

      defaults:
        run:
          shell: bash

      jobs:
        deploy:
          name: Deploy @service@ to @environment@
          runs-on: ubuntu-24.04
          timeout-minutes: 30
          environment: @deployment@
          permissions:
            contents: read # to check the repository out
            id-token: write # to log in with a token of GitHub instead of a key
          steps:
            - name: Check out
              uses: @checkout@
              with:
                persist-credentials: false
      """;

  private static final String INSTALL =
      """

            - name: Install the command secrets
              env:
                ARCHIVE: @archive@
                SHA256: @sha256@
              run: |
                cd "$RUNNER_TEMP"
                curl --fail --silent --show-error --location --proto '=https' --retry 3 \\
                  --output secrets.tar.gz "$ARCHIVE"
                echo "$SHA256  secrets.tar.gz" | sha256sum --check --quiet -
                mkdir secrets
                tar -xzf secrets.tar.gz -C secrets --strip-components=1
      """;

  private static final Pattern ADDRESS = Pattern.compile("https://[A-Za-z0-9._~:/%+=&?@-]{1,500}");
  private static final Pattern SUM = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%+=:,./_-]+");

  private GithubWorkflow() {}

  /**
   * The archive of the command {@code secrets} that a runner fetches. Immutable.
   *
   * @param address its address, by {@code https}
   * @param sha256 its SHA-256 as 64 small hexadecimal digits; the runner checks it
   */
  public record Archive(String address, String sha256) {
    /**
     * Checks both.
     *
     * @throws SecretException {@code CONFIGURATION} if one has another form
     */
    public Archive {
      if (!ADDRESS.matcher(address).matches()) {
        throw failure("the address of the archive is not of the form https://HOST/PATH")
            .advice("Name a place that runners of GitHub can reach")
            .build();
      }
      if (!SUM.matcher(sha256).matches()) {
        throw failure("the checksum of the archive is not of 64 small hexadecimal digits")
            .advice("Take what 'sha256sum' prints for it")
            .build();
      }
    }
  }

  /**
   * Returns the workflow as YAML.
   *
   * @param environment its name; empty if the inventory has only one
   * @param file the inventory's path in the repository
   * @param backend one of {@link #BACKENDS}
   * @throws SecretException {@code CONFIGURATION} if there is no such environment, if it lacks a
   *     fact about the backend or a hook {@code deploy}, or if {@code ci} reads none of its secrets
   * @throws IllegalArgumentException for another backend
   */
  public static String text(
      Inventory inventory, String environment, String file, String backend, Archive archive) {
    ServiceEnvironment where = inventory.environment(environment);
    List<WiredVariable> wires =
        ProgramWiring.of(inventory, environment, AccessPolicy.Audience.CI).wires();
    GithubLogin login = GithubLogin.of(backend, where);
    String deployment = where.name().equals("prod") ? "production" : where.name();
    String deploy = deploy(inventory, where, wires);
    requireInside(file);
    // Hooks run in the inventory's folder, as in a rotation.
    String folder =
        file.contains("/")
            ? "        working-directory: " + file.substring(0, file.lastIndexOf('/')) + "\n"
            : "";
    return head(inventory, file, where, deployment, login)
        + INSTALL.replace("@archive@", archive.address()).replace("@sha256@", archive.sha256())
        + login.step()
        + "\n      # The only step with the secrets. They are in the environment of this program\n"
        + "      # only: not in that of the job, not in a file, and masked in the log.\n"
        + "      - name: Deploy\n"
        + folder
        + "        env:\n          SECRETS_OVERRIDES: \"off\"\n"
        + reason(inventory, "          SECRETS_AUDIT_REASON: deployment ${{ github.run_id }}\n")
        + indented(login.variables(), 10)
        + "        run: |\n"
        + indented(login.script(), 10)
        + "          \"$RUNNER_TEMP/secrets/bin/secrets\" exec --for ci --inventory "
        + file.substring(file.lastIndexOf('/') + 1)
        + " --environment "
        + where.name()
        + " \\\n            --mask github -- "
        + deploy
        + "\n"
        + verify(inventory, where, wires, folder);
  }

  /** Returns the line that gives a job its reason, if the inventory demands one. */
  static String reason(Inventory inventory, String line) {
    return inventory.audit().reason() == AuditRules.Reason.REQUIRED ? line : "";
  }

  static void requireInside(String file) {
    boolean inside = !file.startsWith("/") && !List.of(file.split("/", -1)).contains("..");
    if (!PLAIN.matcher(file).matches() || !inside) {
      throw failure("the inventory's place is not a plain path inside the repository")
          .advice("Run it in the root of the repository, for example with --inventory secrets.yaml")
          .build();
    }
  }

  private static String head(
      Inventory inventory,
      String file,
      ServiceEnvironment where,
      String deployment,
      GithubLogin login) {
    String explanation =
        GithubLogin.pasteable(login.explanation(), inventory, file, where)
            .replaceAll("(?m)^", "# ");
    return HEAD.replace("@environment@", where.name())
        .replace("@deployment@", deployment)
        .replace("@service@", inventory.service())
        .replace("@explanation@", explanation)
        .replace("@checkout@", CHECKOUT);
  }

  /** Returns the program that deploys, which must be the same for all secrets of a deployment. */
  static String deploy(Inventory inventory, ServiceEnvironment where, List<WiredVariable> wires) {
    Set<List<String>> hooks = hooks("deploy", inventory, where, wires);
    if (hooks.size() != 1) {
      throw failure(
              hooks.isEmpty()
                  ? "the inventory has no hook 'deploy'"
                  : "the secrets that ci reads have different hooks 'deploy'")
          .advice("Give the inventory one at its top, such as deploy: [bash, ./tools/deploy.sh]")
          .build();
    }
    return line(hooks.iterator().next());
  }

  private static String verify(
      Inventory inventory, ServiceEnvironment where, List<WiredVariable> wires, String folder) {
    StringBuilder out = new StringBuilder();
    for (List<String> hook : hooks("verify", inventory, where, wires)) {
      out.append(out.isEmpty() ? "\n      - name: Verify\n" + folder + "        run: |\n" : "");
      out.append("          ").append(line(hook)).append('\n');
    }
    return out.toString();
  }

  static Set<List<String>> hooks(
      String step, Inventory inventory, ServiceEnvironment where, List<WiredVariable> wires) {
    Set<List<String>> hooks = new LinkedHashSet<>();
    for (InventorySecret secret : inventory.secrets(where)) {
      String stored = where.stored(secret.name());
      if (wires.stream().anyMatch(wire -> wire.name().equals(stored))) {
        List<String> hook = secret.hooks().get(step);
        if (hook != null) {
          hooks.add(hook);
        }
      }
    }
    return hooks;
  }

  /** Returns a program with its arguments, quoted for a shell. */
  static String line(List<String> program) {
    StringBuilder line = new StringBuilder();
    for (String argument : program) {
      if (argument.contains("${{") || argument.chars().anyMatch(Character::isISOControl)) {
        throw failure("an argument of a hook has a line end, or a '${{' that GitHub would fill in")
            .advice("Move it into a script, and name that in the hook")
            .build();
      }
      boolean plain = PLAIN.matcher(argument).matches();
      line.append(line.isEmpty() ? "" : " ");
      line.append(plain ? argument : "'" + argument.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }

  static String indented(String lines, int spaces) {
    return lines.isEmpty() ? "" : lines.indent(spaces);
  }

  static SecretException.Builder failure(String reason) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "write the workflow")
        .reason(reason);
  }
}
