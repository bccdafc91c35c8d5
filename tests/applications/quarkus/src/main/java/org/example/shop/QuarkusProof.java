package org.example.shop;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.LocalServer;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Packages the application again while secrets can be read, starts it as a process with Agroal and
 * PostgreSQL, rotates under load, and judges. Prints a line for each figure and the result last.
 */
public final class QuarkusProof {
  private static final long FOLLOWS_WITHIN_MILLIS = 5_000;
  private static final String DATABASE = "shop/DATABASE";
  private static final String API_KEY = "shop/API_KEY";
  private static final String PARTNER = "shop/PARTNER";

  private final boolean full;
  private final Path folder;
  private final LeakProbe probe;
  private final PostgresServer database;
  private final SecretWriter writer;
  private final Map<String, String> variables;
  private final List<String> failures = new ArrayList<>();
  private final List<String> results = new ArrayList<>();
  private String user = "";
  private String apiKey = "";
  private String token = "";

  private QuarkusProof(
      boolean full,
      Path folder,
      LeakProbe probe,
      PostgresServer database,
      Map<String, String> backend) {
    this.full = full;
    this.folder = folder;
    this.probe = probe;
    this.database = database;
    this.variables = new HashMap<>(backend);
    variables.put("SHOP_DATABASE_PORT", "" + database.port());
    this.writer = SecretProvider.builder().environment(variables).buildWriter();
  }

  /** Takes the form, short or full, and a folder with the packaged application. */
  public static void main(String[] arguments) throws Exception {
    QuarkusProof proof;
    try (LeakProbe probe = LeakProbe.start();
        PostgresServer database = PostgresServer.start()) {
      Path folder = Path.of(arguments[1]);
      Map<String, String> gpg =
          Map.of(
              "SECRETS_BACKEND", "gpg",
              "SECRETS_GPG_STORE", folder.resolve("store").toString(),
              "SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
      proof = new QuarkusProof(arguments[0].equals("full"), folder, probe, database, gpg);
      proof.run();
      proof.writer.close();
    }
    proof.failures.forEach(failure -> System.out.println("FAILED: " + failure));
    System.out.println(
        "quarkus: "
            + (proof.failures.isEmpty() ? "passed" : proof.failures.size() + " failures")
            + "; "
            + String.join("; ", proof.results));
    System.exit(proof.failures.isEmpty() ? 0 : 1);
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      failures.add(what);
    }
  }

  private void result(String text) {
    results.add(text);
    System.out.println(text);
  }

  private void run() throws Exception {
    sql("CREATE ROLE shop_a LOGIN", "CREATE ROLE shop_b LOGIN");
    rotate("shop_a");
    packageAgain();
    int port = LocalServer.freePort();
    try (Shop shop = Shop.start(folder, "shop", port, variables)) {
      await("the first values", () -> follows(shop));
      check(shop.get("/loop").contains("eventloop"), "not an event loop: " + shop.get("/loop"));
      check(shop.get("/loop").contains(apiKey), "no value on an event loop");
      rotations("gpg", shop, full ? 5 : 2);
      if (full) {
        singleUser(shop);
      }
      probe.look("log", Files.readString(folder.resolve("shop").resolve("java.log")));
    }
    if (full) {
      reactive();
      clouds();
    }
    List<String> leaks = probe.leaks().stream().map(Object::toString).toList();
    for (String leak : leaks) {
      if (!leak.startsWith("log at ")) { // of this program, whose driver logs what it sends
        failures.add("a secret shows: " + leak);
      }
    }
  }

  /** The same service with the reactive client of PostgreSQL. */
  private void reactive() throws Exception {
    Path own = folder.resolve("reactive");
    try (Shop shop = Shop.start(own, "shop", LocalServer.freePort(), variables)) {
      await("the first values of the reactive client", () -> follows(shop));
      rotations("gpg, reactive client", shop, 5);
      probe.look("log with the reactive client", Files.readString(own.resolve("shop/java.log")));
    }
  }

  private void clouds() throws Exception {
    for (String scheme : Cloud.SCHEMES) {
      try (Cloud cloud = Cloud.start(scheme, folder.resolve("server-" + scheme))) {
        QuarkusProof other = new QuarkusProof(true, folder, probe, database, cloud.variables());
        other.elsewhere(scheme);
        other.writer.close();
        failures.addAll(other.failures);
        results.addAll(other.results);
        if (scheme.equals("vault") && Files.exists(folder.resolve("peer"))) {
          System.out.println("| with | failed requests, one user | new values of a property |");
          System.out.println("|---|---|---|");
          new VaultPeer(folder, database.port(), cloud, probe, this::sql)
              .run()
              .forEach(System.out::println);
        }
      }
    }
  }

