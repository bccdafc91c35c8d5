package de.lifetimecircle.secrets.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import io.opentelemetry.api.OpenTelemetry;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** OpenTelemetry's API as Spring Boot 3.5 manages it, and a class path without it. */
class OldApiTest {
  private static final String NEEDED =
      "metrics: opentelemetry (expected: io.opentelemetry:opentelemetry-api 1.57 or newer";

  /** What runs on the other class path. */
  public static final class Service {
    private Service() {}

    /** Returns the first problem of the start; empty if it works. */
    public static String start() {
      try (SecretProvider provider =
          SecretProvider.builder()
              .store(FakeStore.create().holding("A", "a value"))
              .environment(Map.of())
              .set("metrics", "opentelemetry")
              .build()) {
        return "";
      } catch (SecretException e) {
        assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
        return e.problems().get(0);
      }
    }

    /** Returns how many calls of the metrics failed with an OpenTelemetry that is given in code. */
    public static String failuresInCode() {
      try (SecretProvider provider =
          SecretProvider.builder()
              .store(FakeStore.create().holding("A", "a value"))
              .environment(Map.of())
              .metrics(new SecretTelemetry(OpenTelemetry.noop()))
              .build()) {
        provider.get("A");
        return Long.toString(provider.stats().foreignFailures());
      }
    }
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Calls a method of the service on the class path of this test without one jar. */
  private static String run(String method, String without, String... instead) throws Exception {
    String[] paths = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    URL[] urls =
        Stream.concat(
                Arrays.stream(paths).filter(path -> !path.contains(without)),
                Arrays.stream(instead))
            .map(OldApiTest::url)
            .toArray(URL[]::new);
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      Thread.currentThread().setContextClassLoader(loader);
      Method start = loader.loadClass(Service.class.getName()).getMethod(method);
      return (String) start.invoke(null);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static String oldApi() throws IOException {
    return Path.of("target/old-api/opentelemetry-api-1.49.0.jar").toRealPath().toString();
  }

  @Test
  void theStartNamesTheApiThatIsNeeded() throws Exception {
    assertThat(run("start", "no such jar")).isEmpty();
    assertThat(run("start", "opentelemetry-api")).startsWith(NEEDED);
    assertThat(run("start", "opentelemetry-api", oldApi())).startsWith(NEEDED);
  }

  @Test
  void anOpenTelemetryInCodeMayBeOlder() throws Exception {
    assertThat(run("failuresInCode", "opentelemetry-api", oldApi())).isEqualTo("0");
  }
}
