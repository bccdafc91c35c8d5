package de.lifetimecircle.secrets.vault.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.config.Settings;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.transport.Client;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What threads that wait for a login learn from it, and what they do not. */
final class SharedLoginsTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  private final SlowLogin login = new SlowLogin();
  private final Session session = session(login);

  private static Session session(Login login) {
    Settings read =
        Settings.of(
            new StoreConfig(
                Map.of("address", "https://vault.invalid", "token", "t"),
                name -> Optional.empty(),
                LONG,
                InstantSource.system()));
    return new Session(new Client(read.server()), login, LONG);
  }

  @AfterEach
  void close() {
    login.mayEnd.countDown();
    session.close();
  }

  /** A login that a test lets end; each does what the next step says. */
  private static final class SlowLogin implements Login {
    private final Queue<Optional<Kind>> steps = new ArrayDeque<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private volatile boolean isSlow;
    private volatile String mark = "first";
    private final AtomicInteger logins = new AtomicInteger();

    @Override
    public String word() {
      return "test";
    }

    @Override
    public Grant perform(Client driver, Deadline deadline) {
      int number = logins.incrementAndGet();
      if (isSlow) {
        begun.countDown();
        await(mayEnd);
        isSlow = false;
      }
      Optional<Kind> failure = steps.remove();
      if (failure.isPresent()) {
        throw StoreFailure.of(failure.get(), "as the test says", "Nothing to do");
      }
      return new Grant("token-" + number, false, 0, false);
    }

    @Override
    public boolean isRepeatable() {
      return true;
    }

    @Override
    public String mark() {
      return mark;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(50, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private FutureTask<String> start() {
    FutureTask<String> asking =
        new FutureTask<>(
            () -> {
              try {
                return session.token(Deadline.in(LONG));
              } catch (StoreFailure e) {
                return e.kind().name();
              }
            });
    Thread thread = new Thread(asking, "shared-login");
    thread.setDaemon(true);
    thread.start();
    if (login.begun.getCount() == 0) { // another thread logs in: this one waits for it
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    } else {
      await(login.begun);
    }
    return asking;
  }

  private static String of(FutureTask<String> asking) throws Exception {
    return asking.get(50, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNAVAILABLE", "THROTTLED", "UNAUTHENTICATED", "CONFIGURATION"})
  void aFailureThatIsOverIsToldToNobody(Kind before) throws Exception {
    login.steps.addAll(List.of(Optional.of(before), Optional.empty(), Optional.empty()));
    assertThat(
            catchThrowableOfType(StoreFailure.class, () -> session.token(Deadline.in(LONG))).kind())
        .isEqualTo(before);
    login.isSlow = true;
    FutureTask<String> first = start();
    FutureTask<String> second = start();
    login.mark = "replaced meanwhile"; // so the second cannot use the token of the first
    login.mayEnd.countDown();
    assertThat(of(first)).isEqualTo("token-2");
    assertThat(of(second)).isEqualTo("token-3");
  }

  @Test
  void oneLoginServesAndOneFailureIsToldToAllWhoWaited() throws Exception {
    login.steps.addAll(List.of(Optional.of(Kind.THROTTLED), Optional.empty()));
    login.isSlow = true;
    List<FutureTask<String>> waiting = List.of(start(), start(), start());
    login.mayEnd.countDown();
    for (FutureTask<String> each : waiting) {
      assertThat(of(each)).isEqualTo("THROTTLED");
    }
    assertThat(login.logins).hasValue(1);
    assertThat(session.token(Deadline.in(LONG))).isEqualTo("token-2");
    assertThat(session.token(Deadline.in(LONG))).isEqualTo("token-2");
  }
}
