package org.example.pools;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Login;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.jdbc.SecretsDataSource;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real MariaDB, whose user gets a new password under a pool. */
@Tag("others")
class MariaDbTest {
  private static final String NAME = "prod/DATABASE_URL";
  private static final int ROTATIONS = 3;

  @Test
  void followsRotationsAndGivesUpOnAWrongPassword(@TempDir Path folder) throws Exception {
    try (MariaDbServer server = new MariaDbServer(folder);
        LeakProbe probe = LeakProbe.start();
        SecretWriter writer =
            SecretProvider.builder().store(FakeStore.create()).set("overrides", "off").buildWriter()) {
      server.execute("CREATE USER ltc@'127.0.0.1'");
      server.execute("GRANT ALL ON ltc.* TO ltc@'127.0.0.1'");
      Login login = new Login(server, "ltc", writer, NAME, server::url, probe);
      login.replace();
      SecretsDataSource database = SecretsDataSource.builder(writer.provider()).secret(NAME).build();
      Pool pool = Recipes.hikari(database, Duration.ofSeconds(30));
      try (HikariDataSource hikari = (HikariDataSource) pool.dataSource()) {
        int before = server.refused();
        for (int i = 0; i < ROTATIONS; i++) {
          login.rotate(
              Duration.ZERO,
              () -> {
                connects(hikari, pool);
                Waiting.pause(Duration.ofMillis(2100));
              });
          connects(hikari, pool);
        }
        assertThat(server.refused() - before).as("refused logins, one for each rotation").isEqualTo(ROTATIONS);
        Figures.add("MariaDB: %1$d refused logins in %1$d rotations".formatted(ROTATIONS));
        wrong(server, database, probe);
      }
      assertThat(probe.leaks()).isEmpty();
    }
  }

  private static void connects(HikariDataSource hikari, Pool pool) throws SQLException {
    for (int i = 0; i < 5; i++) {
      pool.evict().run();
      try (Connection connection = hikari.getConnection()) {
        assertThat(connection.isValid(5)).isTrue();
      }
    }
  }

  private static void wrong(MariaDbServer server, SecretsDataSource database, LeakProbe probe)
      throws SQLException {
    int before = server.refused(); // first, because the pool logs in meanwhile and may be the one refused
    server.password("ltc", "another");
    String state = "none";
    for (int i = 0; i < 20; i++) {
      try (Connection connection = database.getConnection()) {
        state = "connected: " + connection.isClosed();
      } catch (SQLException e) {
        state = e.getSQLState();
        probe.look("exception of MariaDB", e);
      }
    }
    assertThat(state).as("state of the last login").startsWith("28");
    assertThat(server.refused() - before).as("logins with a wrong password").isBetween(1, 3);
  }
}
