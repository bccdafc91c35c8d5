package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ServiceSettings;
import de.lifetimecircle.secrets.operations.inventory.Worded;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a folder that an administrator can apply: the policies, who may take each role, the script
 * that attaches them, and a page that names all of it. Does not call the backend. Stateless.
 */
public final class PolicyFolder {
  /** The script that attaches the policies. */
  public static final String SCRIPT = "attach.sh";

  private PolicyFolder() {}

  /** A service of AWS that runs a service and takes its role. */
  public enum Platform implements Worded {
    /** Containers. */
    ECS_TASKS,
    /** Virtual machines. */
    EC2,
    /** Functions. */
    LAMBDA
  }

  /**
   * The facts about the users of the roles that an inventory does not have. Immutable.
   *
   * @param repository the repository of GitHub whose deployments take the role of CI, as {@code
   *     OWNER/NAME}, or {@code OWNER@ID/NAME@ID} where GitHub's tokens have the ids; empty if none
   *     does
   * @param platform the service of AWS that runs the service
   */
  public record Users(String repository, Platform platform) {
    /** Returns the subject of the tokens that GitHub issues for deployments to an environment. */
    String subject(ServiceEnvironment environment) {
      return "repo:" + repository + ":environment:" + environment.name();
    }
  }

  /**
   * A role.
   *
   * @param name its name, for the script
   * @param title its name with the kind, for people
   * @param policy the name under which the script attaches the policy
   * @param taker the program that may take it
   * @param attach the command that attaches it; a dash if something is missing
   */
  record Role(
      AccessPolicy.Audience audience,
      String name,
      String title,
      String policy,
      String taker,
      String attach) {
    String word() {
      return EnumText.of(audience);
    }

    String variable() {
      return PolicyFolder.variable(audience);
    }
  }

  /**
   * The facts of the page and the script.
   *
   * @param settings the settings of the service, as far as the inventory has them
   * @param azure the policies on Azure by role; empty for other backends
   */
  record Contents(
      String service,
      String environment,
      String backend,
      Users users,
      List<Role> roles,
      ServiceSettings settings,
      Map<AccessPolicy.Audience, AzurePolicy> azure) {
    /** Returns the roles that have all they need. */
    List<Role> attachable() {
      return roles.stream().filter(role -> !role.attach().equals("-")).toList();
    }

    String file(Role role) {
      return PolicyFolder.file(role.audience(), backend);
    }

    boolean has(AccessPolicy.Audience audience) {
      return roles.stream().anyMatch(role -> role.audience() == audience);
    }

    /** Returns whether the trust lacks the ids that tokens of a newer repository have. */
    boolean trustsNameOnly() {
      return List.of("aws", "azure").contains(backend)
          && has(AccessPolicy.Audience.CI)
          && !users.repository().isEmpty()
          && !users.repository().contains("@");
    }

    /** Returns whether deployments of GitHub take that role. */
    boolean trustsGithub(AccessPolicy.Audience audience) {
      return audience == AccessPolicy.Audience.CI && !users.repository().isEmpty();
    }
  }

  /**
   * Returns the files by name. A name that ends with {@code .sh} is a script.
   *
   * @param environment its name; empty if the inventory has only one
   * @param backend one of {@link AccessPolicy#BACKENDS}
   * @param audiences the roles, at least one
   * @throws SecretException as {@link AccessPolicy#text}
   */
  public static Map<String, String> files(
      Inventory inventory,
      String environment,
      List<AccessPolicy.Audience> audiences,
      String backend,
      Users users) {
    ServiceEnvironment where = inventory.environment(environment);
    RoleNames names = new RoleNames(inventory, where);
    AccessPolicy.Facts facts = new AccessPolicy.Facts(where, backend);
    Map<String, String> files = new LinkedHashMap<>();
    for (AccessPolicy.Audience audience : audiences) {
      files.put(
          file(audience, backend), AccessPolicy.text(inventory, where.name(), audience, backend));
    }
    Map<AccessPolicy.Audience, AzurePolicy> azure = new LinkedHashMap<>();
    if (backend.equals("azure")) {
      for (AccessPolicy.Audience audience : audiences) {
        List<String> secrets = AccessPolicy.names(inventory, where, audience);
        azure.put(audience, AzurePolicy.of(facts, inventory.service(), audience, secrets));
      }
    }
    List<Role> roles =
        switch (backend) {
          case "aws" -> new AwsAttachment(facts, names, users).roles(audiences, files);
          case "azure" -> new AzureAttachment(names, users, azure).roles(files);
          case "vault" -> audiences.stream().map(each -> vault(names, each)).toList();
          default -> audiences.stream().map(PolicyFolder::gpg).toList();
        };
    Contents contents =
        new Contents(
            inventory.service(),
            where.name(),
            backend,
            users,
            roles,
            ServiceSettings.of(where, backend),
            azure);
    if (!backend.equals("gpg")) {
      files.put(SCRIPT, Templates.text(out -> JteAttachGenerated.render(out, null, contents)));
    }
    files.put("README.md", Templates.text(out -> JteReadmeGenerated.render(out, null, contents)));
    return files;
  }

  /**
   * Returns the role of an audience as the backend calls it; empty if the backend has no roles of
   * that name, or the inventory lacks the account.
   *
   * @param environment its name; empty if the inventory has only one
   */
  public static Optional<String> role(
      Inventory inventory, String environment, AccessPolicy.Audience audience, String backend) {
    ServiceEnvironment where = inventory.environment(environment);
    RoleNames names = new RoleNames(inventory, where);
    AccessPolicy.Facts facts = new AccessPolicy.Facts(where, backend);
    String account = facts.optional("account");
    return switch (backend) {
      case "aws" ->
          account.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  "arn:"
                      + AwsPolicy.partition(facts.optional("region"))
                      + ":iam::"
                      + account
                      + ":role/"
                      + names.aws(audience, account));
      case "vault" -> Optional.of("approle/" + names.vault(audience));
      default -> Optional.empty();
    };
  }

  /** Returns the name of a policy's file. */
  public static String file(AccessPolicy.Audience audience, String backend) {
    String ending =
        switch (backend) {
          case "vault" -> ".hcl";
          case "gpg" -> ".sh";
          default -> ".json";
        };
    return EnumText.of(audience) + ending;
  }

  private static Role vault(RoleNames names, AccessPolicy.Audience audience) {
    String name = names.vault(audience);
    String taker = "whoever has its role id and a secret id";
    String attach = "sh attach.sh " + EnumText.of(audience);
    return new Role(audience, name, "approle/" + name, names.usual(audience), taker, attach);
  }

  private static Role gpg(AccessPolicy.Audience audience) {
    String file = file(audience, "gpg");
    if (audience == AccessPolicy.Audience.CI) {
      // Root has other settings, and so another store.
      String reader = "a recipient of the store";
      return new Role(audience, reader, reader, "", "whoever has its private key", "sh " + file);
    }
    String user = "a user of the machine";
    return new Role(audience, user, user, "", "whoever runs as that user", "sudo sh " + file);
  }

  /** Returns the variable of the script that holds the id of an identity in Azure. */
  static String variable(AccessPolicy.Audience audience) {
    return audience.name() + "_PRINCIPAL_ID";
  }
}
