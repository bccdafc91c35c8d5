package org.example.pools;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Pages;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A password rotates by the shipped hook under services with connection pools: two backends beside
 * each other, and then each without its server. The other ways to follow a rotation are only for the
 * table of docs/integration-figures.md; nothing is required of them.
 */
class RotationTest {
  private static final int ROTATIONS = Figures.FULL ? 20 : 3;
  private static final Duration BUDGET = Duration.ofSeconds(5);
  private static final Duration SETTLING = Duration.ofMillis(1500);
  private static final Duration OUTAGE = Duration.ofSeconds(5);

  /** In the short form HikariCP's default: other tests run beside it, and a login may be slow. */
  private static final Duration LIMIT = Duration.ofSeconds(Figures.FULL ? 10 : 30);

  /** Of the others, which wait to its end at each rotation. */
  private static final Duration LIMIT_OF_OTHERS = Duration.ofSeconds(2);

  private static final List<String> ROWS = Collections.synchronizedList(new ArrayList<>());

  @AutoClose private static final Database DATABASE = Database.started();
  @TempDir static Path folder;

  @Test
  @Tag("gpg")
  void gpg() throws Exception {
    follows("gpg", 1, Figures.FULL ? everyPool(Client.FIXED) : List.of(Client.HIKARI7));
  }

  @Test
  @Tag("aws")
  void aws() throws Exception {
    follows("aws", 2, Figures.FULL ? everyPool(Client.AWS_JDBC) : List.of(Client.HIKARI6, Client.POOLS));
  }

  @Test
  @Tag("full")
  @Tag("azure")
  void azure() throws Exception {
    follows("azure", 3, everyPool());
  }

  @Test
  @Tag("full")
  @Tag("vault")
  void vault() throws Exception {
    follows("vault", 4, everyPool());
  }

  private static List<Client.Kind> everyPool(Client.Kind... more) {
    List<Client.Kind> kinds =
        new ArrayList<>(
            List.of(Client.HIKARI7, Client.HIKARI6, Client.POOLS, Client.SET_PASSWORD, Client.PROVIDER));
    kinds.addAll(List.of(more));
    return kinds;
  }

  /** The table for the page. */
  @AfterAll
  static void table() {
    Figures.show("| backend | client | rotations | getConnection | failed | refused logins | slowest |");
    Figures.show("|---|---|---|---|---|---|---|");
    ROWS.forEach(Figures::show);
  }

  private void follows(String scheme, int number, List<Client.Kind> kinds) throws Exception {
    List<Client> clients = new ArrayList<>();
    try (RunningBackend backend = RunningBackend.started(scheme, folder.resolve(scheme + "-server"))) {
      HookRotation rotation = new HookRotation(backend, DATABASE, folder.resolve(scheme), "ltc_" + scheme);
      String other = "ltc_" + scheme + "_fixed"; // whose password nobody changes
      DATABASE.role(other, "stays");
      for (Client.Kind kind : kinds) {
        String address = "127.0." + number + "." + (clients.size() + 2);
        clients.add(client(backend, kind, address, DATABASE.url(other, "stays")));
      }
      clients.forEach(Client::ready);
      int repeated = 0;
      for (int i = 0; i < ROTATIONS; i++) {
        repeated += rotate(backend, rotation, clients);
      }
      SoftAssertions softly = new SoftAssertions();
      List<Client> ours = clients.stream().filter(client -> client.kind.isOurs()).toList();
      for (Client client : ours) {
        softly.assertThat(client.asked).as(client.figures()).isPositive();
        softly.assertThat(client.failed).as(client.figures()).isZero();
        softly.assertThat(client.mostRefused).as(client.figures() + "; refused in a rotation").isLessThan(2);
      }
      backend.stopServer();
      clients.forEach(Client::forget);
      Waiting.pause(OUTAGE);
      for (Client client : ours) {
        long[] outage = client.drain();
        softly.assertThat(outage[0]).as(client.kind.label() + "; asked in an outage").isPositive();
        softly.assertThat(outage[1]).as(client.figures() + "; failed in an outage").isZero();
        softly.assertThat(client.output()).as(client.kind.label()).doesNotContain("Cannot evict");
      }
      showsNoPassword(rotation, ours);
      softly.assertAll();
      clients.forEach(client -> ROWS.add(client.row(scheme)));
      long asked = ours.stream().mapToLong(client -> client.asked).sum();
      Figures.add(
          "%s: %d rotations, 0 of %d getConnection failed; %d longer than the budget not counted"
              .formatted(scheme, ROTATIONS, asked, repeated));
    } finally {
      clients.forEach(Client::close);
    }
  }

  private Client client(RunningBackend backend, Client.Kind kind, String address, String fixed) {
    Map<String, String> environment = new HashMap<>(backend.environment());
    // The others follow a rotation only as fast as they see it.
    environment.put("SECRETS_SOFT_AGE", kind.isOurs() ? "5m" : "1s");
    environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", environment.getOrDefault("SECRETS_AWS_ENDPOINT", ""));
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    environment.put("AWS_SECRET_ACCESS_KEY", "no-key-of-anybody");
    environment.put("AWS_JDBC_SECRET", "prod/DB_JSON");
    environment.put("AWS_JDBC_URL", DATABASE.jdbcUrl().replace("jdbc:", "jdbc-secretsmanager:"));
    environment.put("FIXED_URL", fixed);
    Duration limit = kind.isOurs() ? LIMIT : LIMIT_OF_OTHERS;
    Duration budget = backend.showsPending() ? Duration.ZERO : BUDGET;
    Path log = folder.resolve(backend.scheme()).resolve("client-" + address + ".log");
    return new Client(kind, address, DATABASE, environment, limit.plus(budget), budget, log);
  }

  /** One rotation that counts; returns how many took longer than the budget and were repeated. */
  private static int rotate(RunningBackend backend, HookRotation rotation, List<Client> clients) {
    for (int repeated = 0; repeated <= 20; repeated++) {
      clients.forEach(Client::forget);
      rotation.rotate();
      Waiting.pause(SETTLING);
      if (backend.showsPending() || rotation.gap().compareTo(BUDGET.minusMillis(500)) < 0) {
        clients.forEach(Client::count);
        return repeated;
      }
    }
    throw new IllegalStateException("too slow to tell: a rotation took " + rotation.gap());
  }

  /** Not beside another backend: a probe listens to the whole process. */
  private static synchronized void showsNoPassword(HookRotation rotation, List<Client> clients) {
    try (LeakProbe probe = LeakProbe.start()) {
      rotation.passwords().forEach(password -> probe.watch("password", password));
      clients.forEach(client -> probe.look("output of " + client.kind.label(), client.output()));
      assertThat(probe.leaks()).isEmpty();
    }
  }

  @Test
  void theLinesOfThePageAreCompiled() throws Exception {
    assertThat(Pages.compiled()).containsAll(Pages.java("docs/jdbc.md"));
    assertThat(Pages.java("docs/jdbc.md")).hasSizeGreaterThan(10);
  }
}
