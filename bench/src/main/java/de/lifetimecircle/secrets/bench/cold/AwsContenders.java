package de.lifetimecircle.secrets.bench.cold;

import com.amazonaws.secretsmanager.caching.SecretCache;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.bench.AwsClients;
import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import de.lifetimecircle.secrets.bench.loopback.ShippedStores;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The ways to read a secret of AWS that are compared. Stateless. */
@SuppressWarnings("deprecation") // The adapter for Apache 4 is what services have today.
final class AwsContenders {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private AwsContenders() {}

  /**
   * The contender that the others are compared with: the SDK over Apache's client, as its users
   * have it.
   */
  static ColdReader sdk(LoopbackServer server) {
    return direct("SDK + apache", server, ApacheHttpClient.create());
  }

  /** The SDK over the JDK's own client. */
  static ColdReader sdkOverUrlConnection(LoopbackServer server) {
    return direct("SDK + url-connection", server, UrlConnectionHttpClient.create());
  }

  private static ColdReader direct(String words, LoopbackServer server, SdkHttpClient http) {
    SecretsManagerClient client = AwsClients.open(AwsAnswers.settings(server), http);
    return new ColdReader(
        words,
        name -> {
          var unused = client.getSecretValue(request -> request.secretId(name)).secretString();
        },
        () -> {
          client.close();
          http.close();
        });
  }

  /** The caching client of AWS, over the same transport. */
  static ColdReader cachingClient(LoopbackServer server) {
    SdkHttpClient http = ApacheHttpClient.create();
    SecretsManagerClient client = AwsClients.open(AwsAnswers.settings(server), http);
    SecretCache cache = new SecretCache(client);
    return new ColdReader(
        "AWS caching client",
        name -> {
          var unused = cache.getSecretString(name);
        },
        () -> {
          cache.close();
          client.close();
          http.close();
        });
  }

  /** Ours as services use it: a name that is not held, so each read is a load. */
  static ColdReader ours(LoopbackServer server) {
    SecretProvider provider =
        SecretProvider.builder().environment(Map.of()).store(open(server)).build();
    return new ColdReader(
        "get, cold",
        name -> {
          var unused = provider.get(name).asString();
        },
        provider::close);
  }

  /** Our store without the cache: the cost of the transport and the translation. */
  static ColdReader store(LoopbackServer server) {
    SecretStore store = open(server);
    return new ColdReader("our store", name -> store.fetch(name).value().close(), store::close);
  }

  /** The same store, asked on another thread: the cost of the switch there and back. */
  static ColdReader handedOver(LoopbackServer server) {
    SecretStore store = open(server);
    ExecutorService worker = Executors.newSingleThreadExecutor();
    return new ColdReader(
        "our store on another thread",
        name -> await(worker.submit(() -> store.fetch(name))).value().close(),
        () -> {
          worker.shutdownNow();
          store.close();
        });
  }

  private static <T> T await(Future<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("a read of the benchmark failed", e);
    }
  }

  private static SecretStore open(LoopbackServer server) {
    return ShippedStores.open("aws", AwsAnswers.settings(server), TIMEOUT);
  }
}
