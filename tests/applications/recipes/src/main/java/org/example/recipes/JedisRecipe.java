package org.example.recipes;

import de.lifetimecircle.secrets.SecretProvider;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;

/** Jedis: each new connection logs in with the current password; open ones stay. */
final class JedisRecipe {
  private JedisRecipe() {}

  static RedisClient client(SecretProvider secrets, String host, int port) {
    return RedisClient.builder()
        .hostAndPort(new HostAndPort(host, port))
        .clientConfig(DefaultJedisClientConfig.builder()
            .credentialsProvider(() -> new DefaultRedisCredentials(
                "shop", secrets.get("shop/REDIS").asString()))
            .build())
        .build();
  }
}
