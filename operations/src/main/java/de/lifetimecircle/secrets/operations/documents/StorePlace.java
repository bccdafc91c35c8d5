package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the place of the store that the inventory names, from which policies and documents
 * follow, with the place from which the store answers. Stateless.
 */
public final class StorePlace {
  private static final Pattern ARN =
      Pattern.compile("arn:[^:]*:secretsmanager:([^:]*):([0-9]{12}):secret:.*");

  /** A stand-in, or a name of the team's own, does not show the name of the vault. */
  private static final Pattern VAULT =
      Pattern.compile("([a-z0-9-]+)\\.(?:privatelink\\.)?(?:vault|vaultcore)\\..+");

  /**
   * One contradiction. Immutable.
   *
   * @param fact the key in the inventory, such as {@code environments.prod.aws.account}
   * @param named its value there
   * @param actual the value of the store
   */
  public record Difference(String fact, String named, String actual) {
    /** Returns it as one English clause. */
    public String text() {
      return "names another store: " + fact + " is " + named + ", and the store is " + actual;
    }

    /** Returns what a person can do about it. */
    public String advice() {
      return "correct " + fact + ", or choose the other store";
    }
  }

  private StorePlace() {}

  /**
   * Describes one secret and returns the contradictions; none if the inventory names no place, or
   * these permissions do not show any. Blocks for the backend.
   *
   * @param stored the name of an existing secret in the store
   */
  public static List<Difference> differences(
      ServiceEnvironment environment, SecretProvider provider, String stored) {
    if (!environment.backends().containsKey(setting(provider, "backend"))) {
      return List.of();
    }
    try {
      return differences(environment, provider, provider.describe(stored));
    } catch (SecretException e) {
      return List.of(); // a deployment may read a value and not describe it
    }
  }

  /**
   * Fails if the store is not the one that the inventory names: in another account the old value
   * would stay valid, and all would look done.
   *
   * @param stored the name of an existing secret in the store
   * @param action the action, for the message
   * @throws SecretException {@code CONFIGURATION} if there is a contradiction
   */
  public static void require(
      InventoryLocation site, SecretProvider provider, String stored, String action) {
    for (Difference each : differences(site.environment(), provider, stored)) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, action)
          .name(stored)
          .reason("the inventory " + each.text() + ", so the old value may stay valid elsewhere")
          .advice("Run '" + site.here().editing() + "' to " + each.advice())
          .build();
    }
  }

  /** Returns the contradictions to these facts about a secret; does not ask the backend. */
  static List<Difference> differences(
      ServiceEnvironment environment, SecretProvider provider, Map<String, String> facts) {
    String scheme = setting(provider, "backend");
    Comparison comparison = new Comparison(environment, scheme);
    switch (scheme) {
      case "aws" -> {
        Matcher arn = ARN.matcher(facts.getOrDefault("arn", ""));
        if (arn.matches()) {
          comparison.add("region", arn.group(1));
          comparison.add("account", arn.group(2));
        }
      }
      case "azure" -> comparison.add("vault", vault(facts.getOrDefault("vault", "")));
      case "vault" -> mount(comparison, facts.getOrDefault("path", ""), provider);
      case "gpg" -> folder(comparison, setting(provider, "gpg.store"));
      default -> {
        return List.of();
      }
    }
    return comparison.found;
  }

  /**
   * Returns the contradictions to the configuration of a provider; does not ask the backend, so it
   * knows no account.
   */
  public static List<Difference> configured(
      ServiceEnvironment environment, SecretProvider provider) {
    String scheme = setting(provider, "backend");
    Comparison comparison = new Comparison(environment, scheme);
    switch (scheme) {
      case "aws" -> comparison.add("region", setting(provider, "aws.region"));
      case "azure" -> comparison.add("vault", vault(setting(provider, "azure.vault-url")));
      case "vault" -> comparison.add("mount", setting(provider, "vault.mount"));
      default -> folder(comparison, setting(provider, "gpg.store"));
    }
    return comparison.found;
  }

  private static String vault(String url) {
    try {
      String host = URI.create(url).getHost();
      Matcher known = VAULT.matcher(host == null ? "" : host.toLowerCase(Locale.ROOT));
      return known.matches() ? known.group(1) : "";
    } catch (IllegalArgumentException e) {
      return ""; // the backend rejects this URL itself
    }
  }

  /** A mount may have several segments, so a path alone does not show where it ends. */
  private static void mount(Comparison comparison, String path, SecretProvider provider) {
    if (!path.isEmpty() && !path.startsWith(comparison.named("mount") + "/")) {
      String mount = setting(provider, "vault.mount");
      comparison.add("mount", mount.isEmpty() ? path.split("/", 2)[0] : mount);
    }
  }

  /** The inventory has the folder of the server, which most other machines do not have. */
  private static void folder(Comparison comparison, String store) {
    try {
      Path named = Path.of(comparison.named("folder"));
      if (!comparison.named("folder").isEmpty()
          && !store.isEmpty()
          && Files.isDirectory(named)
          && !Files.isSameFile(named, Path.of(store))) {
        comparison.add("folder", store);
      }
    } catch (IOException | InvalidPathException e) {
      return; // a store that is not there yet, or not readable, has its own finding
    }
  }

  private static String setting(SecretProvider provider, String key) {
    return provider.settings().stream()
        .filter(setting -> setting.key().equals(key))
        .map(Setting::value)
        .findFirst()
        .orElse("");
  }

  /** The facts of one backend. Used by one thread. */
  private static final class Comparison {
    private final String key;
    private final Map<String, String> facts;
    private final List<Difference> found = new ArrayList<>();

    Comparison(ServiceEnvironment environment, String scheme) {
      this.key = "environments." + environment.name() + "." + scheme + ".";
      this.facts = environment.backends().getOrDefault(scheme, Map.of());
    }

    /** Policies for Vault have this mount where the inventory names none. */
    String named(String fact) {
      return facts.getOrDefault(fact, fact.equals("mount") ? "secret" : "");
    }

    void add(String fact, String actual) {
      String named = named(fact);
      // A value of the example has its own warning, and names no store.
      boolean names = !named.isEmpty() && !Placeholders.isOne(named);
      if (names && !actual.isEmpty() && !named.equalsIgnoreCase(actual)) {
        found.add(new Difference(key + fact, named, actual));
      }
    }
  }
}
