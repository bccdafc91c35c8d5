package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

  /**
   * The facts about the users of the roles that an inventory does not have. Immutable.
   *
   * @param repository the repository of GitHub whose deployments take the role of CI, as {@code
   *     OWNER/NAME}; empty if none does
   * @param platform the service of AWS that runs the service, such as {@code ecs-tasks}
   */
  public record Users(String repository, String platform) {
    /** The platforms by the option's word. */
    public static final List<String> PLATFORMS = List.of("ecs-tasks", "ec2", "lambda");
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
    RoleTable table = new RoleTable(inventory.service(), where.name());
    switch (backend) {
      case "aws" -> new AwsAttachment(facts, names, users).add(audiences, files, table);
      case "azure" -> new AzureAttachment(names, users).add(audiences, files, table);
      case "vault" -> new VaultAttachment(names).add(audiences, files, table);
      default -> gpg(audiences, table);
    }
    files.put("README.md", table.text());
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

  /**
   * Returns the beginning of a script with the check of its argument: a word that this script does
   * not know must not look like success.
   *
   * @param begin the beginning, with {@code @roles@} in the usage and {@code @check@} on a line
   * @param words the roles that the script attaches
   */
  static String checked(String begin, List<String> words) {
    String check =
        words.isEmpty()
            ? """
            echo "attach.sh: Cannot attach a policy: no role has all it needs. Read README.md." >&2
            exit 2
            """
            : String.format(
                Locale.ROOT,
                """
                case "$*" in
                  "" | %s) ;;
                  *)
                    echo "attach.sh: Cannot attach '$*': no such role here. Name one, or none for all: %s" >&2
                    exit 2
                    ;;
                esac
                """,
                String.join(" | ", words),
                String.join(", ", words));
    return begin.replace("@roles@", String.join("|", words)).replace("@check@\n", check);
  }

  private static void gpg(List<AccessPolicy.Audience> audiences, RoleTable table) {
    audiences.forEach(
        audience ->
            table.row(
                audience,
                "a user of the machine",
                file(audience, "gpg"),
                "whoever runs as that user",
                "sudo sh " + file(audience, "gpg")));
    table.note("Nobody has run these commands for you: read them first.");
  }

  /** The page of a folder: one row for each role. Used by one thread. */
  static final class RoleTable {
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder notes = new StringBuilder();

    RoleTable(String service, String environment) {
      out.append(
          String.format(
              Locale.ROOT,
              """
              # Secrets of %s, %s: roles and policies

              `secrets policy --out` wrote this folder from the inventory. Each row is a role: who takes it, what it may
              do, and the command that attaches it, to be run in this folder.

              | for | role | policy | who may take it | attach |
              |---|---|---|---|---|
              """,
              service,
              environment));
    }

    void row(
        AccessPolicy.Audience audience, String role, String policy, String trust, String attach) {
      out.append("| ")
          .append(EnumText.of(audience))
          .append(" | `")
          .append(role)
          .append("` | [")
          .append(policy)
          .append("](")
          .append(policy)
          .append(") | ")
          .append(trust)
          .append(" | `")
          .append(attach)
          .append("` |\n");
    }

    void note(String text) {
      notes.append('\n').append(text).append('\n');
    }

    String text() {
      return out + notes.toString();
    }
  }
}
