package de.lifetimecircle.secrets.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that wait for each other's logins, in real time. */
final class LoginThrottleTest {
  private static final String NAME = "prod/DATABASE_URL";

  private final FakeStore store = FakeStore.create().holding(NAME, url("first"));
  private final FakeDatabase database = new FakeDatabase().accepting("anna", "first");
  private final SecretProvider provider =
      SecretProvider.builder().store(store.secondClient()).set("overrides", "off").build();
  private final SecretWriter writer =
      SecretProvider.builder().store(store).set("overrides", "off").buildWriter();
  private final SecretsDataSource source =
      SecretsDataSource.builder(provider).secret(NAME).driver(database).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private static String url(String password) {
    return "postgresql://anna:" + password + "@db/ltc";
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    writer.close();
    provider.close();
  }

  private static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** A busy machine: the queue is longer than the patience, but the database answers. */
  @Test
  void aLongQueueCostsOneRefusedLogin() throws Exception {
    source.getConnection();
    database.before = () -> pause(Duration.ofMillis(400));
    try (SecretValue value = SecretValue.of(url("second"))) {
      assertThat(writer.putPending(NAME, value).version()).isNotEmpty();
    }
    List<Future<Connection>> logins = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      logins.add(threads.submit(() -> source.getConnection()));
    }
    pause(Duration.ofMillis(2200)); // whoever waits for 2 s at most logs in by now, all at once
    database.accepting("anna", "second");
    for (Future<Connection> login : logins) {
      assertThat(login.get(60, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(database.refused).hasSizeLessThanOrEqualTo(1);
  }

  /** A thread that waits for longer than the patience keeps its place. */
  @Test
  void turnsGoInTheOrderOfTheCalls() throws Exception {
    LoginThrottle turns = new LoginThrottle(1);
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> waiting = new ArrayList<>();
    turns.await();
    for (int i = 0; i < 8; i++) {
      int number = i;
      waiting.add(
          threads.submit(
              () -> {
                turns.await();
                served.add(number);
                pause(Duration.ofMillis(600));
                turns.end();
                return number;
              }));
      pause(Duration.ofMillis(100));
    }
    turns.end();
    for (Future<?> each : waiting) {
      each.get(60, TimeUnit.SECONDS);
    }
    assertThat(served).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  /** Agroal interrupts a login when the time of a caller is over. */
  @Test
  void anInterruptedThreadLeavesTheQueue() throws Exception {
    LoginThrottle turns = new LoginThrottle(1);
    turns.await();
    Future<?> interrupted = threads.submit(() -> awaited(turns));
    pause(Duration.ofMillis(200));
    interrupted.cancel(true);
    Future<?> next = threads.submit(() -> awaited(turns));
    pause(Duration.ofMillis(200));
    assertThat(next.isDone()).isFalse();
    turns.end();
    next.get(60, TimeUnit.SECONDS);
    turns.end();
    Thread.currentThread().interrupt();
    turns.await(); // a turn that is free needs no waiting
    assertThat(Thread.interrupted()).isTrue();
  }

  private static boolean awaited(LoginThrottle turns) throws InterruptedException {
    turns.await();
    return true;
  }

  /** Otherwise each login after a single failure would wait until the patience is over. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aLoginThatFailsEndsItsTurn(int atOnce) throws Exception {
    SecretsDataSource failing =
        SecretsDataSource.builder(provider)
            .secret(NAME)
            .driver(database)
            .loginsAtOnce(atOnce)
            .build();
    List<Runnable> failures =
        List.of(
            () -> database.down = new SQLException("no route to host", "08001"),
            () -> database.broken = new IllegalStateException("bug of a driver"),
            () ->
                database.before =
                    () -> {
                      throw new NoClassDefFoundError("of a driver");
                    });
    for (Runnable failure : failures) {
      failure.run();
      for (int i = 0; i < atOnce; i++) {
        assertThatThrownBy(failing::getConnection).isNotNull();
      }
      database.down = null;
      database.broken = null;
      database.before = () -> {};
      Thread.currentThread().interrupt(); // as above: a login that had to wait would fail
      assertThat(failing.getConnection()).isNotNull();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** As PostgreSQL's auth_delay does, against guessing. */
  @Test
  void aSlowRefusalCostsTwoRefusedLogins() throws Exception {
    source.getConnection();
    try (SecretValue value = SecretValue.of(url("second"))) {
      assertThat(writer.putPending(NAME, value).version()).isNotEmpty();
    }
    database.accepting("anna", "second");
    database.refusal =
        password -> {
          pause(Duration.ofSeconds(3));
          return new SQLException("password authentication failed", "28P01");
        };
    List<Future<Connection>> logins = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      logins.add(threads.submit(() -> source.getConnection()));
    }
    for (Future<Connection> login : logins) {
      assertThat(login.get(60, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(database.refused).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aLoginThatHangsDoesNotStopTheOthers() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    AtomicBoolean isFirst = new AtomicBoolean(true);
    database.before =
        () -> {
          if (isFirst.getAndSet(false)) {
            try {
              answered.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    Future<Connection> hanging = threads.submit(() -> source.getConnection());
    while (isFirst.get()) {
      pause(Duration.ofMillis(10));
    }
    List<Future<Connection>> others = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      others.add(threads.submit(() -> source.getConnection()));
    }
    // After 2 s there is one turn more, for all of them. One after the other would be 16 s.
    long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
    for (Future<Connection> other : others) {
      assertThat(other.get(end - System.nanoTime(), TimeUnit.NANOSECONDS)).isNotNull();
    }
    assertThat(hanging.isDone()).isFalse();
    answered.countDown();
    assertThat(hanging.get(60, TimeUnit.SECONDS)).isNotNull();
  }
}
