package org.example.pools;

import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One role whose password rotates in one backend, and the clients that use it. */
final class RotationCase {
  private static final Duration BUDGET = Duration.ofSeconds(5);
  private static final Duration SETTLING = Duration.ofMillis(1500);
  private static final Duration OUTAGE = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /**
   * Of pools that share a turn for logins. When Agroal's limit ends it interrupts its one thread for
   * logins, and the next caller starts from the beginning: on a busy machine 2 s are too few.
   */
  private static final Duration LIMIT_OF_THREE = Duration.ofSeconds(5);

  private final Backend backend;
  private final Database database;
  private final Path folder;
  private final Path hook;
  private final Bars bars;
  private final List<Client> clients = new ArrayList<>();
  private final int number;
  private String fixed = "";
  private int repeated;

  /**
   * Creates a case.
   *
   * @param number makes its addresses different from those of other cases
   */
  RotationCase(Backend backend, int number, Database database, Path folder, Path hook, Bars bars) {
    this.backend = backend;
    this.number = number;
    this.database = database;
    this.folder = folder;
    this.hook = hook;
    this.bars = bars;
  }

  /** Rotates and returns the rows of the table. */
  List<String> run(int rotations, List<Client.Kind> kinds) throws Exception {
    try (Login login =
        new Login(backend, database, folder, hook, "ltc_" + backend.name())) {
      fixed = login.fixed();
      for (Client.Kind kind : kinds) {
        clients.add(client(kind, login));
      }
      for (Client client : clients) {
        client.awaitReady();
      }
      for (int i = 0; i < rotations; i++) {
        rotate(login);
      }
      check();
      outage();
      leaks(login);
    } finally {
      clients.forEach(Client::close);
    }
    return clients.stream().map(this::row).toList();
  }

  private Client client(Client.Kind kind, Login login) throws IOException {
    Map<String, String> environment = new HashMap<>(backend.environment());
    // The others follow a rotation only as fast as they see it.
    environment.put("SECRETS_SOFT_AGE", kind.isOurs() ? "5m" : "1s");
    environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", environment.getOrDefault("SECRETS_AWS_ENDPOINT", ""));
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    environment.put("AWS_SECRET_ACCESS_KEY", "no-key-of-anybody");
    environment.put("AWS_JDBC_SECRET", "prod/DB_JSON");
    environment.put(
        "AWS_JDBC_URL",
        "jdbc-secretsmanager:postgresql://127.0.0.1:" + database.port() + "/postgres");
    environment.put("FIXED_URL", fixed);
    int index = clients.size();
    Duration limit = kind.pools() == 1 ? LIMIT : LIMIT_OF_THREE;
    Duration budget = backend.showsPending() ? Duration.ZERO : BUDGET;
    return new Client(
        kind,
        "127.0." + number + "." + (index + 2),
        environment,
        limit.plus(budget),
        budget,
        folder.resolve("client-" + index + ".log"));
  }

  /** One rotation that counts: one that took longer than the budget is repeated. */
  private void rotate(Login login) throws IOException {
    while (true) {
      int[] before = clients.stream().mapToInt(each -> database.refused(each.address)).toArray();
      for (Client client : clients) {
        client.forget();
      }
      login.rotate();
      Login.pause(SETTLING);
      if (backend.showsPending() || login.gap().compareTo(BUDGET.minusMillis(500)) < 0) {
        for (int i = 0; i < before.length; i++) {
          clients.get(i).count(database.refused(clients.get(i).address) - before[i]);
        }
        return;
      }
      repeated++;
      if (repeated > 20) {
        throw new IllegalStateException("too slow to tell: a rotation took " + login.gap());
      }
    }
  }

  private void check() {
    if (!backend.showsPending()) {
      System.out.println(
          backend.name() + ": " + repeated + " rotations took longer than the budget, and are not counted");
    }
    for (Client client : clients) {
      if (client.kind.isOurs()) {
        String of = backend.name() + ", " + client.kind.label() + ": ";
        bars.require(
            client.failed == 0 && client.asked > 0,
            of + client.failed + " of " + client.asked + " getConnection failed (0): " + client.first);
        bars.require(
            client.mostRefused <= 1,
            of + client.mostRefused + " refused logins in a rotation (at most 1)");
      }
    }
  }

  /** The backend ends; the services keep logging in. */
  private void outage() throws Exception {
    backend.server().close();
    for (Client client : clients) {
      client.forget();
    }
    Login.pause(OUTAGE);
    for (Client client : clients) {
      if (client.kind.isOurs()) {
        long failures = client.count(0);
        client.failed -= failures;
        client.rotations--;
        bars.require(
            failures == 0,
            backend.name() + ", " + client.kind.label() + ": " + failures + " failed in an outage (0)");
      }
    }
  }

  private void leaks(Login login) {
    try (LeakProbe probe = LeakProbe.start()) {
      login.passwords().forEach(password -> probe.watch("password", password));
      for (Client client : clients) {
        if (client.kind.isOurs()) {
          probe.look("output of " + client.kind.label(), client.output());
          bars.require(
              !client.output().contains("Cannot evict"),
              backend.name() + ", " + client.kind.label() + ": its pools evict");
        }
      }
      bars.require(
          probe.leaks().isEmpty(), backend.name() + ": passwords in output, logs, processes: " + probe.leaks());
    }
  }

  private String row(Client client) {
    return "| "
        + String.join(
            " | ",
            backend.name(),
            client.kind.label(),
            String.valueOf(client.rotations),
            String.valueOf(client.asked),
            String.valueOf(client.failed),
            String.valueOf(client.refused),
            client.slowest + " ms")
        + " |";
  }
}
