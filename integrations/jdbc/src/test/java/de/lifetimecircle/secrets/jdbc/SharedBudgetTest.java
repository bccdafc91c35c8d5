package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store without pending versions, in real time. */
final class SharedBudgetTest {
  private static final String NAME = "prod/DATABASE_URL";

  private final FakeStore store =
      FakeStore.with(Capability.VERSIONS, Capability.WRITE).holding(NAME, url("first"));
  private final FakeDatabase database = new FakeDatabase().accepting("anna", "first");
  private final SecretProvider provider =
      SecretProvider.builder().store(store).set("overrides", "off").build();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private static String url(String password) {
    return "postgresql://anna:" + password + "@db/ltc";
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    provider.close();
  }

  private SecretsDataSource source(Duration budget) {
    return SecretsDataSource.builder(provider)
        .secret(NAME)
        .driver(database)
        .waitUpTo(budget)
        .build();
  }

  private List<Future<Connection>> logins(SecretsDataSource source, int count) {
    List<Future<Connection>> logins = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      logins.add(threads.submit(() -> source.getConnection()));
    }
    return logins;
  }

  private static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @Test
  void allWaitForThePromotionAndOneAsks() throws Exception {
    SecretsDataSource source = source(Duration.ofSeconds(20));
    source.getConnection();
    database.accepting("anna", "second");
    List<Future<Connection>> waiting = logins(source, 10);
    pause(Duration.ofSeconds(1));
    store.holding(NAME, url("second"));
    for (Future<Connection> login : waiting) {
      assertThat(login.get()).isNotNull();
    }
    assertThat(database.refused).containsExactly("first");
    // The first list, and one for each pause of 100 ms or more.
    assertThat(store.calls(FakeStore.Op.VERSIONS)).isBetween(2, 40);
  }

  @Test
  void theBudgetIsSharedAndThenCallsFailAtOnce() throws Exception {
    SecretsDataSource source = source(Duration.ofSeconds(4));
    source.getConnection();
    database.accepting("anna", "second");
    long begun = System.nanoTime();
    List<Future<Connection>> early = logins(source, 4);
    pause(Duration.ofMillis(2400));
    early.addAll(logins(source, 4));
    for (Future<Connection> login : early) {
      assertThatThrownBy(login::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SQLException.class);
    }
    Duration all = Duration.ofNanos(System.nanoTime() - begun);
    // Each with a budget of its own would have taken 6.4 s.
    assertThat(all).isBetween(Duration.ofMillis(3600), Duration.ofMillis(6000));
    long late = System.nanoTime();
    assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - late)).isLessThan(Duration.ofSeconds(3));
    assertThat(database.refused).containsExactly("first");
  }

  @Test
  void aSuccessGivesTheNextOutageAllOfTheBudget() throws Exception {
    SecretsDataSource source = source(Duration.ofSeconds(4));
    source.getConnection();
    for (String password : List.of("second", "third")) {
      database.accepting("anna", password);
      Future<Connection> login = logins(source, 1).get(0);
      pause(Duration.ofMillis(1600));
      store.holding(NAME, url(password));
      assertThat(login.get()).isNotNull();
      pause(Duration.ofMillis(3200));
    }
    assertThat(database.refused).containsExactly("first", "second");
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    SecretsDataSource source = source(Duration.ofSeconds(60));
    source.getConnection();
    database.accepting("anna", "second");
    List<Object> seen = new ArrayList<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                seen.add(source.getConnection());
              } catch (SQLException e) {
                seen.add(String.valueOf(e.getMessage()));
              }
              seen.add(Thread.currentThread().isInterrupted());
            });
    waiter.start();
    pause(Duration.ofMillis(300));
    waiter.interrupt();
    waiter.join(Duration.ofSeconds(20).toMillis());
    assertThat(seen).hasSize(2).element(1).isEqualTo(true);
    assertThat(seen.get(0).toString()).contains("interrupted");
  }

  /** A service stops while its threads wait for a new password. */
  @Test
  void theCloseOfTheProviderEndsTheWait() throws Exception {
    SecretsDataSource source = source(Duration.ofSeconds(60));
    source.getConnection();
    database.accepting("anna", "second");
    List<Future<Connection>> waiting = logins(source, 4);
    int before = store.calls();
    while (store.calls() < before + 2) { // one of them asks
      pause(Duration.ofMillis(20));
    }
    provider.close();
    for (Future<Connection> login : waiting) {
      assertThatThrownBy(() -> login.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SQLException.class);
    }
    assertThat(database.refused).containsExactly("first");
  }
}
