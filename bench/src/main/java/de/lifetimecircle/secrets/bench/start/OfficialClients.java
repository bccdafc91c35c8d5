package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.bench.AwsClients;
import io.github.jopenlibs.vault.SslConfig;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The first read by a backend's own client, with the settings that our provider finds in the
 * environment of the same process. Stateless.
 */
@SuppressWarnings("deprecation") // The adapter for Apache 4 is what services have today.
final class OfficialClients {
  private OfficialClients() {}

  static void aws(String name) {
    Map<String, String> environment = System.getenv();
    Map<String, String> aws =
        Map.of(
            "aws.region", environment.getOrDefault("SECRETS_AWS_REGION", ""),
            "aws.endpoint", environment.getOrDefault("SECRETS_AWS_ENDPOINT", ""),
            "aws.access-key-id", environment.getOrDefault("SECRETS_AWS_ACCESS_KEY_ID", ""),
            "aws.secret-access-key", environment.getOrDefault("SECRETS_AWS_SECRET_ACCESS_KEY", ""));
    try (SdkHttpClient http = ApacheHttpClient.create();
        SecretsManagerClient client = AwsClients.open(aws, http)) {
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
