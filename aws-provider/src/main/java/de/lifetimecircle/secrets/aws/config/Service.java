package de.lifetimecircle.secrets.aws.config;

import de.lifetimecircle.secrets.aws.config.Settings.Endpoint;
import de.lifetimecircle.secrets.aws.config.Settings.Options;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.endpoints.SecretsManagerEndpointProvider;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointProvider;

/** The two services that are asked, and where their addresses are set. Immutable. */
public enum Service {
  SECRETS_MANAGER(
      "Secrets Manager",
      SettingKeys.ENDPOINT.name(),
      "aws.endpointUrlSecretsManager",
      "AWS_ENDPOINT_URL_SECRETS_MANAGER",
      "secrets_manager"),
  STS("STS", SettingKeys.STS_ENDPOINT.name(), "aws.endpointUrlSts", "AWS_ENDPOINT_URL_STS", "sts");

  private final String words;
  private final String key;
  private final String property;
  private final String variable;
  private final String section;

  Service(String words, String key, String property, String variable, String section) {
    this.words = words;
    this.key = key;
    this.property = property;
    this.variable = variable;
    this.section = section;
  }

  /** Its name for people. */
  public String words() {
    return words;
  }

  /** The setting of the store that names its address. */
  public String key() {
    return key;
  }

  /** The system property that names its address for every AWS program in Java. */
  public String property() {
    return property;
  }

  /** The variable that names its address for every AWS program. */
  public String variable() {
    return variable;
  }

  /** Returns the service's name in a {@code services} section of the AWS configuration file. */
  String section() {
    return section;
  }

  /**
   * Its address in a region, by the SDK's rules; sends nothing.
   *
   * @throws SdkClientException if there is none
   */
  URI addressOf(String region, Options options) {
    CompletableFuture<software.amazon.awssdk.endpoints.Endpoint> found =
        switch (this) {
          case SECRETS_MANAGER ->
              SecretsManagerEndpointProvider.defaultProvider()
                  .resolveEndpoint(
                      p ->
                          p.region(Region.of(region))
                              .useFips(options.fips().isOn())
                              .useDualStack(options.dualStack().isOn()));
          case STS ->
              StsEndpointProvider.defaultProvider()
                  .resolveEndpoint(
                      p ->
                          p.region(Region.of(region))
                              .useFips(options.fips().isOn())
                              .useDualStack(options.dualStack().isOn()));
        };
    try {
      return found.join().endpointUrl().toUri();
    } catch (CompletionException e) {
      throw e.getCause() instanceof SdkClientException failure ? failure : e;
    }
  }

  /** Resolves to that endpoint whatever the SDK finds around it. */
  public static SecretsManagerEndpointProvider secretsManagerAt(Endpoint endpoint) {
    SecretsManagerEndpointProvider rules = SecretsManagerEndpointProvider.defaultProvider();
    String named = endpoint.named().map(URI::toString).orElse(null);
    return asked -> rules.resolveEndpoint(asked.toBuilder().endpoint(named).build());
  }

  /** Resolves to that endpoint whatever the SDK finds around it. */
  public static StsEndpointProvider stsAt(Endpoint endpoint) {
    StsEndpointProvider rules = StsEndpointProvider.defaultProvider();
    String named = endpoint.named().map(URI::toString).orElse(null);
    return asked -> rules.resolveEndpoint(asked.toBuilder().endpoint(named).build());
  }
}
