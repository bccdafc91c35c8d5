package org.example.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testservers.RedisServer;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.URI;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The recipes of Lettuce and Jedis on a real Redis. */
class RedisTest {
  private static final String HOST = "127.0.0.1";

  @AutoClose private final Secrets secrets = new Secrets();

  @Test
  void lettuceAndJedisFollow() throws Exception {
    try (RedisServer server = RedisServer.start();
        Jedis admin = new Jedis(URI.create(server.url()))) {
      admin.aclSetUser("shop", "on", ">first", "~*", "&*", "+@all");
      secrets.put("shop/REDIS", "first");
      var lettuce = LettuceRecipe.client(secrets.provider, HOST, server.port());
      var jedis = JedisRecipe.client(secrets.provider, HOST, server.port());
      long atFirst = logins(admin);
      try (StatefulRedisConnection<String, String> open = lettuce.connect()) {
        assertThat(open.sync().ping()).isEqualTo("PONG");
        Waiting.until("lettuce's first login of the stream", () -> logins(admin) > atFirst);
        assertThat(jedis.ping()).isEqualTo("PONG");
        long before = logins(admin);
        admin.aclSetUser("shop", "resetpass", ">second");
        secrets.put("shop/REDIS", "second");
        Waiting.until("lettuce to log in again", () -> logins(admin) > before);
        assertThat(open.sync().ping()).as("the open connection").isEqualTo("PONG");
        try (StatefulRedisConnection<String, String> fresh = lettuce.connect()) {
          assertThat(fresh.sync().ping()).as("a login with the new password").isEqualTo("PONG");
        }
        jedis.getPool().clear();
        assertThat(jedis.ping()).as("a login with the new password").isEqualTo("PONG");
        assertThat(commands(admin, "(auth|hello)", "failed_calls")).as("refused logins").isZero();
      } finally {
        jedis.close();
        lettuce.shutdown();
      }
    }
    Figures.add("Lettuce and Jedis");
  }

  private static long logins(Jedis admin) {
    return commands(admin, "auth", "calls");
  }

  private static long commands(Jedis admin, String command, String figure) {
    return admin.info("commandstats").lines()
        .filter(line -> line.matches("cmdstat_" + command + ":.*"))
        .map(line -> line.replaceAll(".*[:,]" + figure + "=(\\d+).*", "$1"))
        .mapToLong(Long::parseLong)
        .sum();
  }
}
