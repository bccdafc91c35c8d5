package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rotations between a fake store and a fake database. Time moves only when a test says so. */
final class SecretsDataSourceTest {
  private static final String NAME = "prod/DATABASE_URL";
  private static final Duration BETWEEN = Duration.ofSeconds(40);

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker);
  private final FakeDatabase database = new FakeDatabase();
  private final SecretProvider provider = provider(store);
  private final SecretWriter writer =
      SecretProvider.builder().store(store.secondClient()).clock(ticker).buildWriter();

  private SecretProvider provider(FakeStore over) {
    return SecretProvider.builder()
        .store(over.secondClient())
        .set("overrides", "off")
        .set("validate." + NAME + ".min-length", "20")
        .clock(ticker)
        .executor(ticker.workers())
        .build();
  }

  @AfterEach
  void close() {
    provider.close();
    writer.close();
  }

  private SecretsDataSourceBuilder builder() {
    return SecretsDataSource.builder(provider)
        .secret(NAME)
        .driver(database)
        .nanoTime(ticker::nanoTime);
  }

  private static String url(String user, String password) {
    return "postgresql://" + user + ":" + password + "@db:5432/ltc";
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

  private void start(String password) {
    put(url("anna", password));
    database.accepting("anna", password);
  }

  @Test
  void logsInThroughRotationsWithOneRefusedLoginEach() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    for (int i = 1; i <= 5; i++) {
      database.refused.clear();
      String pending = putPending(url("anna", "next" + i));
      source.getConnection();
      database.accepting("anna", "next" + i);
      source.getConnection();
      source.getConnection();
      writer.promote(NAME, pending);
      source.getConnection();
      assertThat(database.refused).as("rotation " + i).hasSize(1);
      ticker.advance(BETWEEN);
    }
  }

  /** The list that the cache holds is older than the rotation before. */
  @Test
  void rotationsInQuickSuccessionCostOneRefusedLoginEach() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    for (int i = 1; i <= 5; i++) {
      String pending = putPending(url("anna", "next" + i));
      database.accepting("anna", "next" + i);
      source.getConnection();
      ticker.advance(Duration.ofSeconds(2));
      writer.promote(NAME, pending);
      ticker.advance(Duration.ofSeconds(2));
    }
    assertThat(database.refused).hasSize(5);
  }

  @Test
  void oneThreadLogsInAtATime() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    database.before =
        () -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
          inside.decrementAndGet();
        };
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<?>> logins = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        logins.add(threads.submit(() -> source.getConnection()));
      }
      for (Future<?> login : logins) {
        login.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void aPasswordThatStaysWrongIsTriedLessAndLessOften() {
    start("first");
    database.accepting("anna", "another");
    SecretsDataSource source = builder().build();
    for (int i = 0; i < 6 * 60; i++) {
      assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
      ticker.advance(Duration.ofSeconds(1));
    }
    // After 0, 15, 45, 105, 225 and 345 seconds.
    assertThat(database.refused).hasSize(6);
  }

  @Test
  void aPendingVersionInTheCacheCostsNoCall() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    putPending(url("anna", "second"));
    provider.validVersions(NAME);
    ticker.advance(Duration.ofSeconds(5));
    database.accepting("anna", "second");
    int before = store.calls();
    source.getConnection();
    assertThat(store.calls()).isEqualTo(before);
    assertThat(database.refused).containsExactly("first");
  }

  /** Nothing has worked in this process, so it knows no last good version. */
  @Test
  void aPendingVersionIsTriedBeforeThePreviousOne() throws Exception {
    start("first");
    put(url("anna", "second"));
    database.accepting("anna", "third");
    SecretsDataSource source = builder().build();
    assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
    assertThat(database.refused).containsExactly("second", "first");
    ticker.advance(BETWEEN);
    database.refused.clear();
    putPending(url("anna", "third"));
    source.getConnection();
    assertThat(database.refused).containsExactly("second");
  }

  /** The machine that rotates has a clock that is an hour behind the one before. */
  @Test
  void aPendingVersionOfAClockThatStepsBackIsTried() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    for (int i = 1; i <= 3; i++) {
      database.refused.clear();
      ticker.step(Duration.ofHours(-1));
      String pending = putPending(url("anna", "next" + i));
      database.accepting("anna", "next" + i);
      source.getConnection();
      source.getConnection();
      assertThat(database.refused).as("rotation " + i).hasSize(1);
      writer.promote(NAME, pending);
      source.getConnection();
      ticker.advance(BETWEEN);
    }
  }

  /** On AWS the step retire stores a copy, which has an id of its own. */
  @Test
  void aCopyOfTheCurrentVersionIsNotTriedAgain() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    put(url("anna", "first"));
    provider.refresh(NAME);
    putPending(url("anna", "second"));
    database.accepting("anna", "second");
    source.getConnection();
    assertThat(database.refused).containsExactly("first");
  }

  @Test
  void manyThreadsAtOnceCostOneRefusedLogin() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    putPending(url("anna", "second"));
    database.accepting("anna", "second");
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      CountDownLatch together = new CountDownLatch(16);
      List<Future<?>> logins = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        logins.add(
            threads.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return source.getConnection();
                }));
      }
      for (Future<?> login : logins) {
        login.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(database.refused).containsExactly("first");
    assertThat(database.accepted).hasSize(17);
  }

  @Test
  void aRotationThatIsUndoneBringsTheOldPasswordBackAtOnce() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    putPending(url("anna", "second"));
    database.accepting("anna", "second");
    source.getConnection();
    database.accepting("anna", "first");
    ticker.advance(Duration.ofSeconds(3));
    source.getConnection();
    assertThat(database.refused).containsExactly("first", "second");
  }

  @Test
  void usersWhoTakeTurnsAreNeverRefused() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    for (int i = 1; i <= 4; i++) {
      String user = i % 2 == 0 ? "anna" : "berta";
      database.accepting(user, "next" + i);
      put(url(user, "next" + i));
      source.getConnection();
      ticker.advance(Duration.ofMinutes(6));
      source.getConnection();
      source.getConnection();
      assertThat(database.accepted.get(database.accepted.size() - 1)).isEqualTo("next" + i);
    }
    assertThat(database.refused).isEmpty();
  }

  /** As a rotation does that serves a password before the database has it. */
  @Test
  void freshProcessFallsBackToThePreviousVersion() throws Exception {
    start("first");
    put(url("anna", "second"));
    builder().build().getConnection();
    assertThat(database.refused).containsExactly("second");
    assertThat(database.accepted).containsExactly("first");
  }

  @Test
  void aRunningProcessKeepsTheOldPasswordUntilTheDatabaseHasTheNewOne() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    put(url("anna", "second"));
    provider.refresh(NAME);
    source.getConnection();
    source.getConnection();
    assertThat(database.refused).containsExactly("second");
    ticker.advance(Duration.ofSeconds(1));
    database.accepting("anna", "second");
    source.getConnection();
    assertThat(database.accepted).containsExactly("first", "first", "first", "second");
  }

  @Test
  void aWrongPasswordCausesAtMostThreeLoginsInTenSeconds() {
    put(url("anna", "zero"));
    start("first");
    putPending(url("anna", "second"));
    database.accepting("anna", "another");
    SecretsDataSource source = builder().build();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(source::getConnection)
          .isInstanceOf(SQLInvalidAuthorizationSpecException.class)
          .hasMessageContaining(NAME)
          .extracting(e -> ((SQLException) e).getSQLState().substring(0, 2))
          .isEqualTo("28");
      ticker.advance(Duration.ofMillis(100));
    }
    assertThat(database.refused).hasSize(3);
    ticker.advance(Duration.ofSeconds(10));
    database.accepting("anna", "first");
    assertThat(connects(source)).isTrue();
  }

  private static boolean connects(SecretsDataSource source) {
    try {
      return source.getConnection() != null;
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void aServerThatIsAwayIsNoRefusal() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    SQLException away = new SQLException("no route to host", "08001");
    database.down = away;
    assertThatThrownBy(source::getConnection).isSameAs(away);
    database.down = null;
    source.getConnection();
  }

  @Test
  void anOutageOfTheBackendFailsNothing() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    for (int i = 0; i < 60; i++) {
      ticker.advance(Duration.ofMinutes(1));
      source.getConnection();
    }
    assertThat(database.refused).isEmpty();
  }

  @Test
  void valueThatBreaksARuleIsNotUsed() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    put("short");
    ticker.advance(Duration.ofMinutes(10));
    source.getConnection();
    assertThat(database.accepted).containsExactly("first", "first");
  }

  @Test
  void valueOfAnotherFormIsNotUsed() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    put("this is no URL of a database");
    provider.refresh(NAME);
    source.getConnection();
    assertThat(database.accepted).containsExactly("first", "first");
  }

  @Test
  void ignoresTheLoginThatAPoolHas() throws Exception {
    start("first");
    builder().build().getConnection("berta", "wrong");
    assertThat(database.accepted).containsExactly("first");
  }

  @Test
  void readsUserAndPasswordFromTwoSecrets() throws Exception {
    store.holding("prod/USER", "anna").holding("prod/PASSWORD", "first");
    database.accepting("anna", "first");
    SecretsDataSource source =
        SecretsDataSource.builder(provider)
            .login("prod/USER", "prod/PASSWORD")
            .url("jdbc:postgresql://db/ltc")
            .property("ApplicationName", "ltc")
            .driver(database)
            .nanoTime(ticker::nanoTime)
            .build();
    source.setLoginTimeout(7);
    source.getConnection();
    ticker.advance(Duration.ofSeconds(1));
    try (SecretValue value = SecretValue.of("second")) {
      writer.putPending("prod/PASSWORD", value);
    }
    database.accepting("anna", "second");
    source.getConnection();
    assertThat(database.accepted).containsExactly("first", "second");
    assertThat(database.urls).containsOnly("jdbc:postgresql://db/ltc");
    assertThat(database.properties.get(0))
        .containsEntry("ApplicationName", "ltc")
        .containsEntry("loginTimeout", "7");
  }

  @Test
  void aServiceThatMayNotListVersionsLogsInWithTheCurrentOne() throws Exception {
    start("first");
    SecretsDataSource source = builder().build();
    source.getConnection();
    store.always(FakeStore.Op.VERSIONS, NAME, FakeStep.fail(Kind.ACCESS_DENIED));
    put(url("anna", "second"));
    database.accepting("anna", "second");
    ticker.advance(Duration.ofSeconds(3));
    source.getConnection();
    assertThat(database.accepted).containsExactly("first", "second");
  }

  @Test
  void aMissingSecretIsNamed() {
    assertThatThrownBy(builder().build()::getConnection)
        .isInstanceOf(SQLNonTransientConnectionException.class)
        .hasMessageContaining(NAME);
  }

  @Test
  void aDriverForAnotherDatabaseIsReported() {
    start("first");
    assertThatThrownBy(builder().url("jdbc:other:x").build()::getConnection)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("jdbc:other:x");
  }

  @Test
  void showsNoPasswordAnywhere() {
    try (LeakProbe probe = LeakProbe.start()) {
      String password = probe.canary("password");
      put(url("anna", password));
      SecretsDataSource source = builder().build();
      database.refusal = shown -> new SQLException("refused: " + shown, "28P01");
      probe.look("failure", failure(source));
      ticker.advance(Duration.ofMinutes(5));
      database.broken = new IllegalStateException("cannot use " + password);
      probe.look("failure", failure(source));
      database.broken = null;
      put(password + " is not a URL");
      provider.refresh(NAME);
      ticker.advance(Duration.ofMinutes(5));
      probe.look("failure", failure(source));
      database.accepting("anna", password);
      ticker.advance(Duration.ofMinutes(5));
      assertThat(connects(source)).isTrue();
      probe.look("source", source).look("source", source.toString());
      assertThat(database.urls).noneMatch(url -> url.contains(password));
      probe.assertClean();
    }
  }

  private static SQLException failure(SecretsDataSource source) {
    try {
      throw new AssertionError("connected: " + source.getConnection());
    } catch (SQLException e) {
      return e;
    }
  }
}
