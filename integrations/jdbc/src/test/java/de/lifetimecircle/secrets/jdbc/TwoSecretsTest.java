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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user and a password in secrets of their own; the user secret has changed once, long ago. */
final class TwoSecretsTest {
  private static final String USER = "prod/DB_USERNAME";
  private static final String PASSWORD = "prod/DB_ADMIN_PW";

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

  @BeforeEach
  void start() {
    put(USER, "old_admin");
    put(USER, "anna");
    put(PASSWORD, "first");
    database.accepting("anna", "first");
  }

  @AfterEach
  void close() {
    provider.close();
    writer.close();
  }

  private SecretsDataSource source() {
    return SecretsDataSource.builder(provider)
        .login(USER, PASSWORD)
        .url("jdbc:fake://db/ltc")
        .driver(database)
        .nanoTime(ticker::nanoTime)
        .build();
  }

  private void put(String name, String text) {
    ticker.advance(Duration.ofSeconds(1));
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  private void putPending(String name, String text) {
    ticker.advance(Duration.ofSeconds(1));
    try (SecretValue value = SecretValue.of(text)) {
      writer.putPending(name, value);
    }
  }

  private List<String> users() {
    return database.properties.stream().map(each -> each.getProperty("user")).toList();
  }

  @Test
  void aRunningProcessKeepsThePasswordThatWorks() throws Exception {
    SecretsDataSource source = source();
    source.getConnection();
    put(PASSWORD, "second"); // which the database does not have yet
    provider.refresh(PASSWORD);
    source.getConnection();
    source.getConnection();
    assertThat(database.refused).containsExactly("second");
    assertThat(users()).containsOnly("anna");
    ticker.advance(Duration.ofSeconds(1));
    database.accepting("anna", "second");
    source.getConnection();
    assertThat(database.accepted).containsExactly("first", "first", "first", "second");
  }

  @Test
  void aFreshProcessFallsBackToThePreviousPassword() throws Exception {
    put(PASSWORD, "second");
    source().getConnection();
    assertThat(database.refused).containsExactly("second");
    assertThat(users()).containsExactly("anna", "anna");
  }

  @Test
  void aFreshProcessFallsBackToThePreviousPair() throws Exception {
    put(USER, "berta");
    put(PASSWORD, "second");
    source().getConnection();
    assertThat(users()).containsExactly("berta", "berta", "anna");
    assertThat(database.accepted).containsExactly("first");
  }

  @Test
  void aRotationOfBothCostsOneRefusedLogin() throws Exception {
    SecretsDataSource source = source();
    source.getConnection();
    putPending(USER, "berta");
    putPending(PASSWORD, "second");
    database.passwords.clear();
    database.accepting("berta", "second");
    source.getConnection();
    assertThat(users()).containsExactly("anna", "anna", "berta");
    assertThat(database.refused).containsExactly("first");
  }

  /** The pending user is left from a rotation that somebody gave up. */
  @Test
  void aPendingPasswordIsTriedWithTheCurrentUserToo() throws Exception {
    SecretsDataSource source = source();
    source.getConnection();
    putPending(USER, "berta");
    putPending(PASSWORD, "second");
    database.accepting("anna", "second");
    source.getConnection();
    assertThat(users()).containsExactly("anna", "anna", "berta", "anna");
  }

  @Test
  void aWrongPasswordCausesAtMostThreeLoginsInTenSeconds() throws Exception {
    put(PASSWORD, "second");
    putPending(USER, "berta");
    putPending(PASSWORD, "third");
    database.accepting("anna", "another");
    SecretsDataSource source = source();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
      ticker.advance(Duration.ofMillis(100));
    }
    assertThat(database.refused).hasSize(3);
    database.accepting("old_admin", "first");
    for (int i = 0; i < 40 && database.accepted.isEmpty(); i++) {
      ticker.advance(Duration.ofSeconds(1));
      attempt(source);
    }
    assertThat(database.accepted).as("no pair waits for ever").containsExactly("first");
  }

  private static void attempt(SecretsDataSource source) {
    try (var connection = source.getConnection()) {
      assertThat(connection).isNotNull();
    } catch (SQLException e) {
      assertThat((Throwable) e).hasMessageContaining(PASSWORD);
    }
  }
}
