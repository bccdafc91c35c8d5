package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
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

  /**
   * The result of a comparison. Immutable.
   *
   * @param differences the contradictions
   * @param unknown the keys in the inventory that could not be compared
   */
  public record Comparison(List<Difference> differences, List<String> unknown) {}

  private StorePlace() {}

  /**
   * Describes one secret and compares. Without the right to describe, compares the configuration,
   * which has no account: a deployment may read a value and not describe it. Finds nothing if the
   * inventory names no place, or if the store does not answer, which the caller's own calls show.
   * Blocks for the backend.
   *
   * @param stored the name of an existing secret in the store
   */
  public static Comparison compare(
      ServiceEnvironment environment, SecretProvider provider, String stored) {
    return compare(environment, provider, () -> provider.describe(stored));
  }

  static Comparison compare(
      ServiceEnvironment environment,
      SecretProvider provider,
      Supplier<Map<String, String>> description) {
    if (!environment.backends().containsKey(StoreSettings.backend(provider))) {
      return new Comparison(List.of(), List.of());
    }
    try {
      return new Comparison(differences(environment, provider, description.get()), List.of());
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.ACCESS_DENIED) {
        return new Comparison(List.of(), List.of());
      }
      NamedPlace place = configuredPlace(environment, provider);
      place.add("account", "");
      return new Comparison(place.found, place.unknown);
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
    for (Difference each : compare(site.environment(), provider, stored).differences()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, action)
          .name(stored)
          .reason("the inventory " + each.text() + ", so the old value may stay valid elsewhere")
          .advice("Run '" + site.editing() + "' to " + each.advice())
          .build();
    }
  }

  /** Returns the contradictions to these facts about a secret; does not ask the backend. */
  static List<Difference> differences(
      ServiceEnvironment environment, SecretProvider provider, Map<String, String> facts) {
    String scheme = StoreSettings.backend(provider);
    NamedPlace place = new NamedPlace(environment, scheme);
    switch (scheme) {
      case "aws" -> {
        Matcher arn = ARN.matcher(facts.getOrDefault("arn", ""));
        if (arn.matches()) {
          place.add("region", arn.group(1));
          place.add("account", arn.group(2));
        }
      }
      case "azure" -> place.add("vault", vault(facts.getOrDefault("vault", "")));
      case "vault" -> mount(place, facts.getOrDefault("path", ""), provider);
      case "gpg" -> folder(place, StoreSettings.value(provider, "gpg.store"));
      default -> {
        return List.of();
      }
    }
    return place.found;
  }

  /**
   * Returns the contradictions to the configuration of a provider; does not ask the backend, so it
   * knows no account.
   */
  public static List<Difference> configured(
      ServiceEnvironment environment, SecretProvider provider) {
    return configuredPlace(environment, provider).found;
  }

  private static NamedPlace configuredPlace(
      ServiceEnvironment environment, SecretProvider provider) {
    String scheme = StoreSettings.backend(provider);
    NamedPlace place = new NamedPlace(environment, scheme);
    switch (scheme) {
      case "aws" -> place.add("region", StoreSettings.value(provider, "aws.region"));
      case "azure" -> place.add("vault", vault(StoreSettings.value(provider, "azure.vault-url")));
      case "vault" -> place.add("mount", StoreSettings.value(provider, "vault.mount"));
      default -> folder(place, StoreSettings.value(provider, "gpg.store"));
    }
    return place;
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
  private static void mount(NamedPlace place, String path, SecretProvider provider) {
    if (!path.isEmpty() && !path.startsWith(place.named("mount") + "/")) {
      String mount = StoreSettings.value(provider, "vault.mount");
      place.add("mount", mount.isEmpty() ? path.split("/", 2)[0] : mount);
    }
  }

  /** The inventory has the folder of the server, which most other machines do not have. */
  private static void folder(NamedPlace place, String store) {
    try {
      Path named = Path.of(place.named("folder"));
      if (!place.named("folder").isEmpty()
          && !store.isEmpty()
          && Files.isDirectory(named)
          && !Files.isSameFile(named, Path.of(store))) {
        place.add("folder", store);
      }
    } catch (IOException | InvalidPathException e) {
      return; // a store that is not there yet, or not readable, has its own finding
    }
  }

  /** The place of one backend in the inventory. Used by one thread. */
  private static final class NamedPlace {
    private final String key;
    private final Map<String, String> facts;
    private final List<Difference> found = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    NamedPlace(ServiceEnvironment environment, String scheme) {
      this.key = "environments." + environment.name() + "." + scheme + ".";
      this.facts = environment.backends().getOrDefault(scheme, Map.of());
    }

    /** Policies for Vault have this mount where the inventory names none. */
    String named(String fact) {
      return facts.getOrDefault(fact, fact.equals("mount") ? "secret" : "");
    }

    void add(String fact, String actual) {
      String named = named(fact);
      if (named.isEmpty() || Placeholders.isOne(named)) {
        return; // a value of the example has its own warning, and names no store
      }
      if (actual.isEmpty()) {
        unknown.add(key + fact);
      } else if (!named.equalsIgnoreCase(actual)) {
        found.add(new Difference(key + fact, named, actual));
      }
    }
  }
}
