package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which driver opens a connection. */
final class DriverConnectorTest {
  private static final DatabaseLogin LOGIN =
      new DatabaseLogin("jdbc:other:of-an-application", "anna", "password");

  /** Only the service file of another class loader names it. */
  public static final class ApplicationDriver implements Driver {
    private final FakeDatabase database = new FakeDatabase().accepting("anna", "password");

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
      return acceptsURL(url) ? database.connect("jdbc:fake:", info) : null;
    }

    @Override
    public boolean acceptsURL(String url) {
      return url.startsWith("jdbc:other:");
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
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }
  }

  @Test
  void theDriverOfAnotherClassLoaderIsFound(@TempDir Path folder) throws Exception {
    DriverConnector connector = new DriverConnector(null, Map.of());
    assertThatThrownBy(() -> connector.connect(LOGIN))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("No suitable driver");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader application = application(folder)) {
      thread.setContextClassLoader(application);
      assertThat(connector.connect(LOGIN)).isNotNull();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void aSecondPasswordOfTheSecretReachesTheDriverAndNoMessage() throws Exception {
    DatabaseLogin known = LoginUrl.parse("mysql://anna:password@h/db?keyStorePassword=canary");
    FakeDatabase database = new FakeDatabase().accepting("anna", "password");
    new DriverConnector(database, Map.of("ApplicationName", "ltc")).connect(known);
    assertThat(database.urls).containsExactly("jdbc:mysql://h/db");
    assertThat(database.properties.get(0))
        .containsEntry("keyStorePassword", "canary")
        .containsEntry("ApplicationName", "ltc")
        .containsEntry("user", "anna")
        .containsEntry("password", "password");
    for (DriverConnector lost :
        List.of(
            new DriverConnector(null, Map.of()),
            new DriverConnector(new ApplicationDriver(), Map.of()))) {
      assertThatThrownBy(() -> lost.connect(known))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("jdbc:mysql://h/db")
          .hasMessageNotContaining("canary");
    }
  }

  private static URLClassLoader application(Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(Driver.class.getName()), ApplicationDriver.class.getName() + "\n");
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, DriverConnectorTest.class.getClassLoader());
  }
}
