package de.lifetimecircle.secrets.push.redis;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testservers.RedisServer;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A class path with an older Jedis, as Spring Boot manages it, with one too old, or with none. */
class OldClientTest {
  /** What runs on the other class path. */
  public static final class Service {
    private Service() {}

    /** Returns the first problem of the start; empty if it works. */
    public static String start() {
      try (SecretProvider provider =
          SecretProvider.builder()
              .store(FakeStore.create())
              .environment(Map.of())
              .set("push", "redis")
              .set("redis.url", "redis://127.0.0.1:1")
              .build()) {
        return "";
      } catch (SecretException e) {
        return e.problems().get(0);
      }
    }

    /** Returns what a listener hears of a short message and of one that is far too long. */
    public static String hear(String url) throws Exception {
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      StoreConfig settings =
          new StoreConfig(
              Map.of("url", url),
              name -> Optional.empty(),
              Duration.ofSeconds(5),
              InstantSource.system());
      try (RotationChannel channel =
          new RedisChannelFactory().open(settings, Function.identity())) {
        Thread listening = new Thread(() -> heard.add(end(channel, heard)));
        listening.start();
        StringBuilder all = new StringBuilder(heard.take());
        channel.send("short");
        all.append(' ').append(heard.take());
        channel.send("x".repeat(2_000_000));
        return all.append(' ').append(heard.take()).toString();
      }
    }

    private static String end(RotationChannel channel, BlockingQueue<String> heard) {
      try {
        channel.listen(
            new RotationChannel.Receiver() {
              @Override
              public void connected() {
                heard.add("connected");
              }

              @Override
              public void message(String text) {
                heard.add(text.substring(0, 5));
              }
            });
        return "closed";
      } catch (SecretException e) {
        return e.kind().name();
      }
    }
  }

  /** Has every class of that path but those whose names begin so. */
  private static final class Without extends URLClassLoader {
    private final String hidden;

    Without(String hidden, Stream<String> path) {
      super(path.map(OldClientTest::url).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
      this.hidden = hidden;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith(hidden)) {
        throw new ClassNotFoundException(name);
      }
      return super.findClass(name);
    }
  }

  private static Stream<String> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1));
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Object start(String hidden) throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new Without(hidden, classPath())) {
      Thread.currentThread().setContextClassLoader(loader);
      return loader.loadClass(Service.class.getName()).getMethod("start").invoke(null);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** Those that Spring Boot 3.5, 4.0 and 4.1 manage. */
  @ParameterizedTest
  @ValueSource(strings = {"6.0.0", "7.0.0", "7.4.1"})
  void anOlderClientHearsAndBoundsAMessageToo(String version) throws Exception {
    Path old = Path.of("target", "old-clients", "jedis-" + version + ".jar").toAbsolutePath();
    List<String> path =
        classPath()
            .map(jar -> jar.matches(".*jedis-[0-9.]+[.]jar") ? old.toString() : jar)
            .toList();
    assertThat(path).contains(old.toString());
    try (RedisServer redis = RedisServer.start();
        URLClassLoader loader = new Without("no such class", path.stream())) {
      Class<?> service = loader.loadClass(Service.class.getName());
      assertThat(service.getMethod("hear", String.class).invoke(null, redis.url()))
          .isEqualTo("connected short UNAVAILABLE");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis.clients.jedis.PushConsumerChain", "redis.clients."})
  void theStartNamesTheClientThatBoundsAMessage(String hidden) throws Exception {
    assertThat(start(hidden))
        .asString()
        .isEqualTo("push: redis (expected: redis.clients:jedis 6 or newer on the class path)");
  }

  @Test
  void theTestedClientFits() throws Exception {
    assertThat(start("no such class")).isEqualTo("");
  }
}
