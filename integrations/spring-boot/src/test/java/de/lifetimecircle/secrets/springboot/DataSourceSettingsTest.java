package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.jdbc.SecretsDataSource;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

final class DataSourceSettingsTest {
  private static final String SECRET = "secrets.datasource.secret=DATABASE";

  private final FakeStore store = stocked();

  private static FakeStore stocked() {
    return FakeStore.create().holding("DATABASE", "postgresql://me:pw@127.0.0.1:1/db");
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(SecretsDataSourceAutoConfiguration.class)
  static class WithPool {}

  @Configuration(proxyBeanMethods = false)
  static class Rival extends WithPool {
    @Bean
    DataSource ownPool() {
      return new HikariDataSource();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class SecondDatabase extends WithPool {
    @Bean
    @Primary
    DataSource ownPool() {
      return new HikariDataSource();
    }
  }

  /** As a container of a test brings them, with {@code @ServiceConnection}. */
  @Configuration(proxyBeanMethods = false)
  static class OfAContainer extends WithPool {
    @Bean
    JdbcConnectionDetails ofTheContainer() {
      return new JdbcConnectionDetails() {
        @Override
        public String getUsername() {
          return "test";
        }

        @Override
        public String getPassword() {
          return "test";
        }

        @Override
        public String getJdbcUrl() {
          return "jdbc:postgresql://127.0.0.1:1/test";
        }
      };
    }
  }

  private static List<String> problems(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SecretException found) {
        return found.problems();
      }
    }
    throw new AssertionError("no SecretException", thrown);
  }

  @Test
  void aPoolIsMadeWithBootsSettings() throws Exception {
    try (ConfigurableApplicationContext app =
        Applications.start(
            WithPool.class,
            store,
            IMPORT,
            SECRET,
            "spring.datasource.hikari.maximum-pool-size=3",
            "spring.datasource.hikari.pool-name=shop")) {
      HikariDataSource pool = app.getBean(HikariDataSource.class);
      assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
      assertThat(pool.getPoolName()).isEqualTo("shop");
      assertThat(pool.getDataSource()).isInstanceOf(SecretsDataSource.class);
      assertThat(pool.isRunning()).as("a login before the first connection").isFalse();
      assertThat(app.getBean(PropertyReads.class).names())
          .as("the application hears of its rotations")
          .containsExactly("DATABASE");
    }
  }

  @Test
  void nothingIsMadeWithoutTheSetting() {
    try (ConfigurableApplicationContext app = Applications.start(WithPool.class, store, IMPORT)) {
      assertThat(app.getBeanNamesForType(DataSource.class)).isEmpty();
    }
  }

  /** As {@code @SpringBootTest(properties = …)} over the application's own configuration. */
  @Test
  void anEmptyValueTakesTheLoginAway(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("application.properties"),
        SECRET + "\nsecrets.datasource.url=jdbc:postgresql://localhost/shop\n");
    String file = "spring.config.additional-location=" + folder.toUri();
    try (ConfigurableApplicationContext app =
        Applications.start(OfAContainer.class, store, IMPORT, file, "secrets.datasource.secret=")) {
      assertThat(app.getBeanNamesForType(DataSource.class)).isEmpty();
    }
    try (ConfigurableApplicationContext app =
        Applications.start(WithPool.class, stocked(), IMPORT, file, "secrets.datasource.user=")) {
      assertThat(app.getBeanNamesForType(DataSource.class)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "url",
        "username",
        "password",
        "jndi-name",
        "hikari.jdbc-url",
        "hikari.username",
        "hikari.password"
      })
  void aLoginOfBootBesideItIsNamed(String key) {
    String property = "spring.datasource." + key;
    assertThatThrownBy(
            () -> Applications.start(WithPool.class, store, IMPORT, SECRET, property + "=x"))
        .satisfies(
            thrown ->
                assertThat(problems(thrown))
                    .singleElement()
                    .asString()
                    .contains(property, "secrets.datasource"));
  }

  @Test
  void anotherPoolIsNamedUnlessABeanIsPrimary() {
    assertThatThrownBy(() -> Applications.start(Rival.class, store, IMPORT, SECRET))
        .satisfies(
            thrown ->
                assertThat(problems(thrown))
                    .singleElement()
                    .asString()
                    .contains("'ownPool'", "secrets.datasource"));
    try (ConfigurableApplicationContext app =
        Applications.start(SecondDatabase.class, stocked(), IMPORT, SECRET)) {
      assertThat(app.getBeanNamesForType(DataSource.class)).hasSize(2);
    }
  }

  @Test
  void theConnectionDetailsOfBootAreNamed() {
    assertThatThrownBy(() -> Applications.start(OfAContainer.class, store, IMPORT, SECRET))
        .satisfies(
            thrown ->
                assertThat(problems(thrown))
                    .singleElement()
                    .asString()
                    .contains("'ofTheContainer'", "secrets.datasource"));
  }

  @Test
  void anIncompleteLoginSaysWhatIsMissing() {
    assertThatThrownBy(
            () ->
                Applications.start(WithPool.class, store, IMPORT, "secrets.datasource.password=PW"))
        .satisfies(
            thrown ->
                assertThat(problems(thrown))
                    .satisfiesExactly(
                        user -> assertThat(user).contains("secrets.datasource.user"),
                        url -> assertThat(url).contains("secrets.datasource.url")));
    assertThatThrownBy(
            () ->
                Applications.start(
                    WithPool.class,
                    store,
                    IMPORT,
                    "secrets.datasource.password=PW",
                    "secrets.datasource.user=USER"))
        .satisfies(
            thrown ->
                assertThat(problems(thrown))
                    .singleElement()
                    .asString()
                    .containsIgnoringCase("url"));
  }
}
