package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** The pool that the starter makes, on a database that accepts every login. */
final class DataSourceLoginTest {
  private static final String URL = "secrets.datasource.url=jdbc:shop:db";

  private final ShopDatabase database = new ShopDatabase();

  /** Remembers the logins and the connections that were closed. */
  private static final class ShopDatabase implements Driver {
    final List<String> logins = new CopyOnWriteArrayList<>();
    final List<String> modes = new CopyOnWriteArrayList<>();
    final AtomicInteger closed = new AtomicInteger();

    @Override
    public @Nullable Connection connect(String url, Properties info) {
      if (!acceptsURL(url)) {
        return null;
      }
      modes.add(info.getProperty("sslmode", "none"));
      logins.add(info.getProperty("user") + ":" + info.getProperty("password"));
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> answer(method.getName(), method.getReturnType()));
    }

    private @Nullable Object answer(String method, Class<?> type) {
      if (method.equals("close")) {
        closed.incrementAndGet();
      }
      if (type == boolean.class) {
        return !method.equals("isClosed");
      }
      return type == int.class ? 0 : null;
    }

    @Override
    public boolean acceptsURL(String url) {
      return url.startsWith("jdbc:shop:");
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getGlobal();
    }
  }

  @BeforeEach
  void register() throws SQLException {
    DriverManager.registerDriver(database);
  }

  @AfterEach
  void deregister() throws SQLException {
    DriverManager.deregisterDriver(database);
  }

  private ConfigurableApplicationContext start(FakeStore store, String... more) {
    String[] properties = new String[more.length + 3];
    properties[0] = IMPORT;
    properties[1] = URL;
    properties[2] = "spring.datasource.hikari.maximum-pool-size=1";
    System.arraycopy(more, 0, properties, 3, more.length);
    return Applications.start(DataSourceSettingsTest.WithPool.class, store, properties);
  }

  @Test
  void aUserAndAPasswordLogInAtTheUrl() throws SQLException {
    FakeStore store = FakeStore.create().holding("USER", "me").holding("PW", "first");
    try (ConfigurableApplicationContext app =
            start(store, "secrets.datasource.user=USER", "secrets.datasource.password=PW");
        Connection connection = app.getBean(HikariDataSource.class).getConnection()) {
      assertThat(connection.isClosed()).isFalse();
      assertThat(database.logins).containsOnly("me:first");
      assertThat(app.getBean(PropertyReads.class).names())
          .as("the application hears of their rotations")
          .containsExactlyInAnyOrder("USER", "PW");
    }
  }

  @Test
  void thePoolReplacesItsConnectionsAfterARotation() throws SQLException {
    FakeStore store =
        FakeStore.create().holding("LOGIN", "{\"username\":\"me\",\"password\":\"first\"}");
    try (ConfigurableApplicationContext app =
        start(
            store,
            "secrets.datasource.secret=LOGIN",
            "secrets.datasource.evict-after-rotation=true")) {
      HikariDataSource pool = app.getBean(HikariDataSource.class);
      pool.getConnection().close();
      assertThat(database.logins).containsOnly("me:first");
      assertThat(database.closed).as("the pool keeps it").hasValue(0);

      store.holding("LOGIN", "{\"username\":\"me\",\"password\":\"second\"}");
      app.getBean(SecretProvider.class).refresh("LOGIN");

      // One close is that of the login that tries the new version.
      Applications.await(() -> database.closed.get() >= 2);
      try (Connection connection = pool.getConnection()) {
        assertThat(connection.isClosed()).isFalse();
      }
      assertThat(database.logins).last().isEqualTo("me:second");
    }
  }

  /** Without them, a service that moves to the starter would no longer check the server. */
  @Test
  void thePropertiesOfTheDriverReachIt() throws SQLException {
    FakeStore store =
        FakeStore.create().holding("LOGIN", "{\"username\":\"me\",\"password\":\"first\"}");
    try (ConfigurableApplicationContext app =
            start(
                store,
                "secrets.datasource.secret=LOGIN",
                "spring.datasource.hikari.data-source-properties.sslmode=verify-full");
        Connection connection = app.getBean(HikariDataSource.class).getConnection()) {
      assertThat(connection.isClosed()).isFalse();
      assertThat(database.modes).containsOnly("verify-full");
    }
  }
}
