package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.azure.AzureConfig.Switch;
import de.lifetimecircle.secrets.azure.AzureLoginConfig.Kind;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the settings of the login and collects every mistake in them; used once, by one thread. */
final class AzureLoginReader {
  private static final List<String> KEYS =
      List.of(
          AzureConfig.TENANT_ID,
          AzureConfig.CLIENT_ID,
          AzureConfig.CLIENT_SECRET,
          AzureConfig.CERTIFICATE_FILE,
          AzureConfig.CERTIFICATE_PASSWORD,
          AzureConfig.TOKEN_FILE,
          AzureConfig.AUTHORITY,
          AzureConfig.INSTANCE_DISCOVERY.name());

  private static final List<String> VARIABLES =
      List.of(
          "AZURE_TENANT_ID",
          "AZURE_CLIENT_ID",
          "AZURE_CLIENT_SECRET",
          "AZURE_CLIENT_CERTIFICATE_PATH",
          "AZURE_CLIENT_CERTIFICATE_PASSWORD",
          "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
          "AZURE_FEDERATED_TOKEN_FILE",
          "AZURE_AUTHORITY_HOST",
          "AZURE_TOKEN_CREDENTIALS",
          "IDENTITY_HEADER");

  private final StoreConfig config;
  private final ConfigProblems problems;

  AzureLoginReader(StoreConfig config, ConfigProblems problems) {
    this.config = config;
    this.problems = problems;
  }

  /**
   * Returns the environment's settings for logins, for those credentials of the SDK that read them.
   */
  static Map<String, String> environment(StoreConfig config) {
    Map<String, String> found = new HashMap<>();
    for (String variable :
        Stream.concat(VARIABLES.stream(), AzureIdentityEndpoints.VARIABLES.stream()).toList()) {
      config.environment().apply(variable).ifPresent(value -> found.put(variable, value));
    }
    return found;
  }

  AzureLoginConfig read(Optional<AzureCloud> cloud) {
    Kind kind = kind();
    for (String key : KEYS) {
      if (config.get(key).isPresent() && !kind.takes(key)) {
        problems.add(
            "azure." + key + ": set beside azure.credential=" + kind.word() + " " + expected(key));
      } else if (kind.needs(key) && value(key).isEmpty()) {
        problems.add(
            "azure." + key + ": not set (expected: set for azure.credential=" + kind.word() + ")");
      }
    }
    String authority = authority(cloud);
    return new AzureLoginConfig(
        kind,
        id(kind, AzureConfig.TENANT_ID),
        id(kind, AzureConfig.CLIENT_ID),
        config.get(AzureConfig.CLIENT_SECRET),
        file(kind),
        config.get(AzureConfig.CERTIFICATE_PASSWORD),
        authority,
        instanceDiscovery(authority));
  }

  private Kind kind() {
    String word = config.get(AzureConfig.CREDENTIAL).orElse(Kind.DEFAULT.word());
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    String words = Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", "));
    problems.add(
        "azure.credential: " + AzureConfigReader.shown(word) + " (expected: one of " + words + ")");
    return Kind.DEFAULT;
  }

  private static String expected(String key) {
    String words =
        Arrays.stream(Kind.values())
            .filter(kind -> kind.takes(key))
            .map(Kind::word)
            .collect(Collectors.joining(", "));
    return "(expected: only with " + words + ")";
  }

  /** Returns a setting, or its substitute from the environment of a workload. */
  private Optional<String> value(String key) {
    return config
        .get(key)
        .or(
            () ->
                switch (key) {
                  case AzureConfig.TENANT_ID -> environment("AZURE_TENANT_ID");
                  case AzureConfig.CLIENT_ID -> environment("AZURE_CLIENT_ID");
                  case AzureConfig.TOKEN_FILE -> environment("AZURE_FEDERATED_TOKEN_FILE");
                  default -> Optional.empty();
                })
        .filter(text -> !text.isBlank());
  }

  private Optional<String> environment(String variable) {
    return config.environment().apply(variable);
  }

  private Optional<String> id(Kind kind, String key) {
    Optional<String> id = kind.needs(key) ? value(key) : config.get(key);
    if (id.filter(text -> !text.matches("[0-9A-Za-z._-]{1,255}")).isPresent()) {
      problems.add(
          "azure." + key + ": not an id (expected: letters, digits, '-' and '.', mostly a UUID)");
    }
    return id;
  }

  private Optional<Path> file(Kind kind) {
    String key =
        kind == Kind.WORKLOAD_IDENTITY ? AzureConfig.TOKEN_FILE : AzureConfig.CERTIFICATE_FILE;
    Optional<Path> set = AzureConfigReader.path(config, problems, key);
    return set.isEmpty() && kind == Kind.WORKLOAD_IDENTITY ? value(key).map(Path::of) : set;
  }

  private String authority(Optional<AzureCloud> cloud) {
    Optional<String> text = config.get(AzureConfig.AUTHORITY);
    Optional<String> named = text.or(() -> environment("AZURE_AUTHORITY_HOST"));
    String fallback = cloud.orElse(AzureCloud.PUBLIC).authority();
    if (named.isEmpty()) {
      return fallback;
    }
    Optional<URI> uri = AzureConfigReader.httpsHost(named.get());
    if (uri.isEmpty()) {
      problems.add(
          (text.isPresent() ? "azure.authority: " : "$AZURE_AUTHORITY_HOST: ")
              + AzureConfigReader.shown(named.get())
              + " (expected: https://HOST, without a path)");
    }
    return uri.map(u -> u + "/").orElse(fallback);
  }

  private Switch instanceDiscovery(String authority) {
    Switch set = AzureConfigReader.onOff(config, problems, AzureConfig.INSTANCE_DISCOVERY);
    if (set == Switch.OFF && AzureCloud.isKnownAuthority(authority)) {
      problems.add(
          "azure.instance-discovery: off (expected: on for the authority of a public cloud)");
    }
    return set;
  }
}
