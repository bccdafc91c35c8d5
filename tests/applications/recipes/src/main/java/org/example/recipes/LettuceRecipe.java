package org.example.recipes;

import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lettuce: new connections log in with the current password, and open ones again when it rotates. */
final class LettuceRecipe {
  private LettuceRecipe() {}

  static RedisClient client(SecretProvider secrets, String host, int port) {
    RedisURI uri = RedisURI.builder().withHost(host).withPort(port)
        .withAuthentication(new RedisLogin(secrets)).build();
    RedisClient client = RedisClient.create(uri);
    client.setOptions(ClientOptions.builder()
        .reauthenticateBehavior(ClientOptions.ReauthenticateBehavior.ON_NEW_CREDENTIALS).build());
    return client;
  }

  record RedisLogin(SecretProvider secrets) implements RedisCredentialsProvider {
    @Override
    public Mono<RedisCredentials> resolveCredentials() {
      return Mono.fromFuture(() -> secrets.getAsync("shop/REDIS"))
          .map(secret -> RedisCredentials.just("shop", secret.asString()));
    }

    @Override
    public boolean supportsStreaming() {
      return true;
    }

    @Override
    public Flux<RedisCredentials> credentials() {
      return Flux.<Object>create(sink -> {
        SecretListener.Registration registration = secrets.onChange("shop/REDIS", sink::next);
        sink.onDispose(registration::close);
        sink.next("first");
      }).flatMap(changed -> resolveCredentials());
    }
  }
}
