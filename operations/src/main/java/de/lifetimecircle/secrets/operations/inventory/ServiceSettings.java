package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The settings with which a program reads the secrets of an environment by their plain names:
 * backend, place and prefix. Everything that says how a service starts shows these. The login is
 * not among them, because the platform gives it, and no value of a secret is. Immutable.
 *
 * @param values the settings by key, such as {@code aws.region}, in the order to show them
 * @param paths the keys whose value is a path that only the machine that asked is known to have
 */
public record ServiceSettings(Map<String, String> values, Set<String> paths) {
  /** The placeholder for a path in a text that other machines compare. */
  public static final String PATH = "PATH";

  private static final String PREFIX = "prefix";
  private static final Set<String> PATHS = Set.of("store", "ca-file");

  /** The settings that say where a backend keeps its secrets and how to reach it. */
  private static final Map<String, List<String>> PLACE =
      Map.of(
          "aws",
          List.of("region", "endpoint", "sts-endpoint", "fips", "dual-stack", "ca-file"),
          "azure",
          List.of(
              "vault-url",
              "api-version",
              "names",
              "authority",
              "instance-discovery",
              "challenge-verification",
              "ca-file"),
          "vault",
          List.of(
              "address",
              "plain-http",
              "namespace",
              "mount",
              "kv-version",
              "field",
              "field-separator",
              "ca-file"),
          "gpg",
          List.of("store", "signers", "foreign-edits"));

  /** The facts of a check that show what is in force, also where no setting has it. */
  private static final Map<String, String> FACTS =
      Map.of(
          "aws.region", "region",
          "aws.endpoint", "endpoint",
          "azure.vault-url", "vault",
          "vault.address", "address",
          "vault.namespace", "namespace",
          "vault.mount", "mount",
          "gpg.store", "store");

  /** Copies both. */
  public ServiceSettings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    paths = Set.copyOf(paths);
  }

  /** Returns what the inventory alone says; a place that it leaves open is not among them. */
  public static ServiceSettings of(ServiceEnvironment environment, String scheme) {
    return of(environment, scheme, PLACE.getOrDefault(scheme, List.of()), key -> "");
  }

  /**
   * Returns what the inventory says and, where it leaves something open, what the provider uses.
   *
   * @param facts how the backend describes itself
   */
  public static ServiceSettings of(
      ServiceEnvironment environment, SecretProvider provider, Map<String, String> facts) {
    String scheme = StoreSettings.backend(provider);
    return of(
        environment,
        scheme,
        PLACE.getOrDefault(scheme, shown(provider, scheme + ".")),
        key -> {
          String fact = fact(key, facts);
          return fact.isEmpty() ? StoreSettings.value(provider, key) : fact;
        });
  }

  private static ServiceSettings of(
      ServiceEnvironment environment,
      String scheme,
      List<String> place,
      UnaryOperator<String> used) {
    Map<String, String> values = new LinkedHashMap<>();
    Set<String> paths = new TreeSet<>();
    values.put("backend", scheme);
    for (String each : place) {
      String key = scheme + "." + each;
      String named = named(environment, key);
      String value = used.apply(key);
      if (value.isEmpty() || (key.equals("gpg.store") && !named.isEmpty())) {
        value = named; // the folder of the server, which this machine may have elsewhere
      } else if (PATHS.contains(each)) {
        value = absolute(value);
        paths.add(key);
      }
      values.put(key, value);
    }
    String prefix = environment.prefix();
    values.put(PREFIX, prefix.isEmpty() ? used.apply(PREFIX) : prefix);
    values.values().removeIf(String::isEmpty);
    return new ServiceSettings(values, paths);
  }

  private static String named(ServiceEnvironment environment, String key) {
    String scheme = key.substring(0, key.indexOf('.'));
    Map<String, String> facts = environment.backends().getOrDefault(scheme, Map.of());
    return switch (key) {
      case "aws.region" -> facts.getOrDefault("region", "");
      case "azure.vault-url" ->
          facts.containsKey("vault") ? "https://" + facts.get("vault") + ".vault.azure.net" : "";
      case "vault.address" -> facts.getOrDefault("address", "");
      case "vault.namespace" -> facts.getOrDefault("namespace", "").replaceFirst("^root$", "");
      case "vault.mount" -> facts.getOrDefault("mount", "secret"); // as the policies have it
      case "gpg.store" -> facts.getOrDefault("folder", "");
      default -> "";
    };
  }

  /** An endpoint has its origin behind it; that of the region needs no setting. */
  private static String fact(String key, Map<String, String> facts) {
    String fact = facts.getOrDefault(FACTS.getOrDefault(key, ""), "");
    return !key.equals("aws.endpoint")
        ? fact
        : fact.contains(" (region ") ? "" : fact.split(" ", 2)[0];
  }

  /** Returns the settings of a backend that we do not know, without those that bear a secret. */
  private static List<String> shown(SecretProvider provider, String start) {
    List<String> keys = new ArrayList<>();
    for (Setting each : provider.settings()) {
      if (each.key().startsWith(start) && !each.value().equals("redacted")) {
        keys.add(each.key().substring(start.length()));
      }
    }
    return keys;
  }

  /** The service starts in another folder. */
  private static String absolute(String path) {
    try {
      return path.startsWith("~") ? path : Path.of(path).toAbsolutePath().toString();
    } catch (InvalidPathException e) {
      return path; // the backend rejects it itself
    }
  }

  /** Returns these settings for a text that other machines compare: without our own paths. */
  public ServiceSettings lasting() {
    Map<String, String> lasting = new LinkedHashMap<>(values);
    paths.forEach(key -> lasting.put(key, PATH));
    return new ServiceSettings(lasting, paths);
  }

  /** Returns the value of a key; the empty text if the program needs no such setting. */
  public String value(String key) {
    return values.getOrDefault(key, "");
  }

  /** Returns the settings as {@code SECRETS_AWS_REGION=eu-central-1}. */
  public List<String> variables() {
    return values.entrySet().stream()
        .map(each -> variable(each.getKey()) + "=" + each.getValue())
        .toList();
  }

  /** Returns the variables whose value is a path of the machine that asked. */
  public List<String> pathVariables() {
    return values.keySet().stream().filter(paths::contains).map(ServiceSettings::variable).toList();
  }

  /** Returns the environment variable of a key. */
  public static String variable(String key) {
    return "SECRETS_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
