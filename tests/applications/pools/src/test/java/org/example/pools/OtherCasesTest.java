package org.example.pools;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the same on each backend: users who take turns, a wrong password, a long outage. */
@Tag("others")
class OtherCasesTest {
  /** HikariCP's default: a login may be slow on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Duration AFTERWARDS = Duration.ofSeconds(10);

  @AutoClose private static final Database DATABASE = Database.started();
  @TempDir static Path folder;

  private static Client client(
      Client.Kind kind, String address, RunningBackend backend, Map<String, String> more, Duration limit) {
    Map<String, String> environment = new HashMap<>(backend.environment());
    environment.putAll(more);
    Path log = folder.resolve("client-" + address + ".log");
    return new Client(kind, address, DATABASE, environment, limit, Duration.ZERO, log);
  }

  /** The service sees each promotion before the old user is retired. */
  @Test
  void twoUsersWhoTakeTurnsAreNeverRefused() throws Exception {
    int rotations = Figures.FULL ? 5 : 2;
    Map<String, String> more =
        Map.of(
            "SECRETS_SOFT_AGE", "1s",
            "JDK_JAVA_OPTIONS", "-Dsecrets.validate.prod/DATABASE_URL.min-length=30");
    try (RunningBackend backend = RunningBackend.started("gpg", folder.resolve("turns-server"))) {
      HookRotation rotation = new HookRotation(backend, DATABASE, folder.resolve("turns"), "ltc_a", "ltc_b");
      try (Client client = client(Client.HIKARI7, "127.0.5.2", backend, more, LIMIT);
          Client shortest = client(Client.SHORTEST, "127.0.0.1", backend, more, LIMIT)) {
        client.ready();
        shortest.ready();
        for (int i = 0; i < rotations; i++) {
          rotation.rotateWithGrace();
          Waiting.pause(Duration.ofSeconds(10)); // twice what a busy machine may need to follow
          rotation.retire();
        }
        Waiting.pause(AFTERWARDS);
        client.count();
        assertThat(client.asked).isPositive();
        assertThat(client.failed).as(client.figures()).isZero();
        assertThat(client.refused).as("refused logins").isZero();
        backend.put("prod/DATABASE_URL", "breaks the form and the rule");
        Waiting.pause(Duration.ofSeconds(4));
        long[] last = client.drain();
        assertThat(last[0]).as("asked after a new value that is no URL").isPositive();
        assertThat(last[1]).as("failed after a new value that is no URL: " + client.first).isZero();
        shortest.count();
        assertThat(shortest.asked).isPositive();
        assertThat(shortest.failed).as(shortest.figures()).isZero();
        Figures.add("two users, %d rotations: 0 refused logins, 0 of %d failed".formatted(rotations, client.asked));
      }
    }
  }

  /** The database has another password than the backend, and that does not change. */
  @Test
  void aWrongPasswordFailsFastAndAsksSeldom() throws Exception {
    try (RunningBackend backend = RunningBackend.started("gpg", folder.resolve("wrong-server"))) {
      new HookRotation(backend, DATABASE, folder.resolve("wrong"), "ltc_wrong");
      Map<String, String> more = Map.of("SECRETS_SOFT_AGE", "5m");
      try (Client client = client(Client.WRONG, "127.0.6.2", backend, more, Duration.ofSeconds(1)).ready()) {
        client.forget();
        DATABASE.password("ltc_wrong", "neither of them");
        Waiting.pause(Duration.ofSeconds(10));
        client.count();
        assertThat(client.failed).as("getConnection that fail").isGreaterThan(100);
        assertThat(client.slowest).as("ms until one fails").isLessThan(5000);
        assertThat(client.refused).as("logins in 10 s").isBetween(1, 3);
        Figures.add("wrong for good: %d logins in 10 s".formatted(client.refused));
      }
    }
  }

  /** The backend ends right after the start, and each refresh fails from then on. */
  @Test
  @Tag("full")
  void aServiceOutlivesItsBackend() throws Exception {
    try (RunningBackend backend = RunningBackend.started("aws", folder.resolve("outage-server"))) {
      HookRotation rotation = new HookRotation(backend, DATABASE, folder.resolve("outage"), "ltc_outage");
      Map<String, String> more = Map.of("SECRETS_SOFT_AGE", "1s");
      try (Client client = client(Client.HIKARI7, "127.0.7.2", backend, more, LIMIT).ready()) {
        backend.stopServer();
        client.drain();
        Waiting.pause(Duration.ofMinutes(1));
        client.count();
        assertThat(client.asked).isGreaterThan(1000);
        assertThat(client.failed).as(client.figures()).isZero();
        assertThat(client.refused).as("refused logins").isZero();
        assertThat(client.output()).doesNotContain(rotation.passwords());
        Figures.add("the backend is down for 60 s: 0 of %d failed".formatted(client.asked));
      }
    }
  }
}
