package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.aws.config.Settings.Creation;
import de.lifetimecircle.secrets.aws.config.Settings.Options;
import de.lifetimecircle.secrets.aws.config.SharedSettings.Found;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** Reads one configuration and gathers its mistakes; used once. */
final class SettingsReader {
  private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-\\d{1,2}");
  // Beyond that AWS allows 50; the library promises what every backend keeps.
  private static final int MAX_TAGS = 15;
  private static final int MAX_TAG_KEY = 128;
  private static final int MAX_TAG_VALUE = 256;
  private static final String CA_BUNDLE = "AWS_CA_BUNDLE";

  private final StoreConfig config;
  private final ConfigProblems problems = new ConfigProblems();

  SettingsReader(StoreConfig config) {
    this.config = config;
  }

  Settings read() {
    Settings.Login login = new LoginReader(config, problems).read();
    SharedSettings shared =
        SharedSettings.of(config.environment(), config.get(SettingKeys.PROFILE));
    EndpointReader endpoints = new EndpointReader(config, problems, shared);
    String region = region(login);
    Options options = endpoints.options();
    Settings.Endpoint endpoint = endpoints.endpoint(Service.SECRETS_MANAGER, region, options);
    ConfigProblems ofSts = new ConfigProblems();
    Settings.Endpoint sts =
        new EndpointReader(config, ofSts, shared).endpoint(Service.STS, region, options);
    boolean isChosen = login.asksSts() || config.get(SettingKeys.STS_ENDPOINT).isPresent();
    if (isChosen) {
      ofSts.list().stream().filter(p -> !problems.list().contains(p)).forEach(problems::add);
    }
    Settings checked =
        new Settings(
            region,
            endpoint,
            sts,
            ofSts.list(),
            options,
            login,
            tls(shared),
            ProxySettings.of(config, ErrorCodes.SCHEME, problems),
            SettingKeys.MAX_CONNECTIONS.read(config, ErrorCodes.SCHEME, problems),
            new Creation(kmsKey(), description(), tags()),
            SettingKeys.RECOVERY_WINDOW.read(config, ErrorCodes.SCHEME, problems),
            config.environment(),
            config.timeout(),
            new ServiceClock(config.clock()));
    problems.throwIfAny();
    return checked;
  }

  private String region(Settings.Login login) {
    Optional<String> region =
        config
            .get(SettingKeys.REGION)
            .or(() -> variable("AWS_REGION"))
            .or(() -> variable("AWS_DEFAULT_REGION"))
            .or(() -> Profiles.of(config.environment()).region(login.profile()));
    if (region.isEmpty()) {
      problems.add(
          "aws.region: not set (expected: aws.region, AWS_REGION, or a region in the AWS profile)");
      return "us-east-1";
    }
    if (!REGION.matcher(region.get()).matches()) {
      problems.add("aws.region: " + region.get() + " (expected: a region such as eu-central-1)");
      return "us-east-1";
    }
    return region.get();
  }

  private Optional<String> variable(String name) {
    return config.environment().apply(name).filter(value -> !value.isBlank());
  }

  /** The variable and the setting of a profile are those of the AWS CLI and boto3. */
  private Optional<SSLContext> tls(SharedSettings shared) {
    Optional<Found> file =
        config
            .get(SettingKeys.CA_FILE)
            .map(path -> new Found(path, "aws." + SettingKeys.CA_FILE))
            .or(() -> variable(CA_BUNDLE).map(path -> new Found(path.strip(), CA_BUNDLE)))
            .or(() -> shared.ofProfile("ca_bundle"));
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PemTls.trusting(Path.of(file.get().value())).context());
    } catch (InvalidPathException | StoreFailure e) {
      problems.add(
          file.get().from()
              + ": "
              + file.get().value()
              + " cannot be used (expected: a readable PEM file with certificates)");
      return Optional.empty();
    }
  }

  private Optional<String> kmsKey() {
    Optional<String> key = config.get(SettingKeys.KMS_KEY);
    if (key.isPresent() && !key.get().matches("[A-Za-z0-9:/_-]{1,2048}")) {
      problems.add("aws.kms-key: " + key.get() + " (expected: a key id, a key ARN or an alias)");
    }
    return key;
  }

  private Optional<String> description() {
    Optional<String> text = config.get(SettingKeys.DESCRIPTION);
    if (text.isPresent() && text.get().length() > Settings.Creation.MAX_DESCRIPTION) {
      problems.add("aws.description: too long (expected: at most 2048 characters)");
    }
    return text;
  }

  private Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    String text = config.get(SettingKeys.TAGS).orElse("");
    for (String tag : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int sign = tag.indexOf('=');
      String key = sign < 0 ? tag.strip() : tag.substring(0, sign).strip();
      String value = sign < 0 ? "" : tag.substring(sign + 1).strip();
      if (sign < 0 || !isTag(key, value) || tags.put(key, value) != null) {
        problems.add(
            "aws.tags: "
                + (key.isEmpty() ? "(empty)" : key)
                + " (expected: KEY=VALUE, each key once, 1 to 128 and 0 to 256 characters,"
                + " not beginning with aws:)");
      }
    }
    if (tags.size() > MAX_TAGS) {
      problems.add("aws.tags: " + tags.size() + " tags (expected: at most " + MAX_TAGS + ")");
    }
    return tags;
  }

  private static boolean isTag(String key, String value) {
    return !key.isEmpty()
        && key.length() <= MAX_TAG_KEY
        && value.length() <= MAX_TAG_VALUE
        && !key.toLowerCase(Locale.ROOT).startsWith("aws:");
  }
}
