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

  private static final List<String> BACKENDS = List.of("gpg", "aws", "azure", "vault");

  /** The part that is of no backend: users who take turns, wrong passwords, MariaDB. */
  private static final String OTHERS = "others";

  private static final Duration OUTAGE = Duration.ofMinutes(1);

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
   * @param arguments short or full, an empty folder to work in, the root of the checkout, and the
   *     parts of the full form
   */
  public static void main(String[] arguments) throws Exception {
    boolean full = arguments[0].equals("full");
    Path work = Path.of(arguments[1]);
    Path root = Path.of(arguments[2]);
    PoolProof proof = new PoolProof(work, root.resolve("examples/hooks/postgresql"));
    List<String> parts = List.of(arguments).subList(3, arguments.length);
    RecipeCheck.compare(root, proof.bars);
    try (Database database = new Database()) {
      if (full) {
        proof.full(database, parts);
      } else {
        proof.brief(database);
      }
    }
    if (!full || parts.contains(OTHERS)) {
      try (MariaDbCase mariaDb = MariaDbCase.start(root, work.resolve("mariadb"))) {
        mariaDb.run(proof.bars);
      }
    }
    proof.report(full ? "full form, " + String.join(" ", parts) : "short form");
    System.exit(proof.bars.broken().isEmpty() ? 0 : 1);
  }

  /** Without the other ways to follow a rotation, of which nothing is required. */
  private void brief(Database database) throws Exception {
    together(
        () -> rotations("gpg", 1, 3, database, List.of(Client.HIKARI7)),
        () -> rotations("aws", 2, 3, database, List.of(Client.HIKARI6, Client.POOLS)));
    together(() -> turns(database, 2), () -> wrong(database));
  }

  /** The backends of a run go two at a time, in the order in which they are named. */
  private void full(Database database, List<String> parts) throws Exception {
    List<Callable<List<String>>> backends = new ArrayList<>();
    for (String part : parts) {
      if (!part.equals(OTHERS)) {
        int number = 1 + BACKENDS.indexOf(part);
        backends.add(() -> rotations(part, number, 20, database, clients(part)));
      }
    }
    for (int i = 0; i < backends.size(); i += 2) {
      together(backends.subList(i, Math.min(i + 2, backends.size())));
    }
    if (parts.contains(OTHERS)) {
      together(
          List.of(() -> turns(database, 5), () -> wrong(database), () -> outage(database)));
    }
  }

  private static List<Client.Kind> clients(String scheme) {
    List<Client.Kind> clients = new ArrayList<>(EVERY_POOL);
    switch (scheme) {
      case "gpg" -> clients.add(Client.FIXED);
      case "aws" -> clients.add(Client.AWS_JDBC);
      default -> {}
    }
    return clients;
  }

  private void together(Callable<List<String>> one, Callable<List<String>> other)
      throws Exception {
    together(List.of(one, other));
  }

  private void together(List<Callable<List<String>>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<List<String>> each : threads.invokeAll(work)) {
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
                Client.SHORTEST, "127.0.0.1", environment, Duration.ofSeconds(5), Duration.ZERO,
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

  /** The backend ends right after the start, and each refresh fails from then on. */
  private List<String> outage(Database database) throws Exception {
    Backend backend = Backend.start("aws", work.resolve("outage-server"));
    Path folder = Files.createDirectories(work.resolve("outage"));
    Map<String, String> environment = new HashMap<>(backend.environment());
    environment.put("SECRETS_SOFT_AGE", "1s");
    try (Login login = new Login(backend, database, folder, hook, "ltc_outage");
        Client client =
            new Client(
                Client.HIKARI7, "127.0.7.2", environment, Duration.ofSeconds(2), Duration.ZERO,
                folder.resolve("client.log"))) {
      client.awaitReady();
      backend.server().close();
      client.forget();
      Login.pause(OUTAGE);
      client.count(database.refused(client.address));
      bars.require(
          client.failed == 0 && client.refused == 0 && client.asked > 1000,
          "the backend is down for " + OUTAGE.toSeconds() + " s, soft-age 1 s: " + client.failed
              + " of " + client.asked + " failed (0), " + client.refused + " refused logins (0): "
              + client.first);
      bars.require(
          login.passwords().stream().noneMatch(client.output()::contains),
          "the backend is down: no password in the output");
    }
    return List.of();
  }

  private void report(String form) throws IOException {
    StringBuilder table = new StringBuilder();
    table.append("| backend | client | rotations | getConnection | failed | refused logins | slowest |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    rows.forEach(row -> table.append(row).append('\n'));
    Files.writeString(work.resolve("table.md"), table);
    System.out.println(table);
    System.out.printf(
        "jdbc: %s, %d checks hold, %d broken%n",
        form,
        bars.held(),
        bars.broken().size());
  }
}
