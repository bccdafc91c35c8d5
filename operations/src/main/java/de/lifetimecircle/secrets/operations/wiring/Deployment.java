package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.AuditRules;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ServiceSettings;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The job that deploys a service, for the templates of GitHub and GitLab. Immutable.
 *
 * @param environment the name of the environment, there too: the policies trust a job in it
 * @param settings the settings with which a program reads the secrets of the environment
 * @param options the options of a command that can be pasted in the folder of the inventory
 * @param folder the folder of the inventory, where hooks run, as in a rotation; empty for the root
 *     of the repository
 * @param inventory the name of its file
 * @param deploy the program that deploys, quoted for a shell
 * @param verify the programs that show its success, quoted for a shell
 * @param reason whether a read needs a reason
 */
record Deployment(
    String service,
    String environment,
    String backend,
    ServiceSettings settings,
    String options,
    String folder,
    String inventory,
    CiSystem.Archive archive,
    String deploy,
    List<String> verify,
    AuditRules.Reason reason) {
  /** The backends that accept a token of the job, by scheme. */
  static final List<String> SCHEMES = List.of("aws", "azure", "vault");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%+=:,./_-]+");

  /**
   * Collects the facts.
   *
   * @param name the environment; empty if the inventory has only one
   * @param file the inventory's path in the repository
   * @throws SecretException as {@link CiSystem#text}
   */
  static Deployment of(
      Inventory inventory, String name, String file, String backend, CiSystem.Archive archive) {
    ServiceEnvironment where = inventory.environment(name);
    List<SecretVariable> wires =
        ProgramWiring.of(inventory, name, AccessPolicy.Audience.CI).wires();
    ServiceSettings settings = settings(where, backend);
    String deploy = deploy(inventory, where, wires);
    requireInside(file);
    String place = file.substring(file.lastIndexOf('/') + 1);
    return new Deployment(
        inventory.service(),
        where.name(),
        backend,
        settings,
        (place.equals(Inventory.FILE) ? "" : " --inventory " + ShellWord.of(place))
            + (inventory.environmentNames().size() > 1 ? " --environment " + where.name() : ""),
        file.contains("/") ? file.substring(0, file.lastIndexOf('/')) : "",
        place,
        archive,
        deploy,
        hooks("verify", inventory, where, wires).stream().map(Deployment::line).toList(),
        inventory.audit().reason());
  }

  boolean needsReason() {
    return reason == AuditRules.Reason.REQUIRED;
  }

  /** Returns the variable that names the file with the job's token. */
  String tokenVariable() {
    return switch (backend) {
      case "aws" -> "AWS_WEB_IDENTITY_TOKEN_FILE";
      case "azure" -> "SECRETS_AZURE_FEDERATED_TOKEN_FILE";
      default -> "SECRETS_VAULT_JWT_FILE";
    };
  }

  private static ServiceSettings settings(ServiceEnvironment where, String backend) {
    if (!SCHEMES.contains(backend)) {
      throw new IllegalArgumentException("expected one of " + SCHEMES);
    }
    String key = backend.equals("aws") ? "region" : "vault"; // in Vault the mount has a default
    if (!backend.equals("vault")
        && !where.backends().getOrDefault(backend, Map.of()).containsKey(key)) {
      throw failure("the inventory lacks environments." + where.name() + "." + backend + "." + key)
          .advice("Add it, as in " + where.name() + ": {" + backend + ": {" + key + ": VALUE}}")
          .build();
    }
    return ServiceSettings.of(where, backend);
  }

  private static void requireInside(String file) {
    boolean inside = !file.startsWith("/") && !List.of(file.split("/", -1)).contains("..");
    if (!PLAIN.matcher(file).matches() || !inside) {
      throw failure("the inventory's place is not a plain path inside the repository")
          .advice("Run it in the root of the repository, for example with --inventory secrets.yaml")
          .build();
    }
  }

  /** Returns the program that deploys, which must be the same for all secrets of a deployment. */
  private static String deploy(
      Inventory inventory, ServiceEnvironment where, List<SecretVariable> wires) {
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

  private static Set<List<String>> hooks(
      String step, Inventory inventory, ServiceEnvironment where, List<SecretVariable> wires) {
    Set<String> read = wires.stream().map(SecretVariable::name).collect(Collectors.toSet());
    return inventory.secrets(where).stream()
        .filter(secret -> read.contains(where.stored(secret.name())))
        .flatMap(secret -> Optional.ofNullable(secret.hooks().get(step)).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Returns a program with its arguments, quoted for a shell. */
  private static String line(List<String> program) {
    for (String argument : program) {
      if (argument.contains("${{") || argument.chars().anyMatch(Character::isISOControl)) {
        throw failure("an argument of a hook has a line end, or a '${{' that GitHub would fill in")
            .advice("Move it into a script, and name that in the hook")
            .build();
      }
    }
    return ShellWord.line(program);
  }

  static SecretException.Builder failure(String reason) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "write the workflow")
        .reason(reason);
  }
}
