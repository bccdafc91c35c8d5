package de.lifetimecircle.secrets.bench.compare;

import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/** AWS's own ways to read a secret. Stateless. */
@SuppressWarnings("deprecation") // The adapter for Apache 4 is what services have today.
final class AwsPeers {
  private AwsPeers() {}

  /** The SDK over Apache's client, as its users have it. */
  static PeerPrograms.Peer sdk(ParticipantAccess subject) {
    SdkHttpClient http = ApacheHttpClient.create();
    SecretsManagerClient client = client(subject, http);
    return new Reading(
        name -> client.getSecretValue(request -> request.secretId(name)).secretString(),
        () -> {
          client.close();
          http.close();
        });
  }

  /** The caching client with room for one secret, so that each read of another is a load. */
  static PeerPrograms.Peer cachingClient(ParticipantAccess subject) {
    SdkHttpClient http = ApacheHttpClient.create();
    SecretsManagerClient client = client(subject, http);
    SecretCacheConfiguration configuration = new SecretCacheConfiguration();
    configuration.setClient(client);
    configuration.setMaxCacheSize(1);
    SecretCache cache = new SecretCache(configuration);
    return new Reading(
        cache::getSecretString,
        () -> {
          cache.close();
          client.close();
          http.close();
        });
  }

  private static SecretsManagerClient client(ParticipantAccess subject, SdkHttpClient http) {
    SecretsManagerClientBuilder builder = SecretsManagerClient.builder().httpClient(http);
    if (!subject.setting("aws.region").isEmpty()) {
      builder.region(Region.of(subject.setting("aws.region")));
    }
    if (!subject.setting("aws.endpoint").isEmpty()) {
      builder.endpointOverride(URI.create(subject.setting("aws.endpoint")));
    }
    if (!subject.setting("aws.access-key-id").isEmpty()) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(
                  subject.setting("aws.access-key-id"), subject.setting("aws.secret-access-key"))));
    }
    return builder.build();
  }

  /** Reads a value by name. */
  private interface Reader {
    String read(String name);
  }

  private record Reading(Reader reader, Runnable end) implements PeerPrograms.Peer {
    @Override
    public String read(String name) {
      return reader.read(name);
    }

    @Override
    public void close() {
      end.run();
    }
  }
}
