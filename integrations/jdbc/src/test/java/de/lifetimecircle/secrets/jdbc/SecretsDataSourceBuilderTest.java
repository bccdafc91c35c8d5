package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsDataSourceBuilderTest {
  private final SecretProvider provider =
      SecretProvider.builder().store(FakeStore.create()).set("overrides", "off").build();

  private SecretsDataSourceBuilder builder() {
    return SecretsDataSource.builder(provider);
  }

  @Test
  void refusesWhatCannotWork() {
    assertThatThrownBy(builder()::build).hasMessageContaining("name its secret");
    assertThatThrownBy(builder().login("u", "p")::build).hasMessageContaining("JDBC URL");
    assertThatThrownBy(() -> builder().waitUpTo(Duration.ofSeconds(-1)))
        .hasMessage("waitUpTo: PT-1S (expected: >= 0)");
    assertThatThrownBy(() -> builder().retryRefusedAfter(Duration.ofSeconds(-1)))
        .hasMessageContaining("retryRefusedAfter");
    assertThatThrownBy(() -> builder().evictionSpread(Duration.ofSeconds(-1)))
        .hasMessageContaining("evictionSpread");
    assertThatThrownBy(() -> builder().loginsAtOnce(0))
        .hasMessage("loginsAtOnce: 0 (expected: >= 1)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:canary@h",
        "jdbc:x://h?Password=canary",
        "jdbc:sqlserver://h;user=u;password=canary",
        "jdbc:sqlserver://h;PWD = canary",
        "jdbc:postgresql://h/db?user=canary",
        "jdbc:postgresql://h/db?sslmode=require&user=canary",
        "jdbc:sqlserver://h;userName=canary",
        "jdbc:db2://h:50000/db:user=canary;",
        "jdbc:mysql://address=(host=h)(user=canary)/db",
        "jdbc:mysql://u:canary@h/db",
        "jdbc:mysql:loadbalance://u:canary@h/db",
        "jdbc:mysql://address=(host=h)(user=u)(password=canary)/db",
        "jdbc:oracle:thin:u/canary@//h:1521/d",
      })
  void aUrlHasNoLogin(String url) {
    assertThatThrownBy(() -> builder().url(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary")
        .hasMessageContaining("without user and password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h1,h2/db?sslpassword=x&sslmode=verify-full",
        "jdbc:sqlserver://h;trustStorePassword=x",
        "jdbc:postgresql://h/user=db?ApplicationName=user",
        "jdbc:oracle:thin:@//h:1521/d",
        "jdbc:oracle:thin:@(description=(address=(host=h)))",
        "jdbc:mysql://h/db?x=a@b",
      })
  void otherUrlsAreTaken(String url) {
    assertThat(builder().secret("prod/DATABASE_URL").url(url).build()).isNotNull();
  }

  @Test
  void isADataSource() throws Exception {
    SecretsDataSource source = builder().secret("prod/DATABASE_URL").build();
    assertThat(source).hasToString("SecretsDataSource[prod/DATABASE_URL]");
    assertThat(source.unwrap(SecretsDataSource.class)).isSameAs(source);
    assertThat(source.isWrapperFor(DataSource.class)).isTrue();
    assertThat(source.isWrapperFor(Runnable.class)).isFalse();
    assertThatThrownBy(() -> source.unwrap(Runnable.class)).isInstanceOf(SQLException.class);
    source.setLoginTimeout(3);
    assertThat(source.getLoginTimeout()).isEqualTo(3);
    source.setLogWriter(null);
    assertThat(source.getLogWriter()).isNull();
    assertThatThrownBy(source::getParentLogger).isInstanceOf(SQLFeatureNotSupportedException.class);
  }
}
