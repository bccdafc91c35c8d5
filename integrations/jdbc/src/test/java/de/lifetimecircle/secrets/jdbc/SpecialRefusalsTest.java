package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Refusals that say more, or less, than that the password is wrong. */
final class SpecialRefusalsTest {
  private static final String NAME = "prod/DATABASE_URL";
  private static final Duration BETWEEN = Duration.ofSeconds(40);

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker);
  private final FakeDatabase database = new FakeDatabase();
  private final SecretProvider provider =
      SecretProvider.builder()
          .store(store.secondClient())
          .set("overrides", "off")
          .clock(ticker)
          .executor(ticker.workers())
          .build();
  private final SecretWriter writer =
      SecretProvider.builder().store(store.secondClient()).clock(ticker).buildWriter();

  @AfterEach
  void close() {
    provider.close();
    writer.close();
  }

  private SecretsDataSource source() {
    return SecretsDataSource.builder(provider)
        .secret(NAME)
        .driver(database)
        .nanoTime(ticker::nanoTime)
        .build();
  }

  private void put(String text) {
    ticker.advance(Duration.ofSeconds(1));
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(NAME, value);
    }
  }

  private String putPending(String text) {
    ticker.advance(Duration.ofSeconds(1));
    try (SecretValue value = SecretValue.of(text)) {
      return writer.putPending(NAME, value).version();
    }
  }

  @Test
  void aLockedAccountIsNotTriedWithItsOtherPasswords() {
    put("postgresql://anna:zero@db/ltc");
    put("postgresql://anna:first@db/ltc");
    database.accepting("anna", "another");
    database.refusal = password -> new SQLException("locked", "99999", 28000);
    assertThatThrownBy(source()::getConnection).hasMessageContaining("locked");
    assertThat(database.refused).containsExactly("first");
  }

  @Test
  void aLockedAccountIsNotTriedByTheNextCallEither() {
    put("postgresql://anna:zero@db/ltc");
    put("postgresql://anna:first@db/ltc");
    database.accepting("anna", "another");
    database.refusal = password -> new SQLException("locked", "99999", 28000);
    SecretsDataSource source = source();
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(source::getConnection)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("the account is locked");
      ticker.advance(Duration.ofSeconds(1));
    }
    assertThat(database.refused).containsExactly("first");
  }

  /** The driver asks one host after the other, and throws what the last one says. */
  @Test
  void aRefusalThatAnotherHostHidesIsFound() throws Exception {
    put("postgresql://anna:first@primary,standby/ltc");
    database.accepting("anna", "first");
    SecretsDataSource source = source();
    source.getConnection();
    database.refusal = password -> new SQLException("standby is down", "08001");
    String pending = putPending("postgresql://anna:second@primary,standby/ltc");
    database.accepting("anna", "second");
    source.getConnection();
    writer.promote(NAME, pending);
    source.getConnection();
    assertThat(database.refused).hasSizeLessThanOrEqualTo(2);
    database.accepting("anna", "nobody's");
    database.refused.clear();
    assertThatThrownBy(source::getConnection).hasMessage("standby is down");
    assertThat(database.refused).as("each version once").doesNotHaveDuplicates();
    ticker.advance(BETWEEN);
    database.accepting("anna", "second");
    source.getConnection();
  }

  @Test
  void hostsThatAreDownAreAskedOnceByMostCalls() throws Exception {
    put("postgresql://anna:first@primary,standby/ltc");
    database.accepting("anna", "first");
    SecretsDataSource source = source();
    source.getConnection();
    putPending("postgresql://anna:second@primary,standby/ltc");
    database.down = new SQLException("no route to host", "08001");
    assertThatThrownBy(source::getConnection).hasMessage("no route to host");
    database.urls.clear();
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(source::getConnection).hasMessage("no route to host");
    }
    assertThat(database.urls).hasSize(10);
    database.down = null;
    source.getConnection();
  }
}
