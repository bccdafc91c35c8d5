package de.lifetimecircle.secrets.push.redis;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A class path with an older Jedis, as Spring Boot manages it, or with none. */
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
  }

  /** Has every class of this test but those whose names begin so. */
  private static final class Without extends URLClassLoader {
    private final String hidden;

    Without(String hidden) {
      super(classPath(), ClassLoader.getPlatformClassLoader());
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

  private static URL[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(OldClientTest::url)
        .toArray(URL[]::new);
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
    try (URLClassLoader loader = new Without(hidden)) {
      Thread.currentThread().setContextClassLoader(loader);
      return loader.loadClass(Service.class.getName()).getMethod("start").invoke(null);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis.clients.jedis.PushConsumerChain", "redis.clients."})
  void theStartNamesTheClientThatBoundsAMessage(String hidden) throws Exception {
    assertThat(start(hidden))
        .asString()
        .startsWith("push: redis (expected: redis.clients:jedis 8 or newer on the class path;");
  }

  @Test
  void theTestedClientFits() throws Exception {
    assertThat(start("no such class")).isEqualTo("");
  }
}
