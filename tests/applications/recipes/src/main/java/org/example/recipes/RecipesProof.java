package org.example.recipes;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.LocalServer;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.context.scope.refresh.RefreshEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.sql.DataSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Runs the recipes of docs/integrations.md through a rotation each, where their server is here. */
public final class RecipesProof {
  private final FakeStore store = FakeStore.create();
  private final SecretProvider secrets =
      SecretProvider.builder().store(store).set("overrides", "off").build();
  private final List<String> failures = new ArrayList<>();
  private final List<String> passed = new ArrayList<>();

  private RecipesProof() {}

  /** Takes the root of the project and a folder for servers. */
  public static void main(String[] arguments) throws Exception {
    RecipesProof proof = new RecipesProof();
    int lines = proof.page(Path.of(arguments[0]));
    proof.run("Lettuce and Jedis", () -> proof.redis(Path.of(arguments[1])));
    proof.run("Authenticator", proof::authenticator);
    proof.run("key manager", proof::keyManager);
    proof.run("Micronaut", proof::micronaut);
    if (arguments.length > 2) {
      proof.run("the pool of Micronaut", proof::micronautPool);
      proof.run("RabbitMQ", () -> proof.rabbitServer(Path.of(arguments[1])));
    } else {
      proof.run("RabbitMQ, without its server", proof::rabbit);
    }
    proof.secrets.close();
    proof.failures.forEach(failure -> System.out.println("FAILED: " + failure));
    System.out.println(
        "recipes: "
            + (proof.failures.isEmpty() ? "passed" : proof.failures.size() + " failures")
            + "; a rotation each for "
            + String.join(", ", proof.passed)
            + "; " + lines + " lines of docs/integrations.md are compiled");
    System.exit(proof.failures.isEmpty() ? 0 : 1);
  }

  private interface Recipe {
    void run() throws Exception;
  }

