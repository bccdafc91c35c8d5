package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.aws.config.Profiles.Found;
import de.lifetimecircle.secrets.aws.config.Settings.Endpoint;
import de.lifetimecircle.secrets.aws.config.Settings.Option;
import de.lifetimecircle.secrets.aws.config.Settings.Options;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Reads which addresses are asked: from the settings of the store, else from where every AWS
 * program takes them (SDK reference: service-specific endpoints, FIPS and dual-stack endpoints,
 * read 2026-11-25), else those of the region. Used once.
 *
 * <p>The SDK would read the same places by itself, but not every address there is safe to send
 * values to, and an explicit "off" of ours must win.
 */
record EndpointReader(StoreConfig config, ConfigProblems problems, Profiles shared) {
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
  private static final String IGNORE = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

  Options options() {
    return new Options(
        flag(
            SettingKeys.FIPS.name(),
            "aws.useFipsEndpoint",
            "AWS_USE_FIPS_ENDPOINT",
            "use_fips_endpoint"),
        flag(
            SettingKeys.DUAL_STACK.name(),
            "aws.useDualstackEndpoint",
            "AWS_USE_DUALSTACK_ENDPOINT",
            "use_dualstack_endpoint"));
  }

  private Option flag(String key, String property, String variable, String profileKey) {
    Found found =
        own(key)
            .or(() -> shared.ofProcess(property, variable))
            .or(() -> shared.ofProfile(profileKey))
            .orElse(new Found("false", "default"));
    return new Option(isTrue(found), found.from());
  }

  private boolean isTrue(Found found) {
    String word = found.value().toLowerCase(Locale.ROOT);
    if (!word.equals("true") && !word.equals("false")) {
      report(found.from() + ": " + found.value() + " (expected: true or false)");
    }
    return word.equals("true");
  }

  private Optional<Found> own(String key) {
    return config.get(key).map(value -> new Found(value, "aws." + key));
  }

  /** Where a service is asked; of a region that is known to be one. */
  Endpoint endpoint(Service service, String region, Options options) {
    Optional<Found> found = own(service.key()).or(() -> configured(service));
    Optional<URI> named = found.flatMap(this::address);
    found.ifPresent(
        endpoint -> {
          refuse(SettingKeys.FIPS.name(), options.fips(), endpoint);
          refuse(SettingKeys.DUAL_STACK.name(), options.dualStack(), endpoint);
        });
    if (found.isPresent()) {
      return new Endpoint(named.orElse(URI.create("https://invalid")), found.get().from(), named);
    }
    return new Endpoint(ofRegion(service, region, options), "region " + region, Optional.empty());
  }

  /** From the most specific place to the least; none where all of them are to be ignored. */
  private Optional<Found> configured(Service service) {
    boolean ignored =
        shared
            .ofProcess("aws.ignoreConfiguredEndpointUrls", IGNORE)
            .or(() -> shared.ofProfile("ignore_configured_endpoint_urls"))
            .filter(this::isTrue)
            .isPresent();
    return ignored
        ? Optional.empty()
        : shared
            .ofProcess(service.property(), service.variable())
            .or(() -> shared.ofProcess("aws.endpointUrl", "AWS_ENDPOINT_URL"))
            .or(() -> shared.ofServiceInProfile(service.section(), "endpoint_url"))
            .or(() -> shared.ofProfile("endpoint_url"));
  }

  private URI ofRegion(Service service, String region, Options options) {
    try {
      return service.addressOf(region, options);
    } catch (SdkClientException e) {
      report(
          "aws.region: "
              + region
              + " has no such endpoint of "
              + service.words()
              + " (expected: a region with one; aws.fips is "
              + options.fips().isOn()
              + ", aws.dual-stack is "
              + options.dualStack().isOn()
              + ")");
      return URI.create("https://invalid");
    }
  }

  /** As the SDK's own rules have it: such an endpoint would not be asked by name. */
  private void refuse(String key, Option option, Found endpoint) {
    if (option.isOn()) {
      String ours = "aws." + key;
      String way =
          !option.from().equals(ours)
              ? "; " + ours + "=false keeps the endpoint"
              : endpoint.from().startsWith("aws.")
                  ? ""
                  : "; " + IGNORE + "=true ignores the endpoint";
      report(
          option.from()
              + ": true beside "
              + endpoint.from()
              + " (expected: one of them"
              + way
              + ")");
    }
  }

  private Optional<URI> address(Found found) {
    URI address;
    try {
      address = new URI(found.value());
    } catch (URISyntaxException e) {
      report(found.from() + ": not an address (expected: https://HOST)");
      return Optional.empty();
    }
    if (!isSafe(address)) {
      report(
          found.from()
              + ": "
              + shown(address)
              + " (expected: https://HOST, or http to this machine, because values cross it)");
      return Optional.empty();
    }
    return Optional.of(address);
  }

  private static boolean isSafe(URI address) {
    String host = address.getHost();
    String path = address.getRawPath();
    boolean plain = host != null && address.getRawUserInfo() == null && address.getQuery() == null;
    boolean root = path == null || path.isEmpty() || path.equals("/");
    return plain
        && root
        && ("https".equals(address.getScheme())
            || ("http".equals(address.getScheme()) && HERE.contains(host)));
  }

  /** Returns an address without the part that may be a password. */
  static String shown(URI address) {
    return address.getScheme() + "://" + (address.getHost() == null ? "…" : address.getHost());
  }

  /** One variable can be wrong for both services. */
  private void report(String problem) {
    if (!problems.list().contains(problem)) {
      problems.add(problem);
    }
  }
}
