package de.lifetimecircle.secrets.push.redis;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.RedisServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.Socket;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
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

    private static RotationChannel channel(String url) {
      StoreConfig settings =
          new StoreConfig(
              Map.of("url", url),
              name -> Optional.empty(),
              Duration.ofSeconds(5),
              InstantSource.system());
      return new RedisChannelFactory().open(settings, Function.identity());
    }

    /** Returns how sending and listening end at a server that answers nothing. */
    public static String fail(String url) throws Exception {
      try (RotationChannel channel = channel(url)) {
        return end(() -> channel.send("short")) + " " + end(channel, new LinkedBlockingQueue<>());
      }
    }

    /** Returns what a listener hears of a short message and of one that is far too long. */
    public static String hear(String url) throws Exception {
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      try (RotationChannel channel = channel(url)) {
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
      RotationChannel.Receiver receiver =
          new RotationChannel.Receiver() {
            @Override
            public void connected() {
              heard.add("connected");
            }

            @Override
            public void message(String text) {
              heard.add(text.substring(0, 5));
            }
          };
      return end(() -> channel.listen(receiver));
    }

    private static String end(Runnable call) {
      try {
        call.run();
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

  /** The class path with this version of Jedis in the place of the tested one. */
  private static Stream<String> classPath(String version) {
    Path old = Path.of("target", "old-clients", "jedis-" + version + ".jar").toAbsolutePath();
    assertThat(old).exists();
    return classPath().map(jar -> jar.matches(".*jedis-[0-9.]+[.]jar") ? old.toString() : jar);
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
    try (RedisServer redis = RedisServer.start();
        URLClassLoader loader = new Without("no such class", classPath(version))) {
      Class<?> service = loader.loadClass(Service.class.getName());
      assertThat(service.getMethod("hear", String.class).invoke(null, redis.url()))
          .isEqualTo("connected short UNAVAILABLE");
    }
  }

  /** Otherwise any server with a certificate of the same authority could read the password. */
  @ParameterizedTest
  @ValueSource(strings = {"6.0.0", "7.0.0", "7.4.1", "tested"})
  void everyClientChecksTheHostNameBeforeItLogsIn(String version) throws Exception {
    TestAuthority authority = TestAuthority.create();
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(authority.client());
    try {
      assertThat(firstBytes(version, authority.serverFor("127.0.0.1"))).containsExactly("*", "*");
      assertThat(firstBytes(version, authority.serverFor("other.example"))).containsExactly("", "");
    } finally {
      SSLContext.setDefault(before);
    }
  }

  /** The first byte that a server gets from a sender, then from a listener; empty if none. */
  private static List<String> firstBytes(String version, SSLContext tls) throws Exception {
    Stream<String> path = version.equals("tested") ? classPath() : classPath(version);
    List<String> heard = new CopyOnWriteArrayList<>();
    try (ServerSocket server =
            tls.getServerSocketFactory()
                .createServerSocket(0, 2, InetAddress.getLoopbackAddress());
        URLClassLoader loader = new Without("no such class", path)) {
      Thread serving =
          new Thread(
              () -> {
                for (int i = 0; i < 2; i++) {
                  heard.add(firstByte(server));
                }
              });
      serving.start();
      Class<?> service = loader.loadClass(Service.class.getName());
      String url = "rediss://u:pw@127.0.0.1:" + server.getLocalPort();
      assertThat(service.getMethod("fail", String.class).invoke(null, url))
          .isEqualTo("UNAVAILABLE UNAVAILABLE");
      serving.join();
    }
    return heard;
  }

  private static String firstByte(ServerSocket server) {
    try (Socket client = server.accept()) {
      int first = client.getInputStream().read();
      return first < 0 ? "" : Character.toString(first);
    } catch (IOException e) { // the client refuses the certificate
      return "";
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
