package de.lifetimecircle.secrets.operations.policy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.text.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes least-privilege policies in the language of a backend: access to exactly the secrets that
 * the inventory grants to an audience. Stateless; does not call the backend.
 */
public final class AccessPolicy {
  /** The backends with policies, by scheme. */
  public static final List<String> BACKENDS = List.of("aws", "azure", "vault", "gpg");

  /** The receiver of the permissions. */
  public enum Audience {
    /**
     * The service: reads the secrets that name it as a reader, with the versions it must accept.
     */
    SERVICE,
    /** A deployment: reads the secrets that name it as a reader. */
    CI,
    /**
     * The program that generates, rotates and checks: reads and writes all secrets, deletes none.
     */
    ROTATOR
  }

  private AccessPolicy() {}

  /**
   * Returns the policy: IAM JSON, role assignments as JSON, HCL, or commands.
   *
   * @param environment its name; empty if the inventory has only one
   * @param backend one of {@link #BACKENDS}
   * @throws SecretException {@code CONFIGURATION} if there is no such environment, if it lacks a
   *     fact about the backend, or if that audience reads nothing; {@code TOO_LARGE} if the backend
   *     would refuse the policy for its size
   * @throws IllegalArgumentException for another backend
   */
  public static String text(
      Inventory inventory, String environment, Audience audience, String backend) {
    ServiceEnvironment where = inventory.environment(environment);
    List<String> names = names(inventory, where, audience);
    Facts facts = new Facts(where, backend);
    return switch (backend) {
      case "aws" -> AwsPolicy.text(facts, audience, names);
      case "azure" -> AzurePolicy.of(facts, inventory.service(), audience, names).text();
      case "vault" -> {
        String mount = facts.optional("mount").isEmpty() ? "secret" : facts.optional("mount");
        yield Templates.text(
            out ->
                JteVaultPolicyGenerated.render(out, null, audience, names, mount, where.prefix()));
      }
      case "gpg" -> gpg(facts, audience);
      default -> throw new IllegalArgumentException("expected one of " + BACKENDS);
    };
  }

  private static String gpg(Facts facts, Audience audience) {
    if (audience == Audience.CI) {
      return Templates.text(out -> JteGpgPolicyGenerated.render(out, null, audience, "", "", ""));
    }
    String folder = facts.required("folder");
    String user = facts.required("user");
    String group = facts.required("group");
    return Templates.text(
        out -> JteGpgPolicyGenerated.render(out, null, audience, folder, user, group));
  }

  /** Returns the names of the audience's secrets in the store. */
  static List<String> names(
      Inventory inventory, ServiceEnvironment environment, Audience audience) {
    List<String> names = new ArrayList<>();
    for (InventorySecret secret : inventory.secrets(environment)) {
      if (audience == Audience.ROTATOR || secret.readers().contains(EnumText.of(audience))) {
        names.add(environment.stored(secret.name()));
      }
    }
    if (names.isEmpty()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "write the policy")
          .reason("no secret there names '" + EnumText.of(audience) + "' among its readers")
          .advice("Add it to the readers in the inventory")
          .build();
    }
    return names;
  }

  /** Returns the name of a secret, or of a prefix, in Azure Key Vault. */
  public static String azureName(String name) {
    return AzurePolicy.stored(name);
  }

  /** The facts about a backend in the inventory. */
  record Facts(ServiceEnvironment environment, String backend) {
    /**
     * Returns a required fact.
     *
     * @throws SecretException {@code CONFIGURATION} that names the missing key
     */
    String required(String key) {
      String fact = optional(key);
      if (fact.isEmpty()) {
        String path = "environments." + environment.name() + "." + backend + "." + key;
        throw SecretException.of(SecretException.Kind.CONFIGURATION, "write the policy")
            .reason("the inventory lacks " + path)
            .advice(
                "Add it, as in " + environment.name() + ": {" + backend + ": {" + key + ": VALUE}}")
            .build();
      }
      return fact;
    }

    String optional(String key) {
      Map<String, String> facts = environment.backends().getOrDefault(backend, Map.of());
      return facts.getOrDefault(key, "");
    }
  }
}
