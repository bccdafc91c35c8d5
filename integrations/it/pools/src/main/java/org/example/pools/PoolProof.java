package org.example.pools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Rotates passwords under services with connection pools, and checks what docs/jdbc.md says. */
public final class PoolProof {
  private static final List<Client.Kind> EVERY_POOL =
      List.of(
          Client.HIKARI7, Client.HIKARI6, Client.POOLS, Client.SET_PASSWORD, Client.PROVIDER);

  private final Path work;
  private final Path hook;
  private final Bars bars = new Bars();
  private final List<String> rows = new ArrayList<>();

  private PoolProof(Path work, Path hook) {
    this.work = work;
    this.hook = hook;
  }

  /**
   * Runs it.
   *
   * @param arguments short or full, an empty folder to work in, and the root of the checkout
   */
  public static void main(String[] arguments) throws Exception {
    boolean full = arguments[0].equals("full");
    Path work = Path.of(arguments[1]);
    Path root = Path.of(arguments[2]);
    PoolProof proof = new PoolProof(work, root.resolve("examples/hooks/postgresql"));
    RecipeCheck.compare(root, proof.bars);
    try (Database database = new Database()) {
      if (full) {
        proof.full(database);
      } else {
        proof.brief(database);
      }
    }
    try (MariaDbCase mariaDb = MariaDbCase.start(root, work.resolve("mariadb"))) {
      mariaDb.run(proof.bars);
    }
    proof.report(full);
    System.exit(proof.bars.broken().isEmpty() ? 0 : 1);
  }

  /** Without the other ways to follow a rotation, of which nothing is required. */
  private void brief(Database database) throws Exception {
    together(
        () -> rotations("gpg", 1, 3, database, List.of(Client.HIKARI7)),
        () -> rotations("aws", 2, 3, database, List.of(Client.HIKARI6, Client.POOLS)));
    together(() -> turns(database, 2), () -> wrong(database));
  }

  private void full(Database database) throws Exception {
    List<Client.Kind> onAws = new ArrayList<>(EVERY_POOL);
    onAws.add(Client.AWS_JDBC);
    List<Client.Kind> onGpg = new ArrayList<>(EVERY_POOL);
    onGpg.add(Client.FIXED);
    together(
        () -> rotations("gpg", 1, 20, database, onGpg),
        () -> rotations("aws", 2, 20, database, onAws));
    together(
        () -> rotations("azure", 3, 20, database, EVERY_POOL),
        () -> rotations("vault", 4, 20, database, EVERY_POOL));
    together(() -> turns(database, 5), () -> wrong(database));
  }

  private void together(Callable<List<String>> one, Callable<List<String>> other)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<List<String>> each : threads.invokeAll(List.of(one, other))) {
        rows.addAll(each.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> rotations(
      String scheme, int number, int count, Database database, List<Client.Kind> kinds)
      throws Exception {
    Backend backend = Backend.start(scheme, work.resolve(scheme + "-server"));
    return new RotationCase(backend, number, database, work.resolve(scheme), hook, bars)
        .run(count, kinds);
  }

  /** Two users who take turns: the service sees each promotion before the old user is retired. */
  private List<String> turns(Database database, int count) throws Exception {
    Backend backend = Backend.start("gpg", work.resolve("turns-server"));
    Map<String, String> environment = new HashMap<>(backend.environment());
    environment.put("SECRETS_SOFT_AGE", "1s");
    environment.put("JDK_JAVA_OPTIONS", "-Dsecrets.validate.prod/DATABASE_URL.min-length=30");
    Path log = Files.createDirectories(work.resolve("turns")).resolve("client.log");
    try (Login login =
            new Login(backend, database, work.resolve("turns"), hook, "ltc_a", "ltc_b");
        Client client =
            new Client(
                Client.HIKARI7, "127.0.5.2", environment, Duration.ofSeconds(1), Duration.ZERO, log);
        Client shortest =
            new Client(
                Client.SHORTEST, "127.0.0.1", environment, Duration.ZERO, Duration.ZERO,
                work.resolve("turns").resolve("shortest.log"))) {
      client.awaitReady();
      shortest.awaitReady();
      for (int i = 0; i < count; i++) {
        login.rotateWithGrace();
        Login.pause(Duration.ofSeconds(3));
        login.retire();
      }
      Login.pause(Duration.ofSeconds(1));
      client.count(database.refused(client.address));
      bars.require(
          client.refused == 0 && client.failed == 0 && client.asked > 0,
          "two users, " + count + " rotations: " + client.refused + " refused logins (0), "
              + client.failed + " of " + client.asked + " failed (0): " + client.first);
      login.put("prod/DATABASE_URL", "breaks the form and the rule");
      Login.pause(Duration.ofSeconds(4));
      long failed = client.count(database.refused(client.address));
      bars.require(
          failed == 0, "a new value that is no URL: " + failed + " failed (0): " + client.first);
      shortest.count(0);
      bars.require(
          shortest.failed == 0 && shortest.asked > 0,
          "the lines of docs/jdbc.md: " + shortest.failed + " of " + shortest.asked + " failed (0): "
              + shortest.first);
    }
    return List.of();
  }

  /** The database has another password than the backend, and that does not change. */
  private List<String> wrong(Database database) throws Exception {
    Backend backend = Backend.start("gpg", work.resolve("wrong-server"));
    Path folder = Files.createDirectories(work.resolve("wrong"));
    Map<String, String> environment = new HashMap<>(backend.environment());
    environment.put("SECRETS_SOFT_AGE", "5m");
    try (Login login = new Login(backend, database, folder, hook, "ltc_wrong");
        Client client =
            new Client(
                Client.WRONG, "127.0.6.2", environment, Duration.ofSeconds(1), Duration.ZERO,
                folder.resolve("client.log"))) {
      client.awaitReady();
      int before = database.refused(client.address);
      database.execute("ALTER ROLE ltc_wrong PASSWORD 'neither of them'");
      Login.pause(Duration.ofSeconds(10));
      client.count(database.refused(client.address) - before);
      bars.require(
          client.failed > 100, "wrong for good: " + client.failed + " getConnection fail");
      bars.require(
          client.slowest < 1000, "wrong for good: fails within " + client.slowest + " ms (1000)");
      bars.require(
          client.refused >= 1 && client.refused <= 3,
          "wrong for good: " + client.refused + " logins in 10 s (at most 3)");
    }
    return List.of();
  }

  private void report(boolean full) throws IOException {
    StringBuilder table = new StringBuilder();
    table.append("| backend | client | rotations | getConnection | failed | refused logins | slowest |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    rows.forEach(row -> table.append(row).append('\n'));
    Files.writeString(work.resolve("table.md"), table);
    System.out.println(table);
    System.out.printf(
        "jdbc: %s form, %d checks hold, %d broken%n",
        full ? "full" : "short",
        bars.held(),
        bars.broken().size());
  }
}
