package de.lifetimecircle.secrets.push.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testservers.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** A real Redis: rotations arrive, a lost server harms nobody, and a new one is found. */
class RedisChannelTest {
  private static final String KEY = "LTC_SECRET_KEY";

  private static SecretProvider reader(FakeStore store, String url) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("push", "redis")
        .set("redis.url", url)
        .set("push-delay", "100ms")
        .set("push-catch-up", "100ms")
        .build();
  }

  private static String rotate(FakeStore store, String url, String text, String announced) {
    try (SecretWriter writer =
        SecretProvider.builder()
            .store(store.secondClient())
            .environment(Map.of())
            .set("push", "redis")
            .set("redis.url", url)
            .buildWriter()) {
      try (SecretValue value = SecretValue.of(text)) {
        String version = writer.put(KEY, value).version();
        if (!announced.isEmpty()) {
          writer.announce(KEY, version);
        }
        return version;
      }
    }
  }

  @Test
  void followsARotationAndANewServer() throws InterruptedException {
    FakeStore store = FakeStore.create().holding(KEY, "one");
    RedisServer redis = RedisServer.start();
    BlockingQueue<String> versions = new LinkedBlockingQueue<>();
    try (SecretProvider provider = reader(store, redis.url())) {
      provider.get(KEY);
      var unused = provider.onChange(KEY, event -> versions.add(event.newVersion().orElse("none")));
      awaitSubscriber(store, redis, versions);

      redis.close();
      assertThat(provider.get(KEY, Duration.ZERO).value()).as("polling works").isNotNull();
      rotate(store, "redis://127.0.0.1:1", "while the server is away", "");
      assertThat(versions.poll(1, TimeUnit.SECONDS)).isNull();
      redis = redis.startAgain();
      assertThat(versions.poll(60, TimeUnit.SECONDS)).as("caught up").isNotNull();
      rotate(store, redis.url(), "after the restart", "yes");
      assertThat(versions.poll(20, TimeUnit.SECONDS)).as("heard").isNotNull();
      assertThat(provider.get(KEY).value().asString()).isEqualTo("after the restart");
    } finally {
      redis.close();
    }
  }

  /** The connection of the reader comes to be some time after its start. */
  private static void awaitSubscriber(
      FakeStore store, RedisServer redis, BlockingQueue<String> versions)
      throws InterruptedException {
    for (int i = 0; i < 60; i++) {
      String rotated = rotate(store, redis.url(), "rotation-" + i, "yes");
      String heard = versions.poll(1, TimeUnit.SECONDS);
      // One that was announced before this one may be heard of now; none is left for the test.
      while (heard != null && !heard.equals(rotated)) {
        heard = versions.poll(20, TimeUnit.SECONDS);
      }
      if (heard != null) {
        return;
      }
    }
    throw new AssertionError("no rotation was heard of");
  }

  /** Anybody who may PUBLISH could else fill the memory of every process, 512 MB at once. */
  @Test
  void endsTheConnectionInsteadOfReadingALongMessage() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    CompletableFuture<SecretException> ended = new CompletableFuture<>();
    try (RedisServer redis = RedisServer.start();
        Jedis sender = new Jedis(URI.create(redis.url()))) {
      RedisChannel channel = new RedisChannel(redis::url, "rotations");
      Thread listening =
          new Thread(
              () -> {
                try {
                  channel.listen(new Heard(heard));
                } catch (SecretException e) {
                  ended.complete(e);
                }
              });
      listening.start();
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("connected");
      sender.publish("rotations", "x".repeat(4_000));
      assertThat(heard.poll(20, TimeUnit.SECONDS)).hasSize(4_000);
      sender.publish("rotations", "x".repeat(2_000_000));
      assertThat(ended.get(20, TimeUnit.SECONDS).kind())
          .isEqualTo(SecretException.Kind.UNAVAILABLE);
      assertThat(heard).isEmpty();
      channel.close();
      listening.join();
    }
  }

  /** Keeps what arrives. */
  private record Heard(BlockingQueue<String> heard) implements RotationChannel.Receiver {
    @Override
    public void connected() {
      heard.add("connected");
    }

    @Override
    public void message(String text) {
      heard.add(text);
    }
  }

  @Test
  void saysNeitherPasswordNorMessageWhenItFails() {
    FakeStore store = FakeStore.create().holding(KEY, "one");
    assertThatThrownBy(
            () -> rotate(store, "redis://:canary-7f3a@127.0.0.1:1", "canary-7f3a", "yes"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.UNAVAILABLE))
        .hasMessageContaining("Cannot send a rotation through redis")
        .hasMessageNotContaining("canary");
    try (RedisServer redis = RedisServer.start()) {
      String wrong = "redis://:canary-7f3a@127.0.0.1:" + redis.port();
      assertThatThrownBy(() -> rotate(store, wrong, "x", "yes"))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.UNAUTHENTICATED))
          .hasMessageNotContaining("canary");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1", "canary-7f3a", "redis://", "redis://h", "redis://h:x y"})
  void rejectsAUrlOfAnotherFormWithoutShowingIt(String url) {
    assertThatThrownBy(() -> reader(FakeStore.create(), url))
        .hasMessageContaining("redis.url: redacted (expected: redis://")
        .hasMessageNotContaining("canary");
  }
}
