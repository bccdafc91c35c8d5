package de.lifetimecircle.secrets.bench;

import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/** The client of AWS that all peers use, with the settings that our provider has. Stateless. */
public final class AwsClients {
  private AwsClients() {}

  /**
   * Opens one; where a setting is missing the SDK finds its own.
   *
   * @param settings written as in a file
   */
  public static SecretsManagerClient open(Map<String, String> settings, SdkHttpClient http) {
    SecretsManagerClientBuilder builder = SecretsManagerClient.builder().httpClient(http);
    String region = settings.getOrDefault("aws.region", "");
    if (!region.isEmpty()) {
      builder.region(Region.of(region));
    }
    String endpoint = settings.getOrDefault("aws.endpoint", "");
    if (!endpoint.isEmpty()) {
      builder.endpointOverride(URI.create(endpoint));
    }
    String key = settings.getOrDefault("aws.access-key-id", "");
    if (!key.isEmpty()) {
      String secret = settings.getOrDefault("aws.secret-access-key", "");
      builder.credentialsProvider(
          StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)));
    }
    return builder.build();
  }
}
