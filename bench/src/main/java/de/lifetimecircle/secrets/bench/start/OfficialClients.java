package de.lifetimecircle.secrets.bench.start;

import io.github.jopenlibs.vault.SslConfig;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The first read by a backend's own client, with the settings that our provider finds in the
 * environment of the same process. Stateless.
 */
@SuppressWarnings("deprecation") // The adapter for Apache 4 is what services have today.
final class OfficialClients {
  private OfficialClients() {}

  static void aws(String name) {
    Map<String, String> settings = System.getenv();
    try (SdkHttpClient http = ApacheHttpClient.create();
        SecretsManagerClient client =
            SecretsManagerClient.builder()
                .region(Region.of(settings.getOrDefault("SECRETS_AWS_REGION", "")))
                .endpointOverride(URI.create(settings.getOrDefault("SECRETS_AWS_ENDPOINT", "")))
                .credentialsProvider(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(
                            settings.getOrDefault("SECRETS_AWS_ACCESS_KEY_ID", ""),
                            settings.getOrDefault("SECRETS_AWS_SECRET_ACCESS_KEY", ""))))
                .httpClient(http)
                .build()) {
      FirstSecret.require(client.getSecretValue(asked -> asked.secretId(name)).versionId());
    }
  }

  static void vault(String name) throws VaultException {
    Map<String, String> settings = System.getenv();
    VaultConfig config =
        new VaultConfig()
            .address(settings.getOrDefault("SECRETS_VAULT_ADDRESS", ""))
            .token(settings.getOrDefault("SECRETS_VAULT_TOKEN", ""))
            .engineVersion(2)
            .sslConfig(new SslConfig().build())
            .build();
    FirstSecret.require(
        Vault.create(config).logical().read("secret/" + name).getData().get("value"));
  }
}
