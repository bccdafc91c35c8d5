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
    for (String url : new String[] {"postgresql://u:canary@h", "jdbc:x://h?Password=canary"}) {
      assertThatThrownBy(() -> builder().url(url))
          .hasMessageNotContaining("canary")
          .hasMessageContaining("without a password");
    }
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
