package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.Placeholders;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
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

  private static final Pattern PRINCIPAL = Pattern.compile("arn:[^:]*:[a-z]+::([0-9]{12}):.*");

  /** The facts of the inventory that locate a store, with the settings that do. */
  private static final Map<String, Map<String, String>> LOCATING =
      Map.of(
          "aws", Map.of("region", "aws.region"),
          "azure", Map.of("vault", "azure.vault-url"),
          "vault",
              new TreeMap<>(
                  Map.of(
                      "address", "vault.address",
                      "namespace", "vault.namespace",
                      "mount", "vault.mount")),
          "gpg", Map.of("folder", "gpg.store"));

  /** Failures of a look at a place; the work itself shows them if they last. */
  private static final Set<SecretException.Kind> UNSEEN =
      EnumSet.complementOf(
          EnumSet.of(SecretException.Kind.CONFIGURATION, SecretException.Kind.INTERRUPTED));

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

  /**
   * Fails if the settings lead to another store than the one that the inventory names. Does not ask
   * the backend.
   *
   * @throws SecretException {@code CONFIGURATION} that names both
   */
  public static void requireConfigured(InventoryLocation site, SecretProvider provider) {
    for (Difference each : configured(site.environment(), provider)) {
      throw elsewhere(site, each);
    }
  }

  /**
   * Fails unless the inventory agrees with the places of two stores between which secrets move: on
   * one backend, it names one of the two; otherwise the place on each. Does not ask the backend.
   *
   * @throws SecretException {@code CONFIGURATION} that names both
   */
  public static void requireConfigured(
      InventoryLocation site, SecretProvider from, SecretProvider to) {
    boolean isOneBackend = StoreSettings.backend(from).equals(StoreSettings.backend(to));
    if (!isOneBackend || !configured(site.environment(), to).isEmpty()) {
      requireConfigured(site, from);
    }
    if (!isOneBackend) {
      requireConfigured(site, to);
    }
  }

  private static SecretException elsewhere(InventoryLocation site, Difference each) {
    return SecretException.of(
            SecretException.Kind.CONFIGURATION, "use the store for the environment")
        .name(site.environment().name())
        .reason("the inventory " + site.inventory().source() + " " + each.text())
        .advice(
            "Choose the other store in the settings, or run '"
                + site.editing()
                + "' to correct "
                + each.fact())
        .build();
  }

  /**
   * Fails if the store is in another AWS account than the one that the inventory names; asks the
   * backend only if it names one. Blocks for the backend.
   *
   * @param stored the name of a secret, which need not exist yet
   * @param hint takes a remark if the account remains unknown
   * @throws SecretException {@code CONFIGURATION} that names both
   */
  public static void requireAccount(
      InventoryLocation site, SecretProvider provider, String stored, Consumer<String> hint) {
    NamedPlace place = new NamedPlace(site.environment(), StoreSettings.backend(provider));
    if (!place.scheme.equals("aws") || !place.names("account")) {
      return;
    }
    place.add("account", account(provider, stored));
    for (Difference each : place.found) {
      throw elsewhere(site, each);
    }
    for (String each : place.unknown) {
      hint.accept(
          each
              + " in the inventory is not compared: neither the secret nor this login shows the"
              + " account.");
    }
  }

  /**
   * Returns the account of a secret, or else that of the login; the empty text if neither shows.
   */
  private static String account(SecretProvider provider, String stored) {
    Optional<Map<String, String>> described =
        FreshRead.unless(UNSEEN, () -> provider.describe(stored));
    Matcher arn = ARN.matcher(described.orElse(Map.of()).getOrDefault("arn", ""));
    if (arn.matches()) {
      return arn.group(2);
    }
    Optional<Map<String, String>> caller = FreshRead.unless(UNSEEN, provider::check);
    Matcher principal = PRINCIPAL.matcher(caller.orElse(Map.of()).getOrDefault("principal", ""));
    return principal.matches() ? principal.group(1) : "";
  }

  /**
   * Returns a remark on the parts of the place that the inventory leaves open, with the values in
   * use; empty if it names all of them, or says nothing about this backend. Does not ask the
   * backend.
   */
  public static Optional<String> open(ServiceEnvironment environment, SecretProvider provider) {
    NamedPlace place = new NamedPlace(environment, StoreSettings.backend(provider));
    List<String> open = new ArrayList<>();
    LOCATING
        .getOrDefault(place.scheme, Map.of())
        .forEach(
            (fact, key) -> {
              String used = StoreSettings.value(provider, key);
              if (!place.facts.isEmpty() && place.named(fact).isEmpty() && !used.isEmpty()) {
                open.add(place.key + fact + ": " + used);
              }
            });
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of("the inventory leaves open, so this is used: " + String.join(", ", open));
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
      default -> {} // the settings say it
    }
    configured(environment, provider).stream()
        .filter(each -> place.found.stream().noneMatch(seen -> seen.fact().equals(each.fact())))
        .forEach(place.found::add);
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
    LOCATING
        .getOrDefault(scheme, Map.of())
        .forEach(
            (fact, key) -> {
              String value = StoreSettings.value(provider, key);
              switch (fact) {
                case "folder" -> folder(place, value);
                case "vault" -> place.add(fact, vault(value));
                case "namespace" ->
                    // The root has no name of its own; an address shows that the store is known.
                    place.add(
                        fact,
                        value.isEmpty() && !StoreSettings.value(provider, "vault.address").isEmpty()
                            ? "root"
                            : value.replaceAll("/+$", ""));
                default -> place.add(fact, value);
              }
            });
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
    private final String scheme;
    private final String key;
    private final Map<String, String> facts;
    private final List<Difference> found = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    NamedPlace(ServiceEnvironment environment, String scheme) {
      this.scheme = scheme;
      this.key = "environments." + environment.name() + "." + scheme + ".";
      this.facts = environment.backends().getOrDefault(scheme, Map.of());
    }

    /** Policies for Vault have this mount where the inventory names none. */
    String named(String fact) {
      return facts.getOrDefault(fact, fact.equals("mount") && !facts.isEmpty() ? "secret" : "");
    }

    /** A value of the example has its own warning, and names no store. */
    boolean names(String fact) {
      return !named(fact).isEmpty() && !Placeholders.isOne(named(fact));
    }

    void add(String fact, String actual) {
      String named = named(fact);
      if (!names(fact)) {
        return;
      }
      if (actual.isEmpty()) {
        unknown.add(key + fact);
      } else if (!named.equalsIgnoreCase(actual)) {
        found.add(new Difference(key + fact, named, actual));
      }
    }
  }
}
