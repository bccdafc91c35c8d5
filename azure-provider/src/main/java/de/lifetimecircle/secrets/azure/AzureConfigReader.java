package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.azure.AzureConfig.Switch;
import de.lifetimecircle.secrets.azure.AzureConfig.WriteConfig;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one configuration and gathers every mistake in it; used once, by one thread. */
final class AzureConfigReader {
  static final int MAX_CONTENT_TYPE = 255;
  private static final Pattern LIFETIME = Pattern.compile("([1-9][0-9]{0,5})(s|m|h|d)");
  private static final URI NOWHERE = URI.create("https://nowhere.invalid");

  private final StoreConfig config;
  private final ConfigProblems problems = new ConfigProblems();

  AzureConfigReader(StoreConfig config) {
    this.config = config;
  }

  AzureConfig read() {
    URI vault = vault();
    AzureLoginConfig login = new AzureLoginReader(config, problems).read(AzureCloud.of(vault));
    Map<String, String> environment = AzureLoginReader.environment(config);
    AzureConfig checked =
        new AzureConfig(
            vault,
            naming(),
            login,
            environment,
            challengeVerification(vault),
            path(config, problems, AzureConfig.CA_FILE),
            proxy(vault, login, environment),
            AzureConfig.MAX_CONNECTIONS.read(config, AzureErrors.SCHEME, problems),
            new WriteConfig(contentType(), tags(), expiresAfter()),
            config.timeout(),
            config.clock());
    problems.throwIfAny();
    return checked;
  }

  private URI vault() {
    Optional<String> text = config.get(AzureConfig.VAULT_URL);
    Optional<URI> uri = text.flatMap(AzureConfigReader::httpsHost);
    if (uri.isEmpty()) {
      problems.add(
          "azure.vault-url: "
              + text.map(AzureConfigReader::shown).orElse("not set")
              + " (expected: https://NAME.vault.azure.net, without a path)");
    }
    return uri.orElse(NOWHERE);
  }

  /** An https URL that is a host, perhaps with a port, and nothing else. */
  static Optional<URI> httpsHost(String text) {
    try {
      URI uri = new URI(text.strip());
      boolean bare =
          uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
      if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || !bare) {
        return Optional.empty();
      }
      if (!uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")) {
        return Optional.empty();
      }
      String host = uri.getHost().toLowerCase(Locale.ROOT);
      return Optional.of(new URI("https", null, host, uri.getPort(), null, null, null));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private AzureNaming naming() {
    String word = config.get(AzureConfig.NAMES).orElse("mapped");
    return switch (word) {
      case "mapped" -> AzureNaming.MAPPED;
      case "plain" -> AzureNaming.PLAIN;
      default -> {
        problems.add("azure.names: " + shown(word) + " (expected: mapped or plain)");
        yield AzureNaming.MAPPED;
      }
    };
  }

  private Switch challengeVerification(URI vault) {
    Switch set = onOff(config, problems, AzureConfig.CHALLENGE_VERIFICATION);
    if (set == Switch.OFF && AzureCloud.of(vault).isPresent()) {
      problems.add(
          "azure.challenge-verification: off (expected: on for a vault of a public cloud, whose"
              + " tokens would go to any server that answers under its name)");
    }
    return set;
  }

  static Switch onOff(StoreConfig config, ConfigProblems problems, TypedKey<String> setting) {
    String word = setting.read(config, AzureErrors.SCHEME, problems);
    return word.equals("off") ? Switch.OFF : Switch.ON;
  }

  static Optional<Path> path(StoreConfig config, ConfigProblems problems, String key) {
    Optional<String> text = config.get(key);
    try {
      Optional<Path> path = text.filter(t -> !t.isBlank()).map(Path::of).map(Path::toAbsolutePath);
      if (text.isPresent() && path.isEmpty()) {
        problems.add("azure." + key + ": blank (expected: a path)");
      }
      return path;
    } catch (InvalidPathException e) {
      problems.add("azure." + key + ": " + shown(text.orElse("")) + " (expected: a path)");
      return Optional.empty();
    }
  }

  private ProxySettings proxy(URI vault, AzureLoginConfig login, Map<String, String> hosts) {
    ProxySettings proxy =
        ProxySettings.of(config, AzureErrors.SCHEME, problems)
            .sparing(AzureIdentityEndpoints.hosts(hosts));
    for (URI uri : List.of(vault, URI.create(login.authority()))) {
      proxy.requireTunnelCredentials(uri, AzureErrors.SCHEME, problems);
    }
    return proxy;
  }

  private Optional<String> contentType() {
    Optional<String> type = config.get(AzureConfig.CONTENT_TYPE);
    boolean wrong =
        type.filter(t -> t.isBlank() || t.length() > MAX_CONTENT_TYPE || AzureValue.isBinary(t))
            .isPresent();
    if (wrong) {
      problems.add(
          "azure.content-type: not one that can be used (expected: 1 to "
              + MAX_CONTENT_TYPE
              + " characters, and not the one that marks binary values)");
    }
    return type;
  }

  private Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    String text = config.get(AzureConfig.TAGS).orElse("");
    if (text.isBlank()) {
      return tags;
    }
    for (String pair : Arrays.stream(text.split(",", -1)).map(String::strip).toList()) {
      int sign = pair.indexOf('=');
      String problem = sign < 1 ? "(expected: NAME=VALUE)" : AzureTags.problem(pair, sign);
      if (!problem.isEmpty()
          || tags.put(pair.substring(0, sign), pair.substring(sign + 1)) != null) {
        problems.add(
            "azure.tags: "
                + shown(pair)
                + " "
                + (problem.isEmpty() ? "(expected: each name once)" : problem));
      }
    }
    if (tags.size() > AzureTags.MAX_OTHERS) {
      problems.add(
          "azure.tags: "
              + tags.size()
              + " of them (expected: at most "
              + AzureTags.MAX_OTHERS
              + ")");
    }
    return tags;
  }

  private Optional<Duration> expiresAfter() {
    Optional<String> text = config.get(AzureConfig.EXPIRES_AFTER);
    Optional<Duration> time = text.flatMap(AzureConfigReader::duration);
    if (text.isPresent() && time.isEmpty()) {
      problems.add(
          "azure.expires-after: " + shown(text.get()) + " (expected: 90d, 12h … or ISO 8601, > 0)");
    }
    return time;
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = LIFETIME.matcher(text);
    String iso = text;
    if (matcher.matches()) {
      String number = matcher.group(1) + matcher.group(2).toUpperCase(Locale.ROOT);
      iso = (number.endsWith("D") ? "P" : "PT") + number;
    }
    try {
      return Optional.of(Duration.parse(iso)).filter(d -> !d.isNegative() && !d.isZero());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Returns the given text, shortened to fit into a line of a message. */
  static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= 80 ? plain : plain.substring(0, 80) + "…";
  }
}
