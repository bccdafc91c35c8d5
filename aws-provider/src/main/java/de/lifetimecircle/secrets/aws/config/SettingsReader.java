package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.aws.config.Profiles.Found;
import de.lifetimecircle.secrets.aws.config.Settings.Creation;
import de.lifetimecircle.secrets.aws.config.Settings.Options;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Reads one configuration and gathers its mistakes; used once. */
record SettingsReader(StoreConfig config, StoreSettings settings) {
  private static final String CA_BUNDLE = "AWS_CA_BUNDLE";

  Settings read() {
    ConfigProblems problems = settings.problems();
    Settings.Login login = new LoginReader(settings).read();
    Profiles shared = new Profiles(config.environment(), login.profile()).asRead();
    EndpointReader endpoints = new EndpointReader(config, problems, shared);
    String region = region(shared);
    Options options = endpoints.options();
    Settings.Endpoint endpoint = endpoints.endpoint(Service.SECRETS_MANAGER, region, options);
    ConfigProblems ofSts = new ConfigProblems();
    Settings.Endpoint sts =
        new EndpointReader(config, ofSts, shared).endpoint(Service.STS, region, options);
    boolean isChosen = login.asksSts() || settings.isSet(SettingKeys.STS_ENDPOINT);
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
            settings.read(SettingKeys.MAX_CONNECTIONS),
            new Creation(
                settings.read(SettingKeys.KMS_KEY),
                settings.read(SettingKeys.DESCRIPTION),
                settings.read(SettingKeys.TAGS)),
            settings.read(SettingKeys.RECOVERY_WINDOW),
            config.environment(),
            config.timeout(),
            new ServiceClock(config.clock()));
    problems.throwIfAny();
    return checked;
  }

  private String region(Profiles profiles) {
    Optional<String> ofJvm =
        Optional.ofNullable(System.getProperty("aws.region"))
            .filter(text -> !text.isBlank() && !settings.isSet(SettingKeys.REGION))
            .map(String::strip);
    Optional<String> region =
        ofJvm
            .or(() -> settings.find(SettingKeys.REGION).orElse(Optional.of("us-east-1")))
            .or(() -> profiles.ofProfile("region").map(Found::value));
    if (region.isEmpty()) {
      settings.wrong(
          SettingKeys.REGION,
          "not set (expected: aws.region, AWS_REGION, or a region in the AWS profile)");
    } else if (!region.get().matches(SettingKeys.REGION_FORM)) {
      settings.wrong(
          SettingKeys.REGION, region.get() + " (expected: a region such as eu-central-1)");
    }
    return region.filter(text -> text.matches(SettingKeys.REGION_FORM)).orElse("us-east-1");
  }

  /** The variable and the setting of a profile are those of the AWS CLI and boto3. */
  private Optional<SSLContext> tls(Profiles shared) {
    Optional<Found> file =
        config
            .get(SettingKeys.CA_FILE.name())
            .map(path -> new Found(path, "aws." + SettingKeys.CA_FILE.name()))
            .or(() -> settings.variable(CA_BUNDLE).map(path -> new Found(path, CA_BUNDLE)))
            .or(() -> shared.ofProfile("ca_bundle"));
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PemTls.trusting(Path.of(file.get().value())).context());
    } catch (InvalidPathException | StoreFailure e) {
      settings
          .problems()
          .add(
              file.get().from()
                  + ": "
                  + file.get().value()
                  + " cannot be used (expected: a readable PEM file with certificates)");
      return Optional.empty();
    }
  }
}