  private void run(String name, Recipe recipe) throws Exception {
    int before = failures.size();
    recipe.run();
    if (failures.size() == before) {
      passed.add(name);
    }
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      failures.add(what);
    }
  }

  private void put(String name, String text) {
    store.holding(name, text);
    secrets.refresh(name);
  }

  static void await(String what, Callable<Boolean> holds) throws Exception {
    for (int i = 0; i < 1000; i++) {
      if (holds.call()) {
        return;
      }
      LockSupport.parkNanos(20_000_000L);
    }
    throw new IllegalStateException("Waited 20 s for " + what);
  }

  /** Each line of Java on the page is a line of a class here. */
  private int page(Path root) throws IOException {
    Set<String> compiled = new HashSet<>();
    try (var files = Files.walk(root.resolve("tests/applications/recipes/src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Files.readAllLines(file).forEach(line -> compiled.add(line.strip()));
      }
    }
    int lines = 0;
    boolean isJava = false;
    for (String line : Files.readAllLines(root.resolve("docs/integrations.md"))) {
      if (line.startsWith("```")) {
        isJava = line.equals("```java");
      } else if (isJava && !line.isBlank()) {
        lines++;
        check(compiled.contains(line.strip()), "on the page and not compiled: " + line.strip());
      }
    }
    check(lines > 100, "only " + lines + " lines of Java on the page");
    return lines;
  }

  private void redis(Path folder) throws Exception {
    int port = LocalServer.freePort();
    try (LocalServer server =
            LocalServer.start(
                List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", ""),
                Map.of(),
                folder,
                started -> answers(port));
        Jedis admin =
            new Jedis(new HostAndPort("127.0.0.1", port), DefaultJedisClientConfig.builder().build())) {
      check(server.pid() > 0, "no server");
      admin.aclSetUser("shop", "on", ">first", "~*", "&*", "+@all");
      put("shop/REDIS", "first");
      var lettuce = LettuceRecipe.client(secrets, "127.0.0.1", port);
      var jedis = JedisRecipe.client(secrets, "127.0.0.1", port);
      try (StatefulRedisConnection<String, String> open = lettuce.connect()) {
        check(open.sync().ping().equals("PONG"), "lettuce: no login");
        await("lettuce's first login of the stream", () -> logins(admin) >= 1);
        check(jedis.ping().equals("PONG"), "jedis: no login");
        long before = logins(admin);
        admin.aclSetUser("shop", "resetpass", ">second");
        put("shop/REDIS", "second");
        await("lettuce to log in again", () -> logins(admin) > before);
        check(open.sync().ping().equals("PONG"), "lettuce: the open connection is lost");
        try (StatefulRedisConnection<String, String> fresh = lettuce.connect()) {
          check(fresh.sync().ping().equals("PONG"), "lettuce: no login with the new password");
        }
        jedis.getPool().clear();
        check(jedis.ping().equals("PONG"), "jedis: no login with the new password");
        check(failed(admin) == 0, "refused logins: " + failed(admin));
      } finally {
        jedis.close();
        lettuce.shutdown();
      }
    }
  }

  static boolean answers(int port) {
    try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static long logins(Jedis admin) {
    return admin.info("commandstats").lines()
        .filter(line -> line.startsWith("cmdstat_auth:"))
        .map(line -> line.replaceAll("[^=]*=(\\d+).*", "$1"))
        .mapToLong(Long::parseLong).sum();
  }

  private static long failed(Jedis admin) {
    return admin.info("commandstats").lines()
        .filter(line -> line.startsWith("cmdstat_auth:") || line.startsWith("cmdstat_hello:"))
        .map(line -> line.replaceAll(".*failed_calls=(\\d+).*", "$1"))
        .mapToLong(Long::parseLong).sum();
  }

  private void authenticator() throws Exception {
    String[] accepted = {"first"};
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    }).setAuthenticator(new BasicAuthenticator("partner") {
      @Override
      public boolean checkCredentials(String user, String password) {
        return user.equals("shop") && password.equals(accepted[0]);
      }
    });
    server.start();
    try {
      put("shop/PARTNER_LOGIN", "first");
      HttpClient client =
          HttpClient.newBuilder().authenticator(new AuthenticatorRecipe(secrets)).build();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
              .build();
      int first = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      accepted[0] = "second";
      store.holding("shop/PARTNER_LOGIN", "second"); // and nobody has told the cache
      LockSupport.parkNanos(1_100_000_000L);
      int second = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      check(first == 204 && second == 204, "authenticator: " + first + ", " + second);
    } finally {
      server.stop(0);
    }
  }

  private static String pem(TestAuthority.Identity identity) throws Exception {
    return block("CERTIFICATE", identity.certificate().getEncoded())
        + block("PRIVATE KEY", identity.key().getEncoded());
  }

  private static String block(String type, byte[] bytes) {
    return "-----BEGIN " + type + "-----\n"
        + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + type + "-----\n";
  }

  private void keyManager() throws Exception {
    TestAuthority authority = TestAuthority.create();
    TestAuthority.Identity first = authority.issue("EC", "localhost");
    TestAuthority.Identity second = authority.issue("EC", "localhost");
    put("shop/TLS", pem(first));
    try (SecretHandle handle = secrets.handle("shop/TLS")) {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(new KeyManager[] {new PemKeyManager(handle)}, null, null);
      try (SSLServerSocket listening =
          (SSLServerSocket)
              tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
        Thread serving = new Thread(() -> serve(listening));
        serving.setDaemon(true);
        serving.start();
        check(served(authority, listening).equals(first.certificate()), "key manager: not the first");
        put("shop/TLS", "broken");
        check(served(authority, listening).equals(first.certificate()), "key manager: broken PEM");
        put("shop/TLS", pem(second));
        check(served(authority, listening).equals(second.certificate()), "key manager: not the second");
      }
    }
  }

  private static void serve(SSLServerSocket listening) {
    while (!listening.isClosed()) {
      try (SSLSocket socket = (SSLSocket) listening.accept()) {
        socket.getOutputStream().write(1);
      } catch (IOException e) {
        continue; // closed, or a client that has seen enough
      }
    }
  }

  /** The certificate that a new client sees: one that resumes no session. */
  private static X509Certificate served(TestAuthority authority, SSLServerSocket listening)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            authority.client().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private void micronaut() throws Exception {
    String property = "partner.password";
    put("shop/DB_PW", "first");
    try (ApplicationContext context =
        MicronautRecipe.start(secrets, Map.of(property, "shop/DB_PW"))) {
      BlockingQueue<RefreshEvent> heard = new LinkedBlockingQueue<>();
      context.registerSingleton(
          ApplicationEventListener.class,
          (ApplicationEventListener<RefreshEvent>) heard::add,
          io.micronaut.inject.qualifiers.Qualifiers.byTypeArgumentsClosest(RefreshEvent.class));
      String before = context.getRequiredProperty(property, String.class);
      put("shop/DB_PW", "second");
      RefreshEvent event = heard.poll(20, TimeUnit.SECONDS);
      String after = context.getRequiredProperty(property, String.class);
      check(before.equals("first") && after.equals("second"), "micronaut: the property is not new");
      check(event != null && event.getSource().containsKey(property), "micronaut: event " + event);
    }
  }

  /** The refresh changes the password of the pool: new connections log in with it. */
  private void micronautPool() throws Exception {
    try (PostgresServer database = PostgresServer.start()) {
      String url = "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres";
      sql(url, database.password(), "CREATE ROLE shop LOGIN PASSWORD 'first'");
      put("shop/DB_PW", "first");
      String prefix = "datasources.default.";
      Map<String, String> fixed =
          Map.of(
              prefix + "url", url,
              prefix + "username", "shop",
              prefix + "minimum-idle", "1",
              prefix + "maximum-pool-size", "5",
              prefix + "connection-timeout", "3000");
      fixed.forEach(System::setProperty);
      try (ApplicationContext context =
          MicronautRecipe.start(secrets, Map.of(prefix + "password", "shop/DB_PW"))) {
        DataSource pool = context.getBean(DataSource.class);
        pool.getConnection().close();
        sql(url, database.password(), "ALTER ROLE shop PASSWORD 'second'");
        put("shop/DB_PW", "second");
        await("new connections of Micronaut's pool", () -> connects(pool, 5));
        check(!connects(url, "first"), "micronaut: the database still takes the old password");
      } finally {
        fixed.keySet().forEach(System::clearProperty);
      }
    }
  }

  /** Whether that many connections open at once, of which the pool had one. */
  private static boolean connects(DataSource pool, int count) throws SQLException {
    List<Connection> open = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        open.add(pool.getConnection());
      }
      return true;
    } catch (SQLException e) {
      return false;
    } finally {
      for (Connection each : open) {
        each.close();
      }
    }
  }

  private static boolean connects(String url, String password) {
    try (Connection connection = DriverManager.getConnection(url, "shop", password)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private static void sql(String url, String password, String command) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "postgres", password);
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private void rabbitServer(Path folder) throws Exception {
    Path program =
        LocalServer.find("rabbitmq/usr/lib/erlang/bin/erl")
            .orElseThrow(() -> new IllegalStateException("RabbitMQ is not unpacked"));
    Path packages = program.resolve("../../../../..").normalize();
    try (RabbitServer server = RabbitServer.start(packages, folder.resolve("rabbitmq"))) {
      String wrong = new RabbitProof(secrets, this::put).run(server);
      check(wrong.isEmpty(), wrong);
    }
  }

  private void rabbit() {
    put("shop/RABBITMQ", "{\"username\":\"shop\",\"password\":\"first\"}");
    var factory = RabbitRecipe.factory(secrets, "localhost");
    String before = factory.getPassword();
    put("shop/RABBITMQ", "{\"username\":\"shop\",\"password\":\"second\"}");
    check(before.equals("first") && factory.getPassword().equals("second"), "rabbit: old password");
  }
}
