package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody deletes the secret of a service that runs. */
final class LostSecretTest {
  private static final String NAME = "prod/DATABASE_URL";

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store =
      FakeStore.create().clock(ticker).holding(NAME, "postgresql://anna:first@db/ltc");
  private final FakeDatabase database = new FakeDatabase().accepting("anna", "first");
  private final SecretProvider provider =
      SecretProvider.builder()
          .store(store.secondClient())
          .set("overrides", "off")
          .set("max-stale", "1h")
          .clock(ticker)
          .executor(ticker.workers())
          .build();

  @AfterEach
  void close() {
    provider.close();
  }

  private SecretsDataSource source() {
    return SecretsDataSource.builder(provider)
        .secret(NAME)
        .driver(database)
        .nanoTime(ticker::nanoTime)
        .build();
  }

  @Test
  void theLastValueLogsInUntilMaxStaleThenTheNameIsReported() throws Exception {
    SecretsDataSource source = source();
    source.getConnection();
    store.losing(NAME);
    for (int minute = 0; minute < 50; minute += 10) {
      ticker.advance(Duration.ofMinutes(10));
      source.getConnection();
    }
    assertThat(database.refused).isEmpty();
    ticker.advance(Duration.ofMinutes(20));
    assertThatThrownBy(source::getConnection)
        .isInstanceOf(SQLNonTransientConnectionException.class)
        .hasMessageContaining(NAME);
    store.holding(NAME, "postgresql://anna:first@db/ltc");
    ticker.advance(Duration.ofMinutes(10));
    source.getConnection();
    assertThat(database.refused).isEmpty();
  }

  /** The old password is refused and nothing else can be read: no wait, and no second login. */
  @Test
  void aRefusalWhileTheSecretIsGoneFailsAndNamesIt() throws Exception {
    SecretsDataSource source = source();
    source.getConnection();
    store.losing(NAME);
    database.accepting("anna", "second");
    ticker.advance(Duration.ofSeconds(3));
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(source::getConnection)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining(NAME);
    }
    assertThat(database.refused).containsExactly("first");
  }
}
