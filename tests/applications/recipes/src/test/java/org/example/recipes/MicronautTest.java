package org.example.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Waiting;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.runtime.context.scope.refresh.RefreshEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The recipe of Micronaut: a property, and a pool whose password it is. */
class MicronautTest {
  private static final String NAME = "shop/DB_PW";

  @AutoClose private final Secrets secrets = new Secrets();

  @Test
  void aPropertyFollowsAndBeansAreTold() throws Exception {
    String property = "partner.password";
    secrets.put(NAME, "first");
    try (ApplicationContext context = MicronautRecipe.start(secrets.provider, Map.of(property, NAME))) {
      BlockingQueue<RefreshEvent> heard = new LinkedBlockingQueue<>();
      context.registerSingleton(
          ApplicationEventListener.class,
          (ApplicationEventListener<RefreshEvent>) heard::add,
          Qualifiers.byTypeArgumentsClosest(RefreshEvent.class));
      assertThat(context.getRequiredProperty(property, String.class)).isEqualTo("first");
      secrets.put(NAME, "second");
      RefreshEvent event = heard.poll(20, TimeUnit.SECONDS);
      assertThat(context.getRequiredProperty(property, String.class)).isEqualTo("second");
      assertThat(event).isNotNull();
      assertThat(event.getSource()).containsKey(property);
    }
    Figures.add("Micronaut");
  }

  /** The refresh changes the password of the pool: new connections log in with it. */
  @Test
  @Tag("full")
  void thePoolFollows() throws Exception {
    String prefix = "datasources.default.";
    try (Database database = Database.started()) {
      database.role("shop", "first");
      secrets.put(NAME, "first");
      Map<String, String> fixed =
          Map.of(
              prefix + "url", database.jdbcUrl(),
              prefix + "username", "shop",
              prefix + "minimum-idle", "1",
              prefix + "maximum-pool-size", "5",
              prefix + "connection-timeout", "3000");
      fixed.forEach(System::setProperty);
      try (ApplicationContext context =
          MicronautRecipe.start(secrets.provider, Map.of(prefix + "password", NAME))) {
        DataSource pool = context.getBean(DataSource.class);
        pool.getConnection().close();
        database.password("shop", "second");
        secrets.put(NAME, "second");
        Waiting.until("new connections of the pool", () -> connects(pool, 5));
        assertThat(database.accepts("shop", "first")).as("the old password").isFalse();
      } finally {
        fixed.keySet().forEach(System::clearProperty);
      }
    }
    Figures.add("the pool of Micronaut");
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
}
