package de.lifetimecircle.secrets.bench.compare;

import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import de.lifetimecircle.secrets.bench.AwsClients;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** AWS's own ways to read a secret. Stateless. */
@SuppressWarnings("deprecation") // The adapter for Apache 4 is what services have today.
final class AwsPeers {
  private AwsPeers() {}

  /** The SDK over Apache's client, as its users have it. */
  static PeerPrograms.Peer sdk(ParticipantAccess subject) {
    SdkHttpClient http = ApacheHttpClient.create();
    SecretsManagerClient client = AwsClients.open(subject.settings(), http);
    return new PeerPrograms.Peer(
        name -> client.getSecretValue(request -> request.secretId(name)).secretString(),
        () -> {
          client.close();
          http.close();
        });
  }

  /** The caching client with room for one secret, so that each read of another is a load. */
  static PeerPrograms.Peer cachingClient(ParticipantAccess subject) {
    SdkHttpClient http = ApacheHttpClient.create();
    SecretsManagerClient client = AwsClients.open(subject.settings(), http);
    SecretCacheConfiguration configuration = new SecretCacheConfiguration();
    configuration.setClient(client);
    configuration.setMaxCacheSize(1);
    SecretCache cache = new SecretCache(configuration);
    return new PeerPrograms.Peer(
        cache::getSecretString,
        () -> {
          cache.close();
          client.close();
          http.close();
        });
  }
}