  private void rotations(String scheme, Shop shop, int rotations) throws Exception {
    long slowest = 0;
    try (Load load = new Load(shop, 4, "/user", "/values")) {
      for (int i = 1; i <= rotations; i++) {
        rotate(user.equals("shop_a") ? "shop_b" : "shop_a");
        slowest = Math.max(slowest, await("rotation " + i, () -> follows(shop)));
      }
      load.close();
      check(
          load.failed() == 0,
          scheme + ": " + load.failed() + " failed requests: " + load.firstFailure());
      check(load.requests() > 20L * rotations, scheme + ": too few requests: " + load.requests());
      result(
          scheme + ": " + rotations + " rotations, " + load.failed() + " failed of "
              + load.requests() + " requests, slowest to follow " + slowest + " ms");
    }
    check(slowest <= FOLLOWS_WITHIN_MILLIS, scheme + ": followed after " + slowest + " ms");
  }

  /** The same application on another backend. */
  private void elsewhere(String scheme) throws Exception {
    rotate("shop_a");
    int port = LocalServer.freePort();
    try (Shop shop = Shop.start(folder, "shop-" + scheme, port, variables)) {
      await("the first values on " + scheme, () -> follows(shop));
      rotations(scheme, shop, 2);
      probe.look(
          "log on " + scheme,
          Files.readString(folder.resolve("shop-" + scheme).resolve("java.log")));
    }
  }

  /** The steps of a build, while every secret can be read: the package must not have any. */
  private void packageAgain() throws Exception {
    Path app = folder.resolve("quarkus-app");
    Map<String, String> others = full ? Shop.digests(app.resolve("lib")) : Map.of();
    int code = Shop.rebuild(folder, variables, List.of());
    check(code == 0, "cannot package again: " + code);
    String log = Files.readString(folder.resolve("rebuild.log"));
    check(log.contains("augmentation") || log.contains("Quarkus"), "no augmentation: " + log);
    if (full) { // compared, since these are the jars of others, as they are
      check(Shop.digests(app.resolve("lib")).equals(others), "the build has changed lib");
    }
    for (Path part : Shop.parts(app)) {
      probe.lookAtFiles(part);
    }
    probe.lookAtFiles(Shop.unpack(app, folder.resolve("unpacked")));
    long found = probe.leaks().stream().filter(leak -> !leak.toString().startsWith("log at ")).count();
    check(found == 0, "a secret is in the packaged application: " + probe.leaks());
    int refused =
        Shop.rebuild(
            folder, variables, List.of("-Dquarkus.application.name=${secrets::" + API_KEY + "}"));
    String why = Files.readString(folder.resolve("rebuild.log"));
    check(
        refused != 0 && why.contains("while Quarkus builds the application"),
        "an expression at build time: exit code " + refused);
    probe.look("log of the refused build", why);
    result("secrets in the packaged application: " + found + ", an expression at build time fails");
  }

  /** Two users take turns: the old login stays valid until the next rotation. */
  private void rotate(String next) throws Exception {
    String password = probe.canary("password of " + next);
    sql("ALTER ROLE " + next + " PASSWORD '" + password + "'");
    put(DATABASE, "{\"username\":\"" + next + "\",\"password\":\"" + password + "\"}");
    user = next;
    apiKey = probe.canary("api key");
    put(API_KEY, apiKey);
    token = probe.canary("token");
    put(PARTNER, "{\"token\":\"" + token + "\"}");
  }

  private void put(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  private void sql(String... statements) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres",
                "postgres",
                database.password());
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private boolean follows(Shop shop) throws Exception {
    return shop.get("/values").equals(apiKey + " " + token + " " + apiKey)
        && shop.get("/user").equals(user);
  }

  /** One user whose password changes: a figure for the page, no bar. */
  private void singleUser(Shop shop) throws Exception {
    try (Load load = new Load(shop, 4, "/user", "/values")) {
      for (int i = 1; i <= 5; i++) {
        rotate(user);
        await("rotation " + i + " of one user", () -> follows(shop));
        LockSupport.parkNanos(1_000_000_000L);
      }
      load.close();
      result(
          "one user, promoted right after the change: " + load.failed() + " failed of "
              + load.requests() + " requests in 5 rotations");
    }
  }

  private static long await(String what, Callable<Boolean> holds) throws Exception {
    long begin = System.nanoTime();
    while (!holds.call()) {
      if (System.nanoTime() - begin > 30_000_000_000L) {
        throw new IllegalStateException("Waited 30 s for " + what);
      }
      LockSupport.parkNanos(20_000_000L);
    }
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
