package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Throws an error at the n-th time that the engine comes to a site, and nowhere else. Safe for use
 * by several threads.
 */
final class Injector {
  /** A place in foreign code, or an allocation, that the engine's threads come to. */
  enum Site {
    /** The monotonic clock. */
    NANO_TIME,
    /** The time of day. */
    TIME_OF_DAY,
    /** A jitter, or the wait before a second try. */
    RANDOM,
    /** A task is given to the timer. */
    TIMER_SCHEDULE,
    /** The timer is asked how far away a task is. */
    TIMER_DELAY,
    /** A call is given to the workers. */
    WORKER_CALL,
    /** An event or a callback is given to its executor. */
    WORKER_EXECUTE,
    /** The store is asked for a value. */
    STORE_FETCH,
    /** The store is asked for versions. */
    STORE_VERSIONS,
    /** The store is asked for many values at once. */
    STORE_FETCH_ALL,
    /** The store is asked for names. */
    STORE_LIST,
    /** The store is given a value. */
    STORE_PUT,
    /** A value is validated. */
    VALIDATOR,
    /** A listener gets an event. */
    LISTENER,
    /** The logger writes what a listener got. */
    LOGGER,
    /** The metrics hear that a load begins. */
    METRICS_LOADING,
    /** The metrics hear that a load has ended. */
    METRICS_LOADED,
    /** A callback of an asynchronous read. */
    CALLBACK
  }

  /** An error that nothing catches by its name. */
  static final class PlantedError extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final List<Supplier<Error>> ERRORS =
      List.of(() -> new OutOfMemoryError("planted"), StackOverflowError::new, PlantedError::new);

  private final Site site;
  private final Supplier<Error> error;
  private final int times;

  /** The beginning of the names of the threads on which it throws. */
  private final String threads;

  private int left = -1;
  private int thrown;
  private int visits;

  /**
   * An injector that is not armed.
   *
   * @param times how often in a row it throws
   */
  Injector(Site site, Supplier<Error> error, int times) {
    this(site, error, times, "");
  }

  /** The same, on threads with names that begin so. */
  Injector(Site site, Supplier<Error> error, int times, String threads) {
    this.site = site;
    this.error = error;
    this.times = times;
    this.threads = threads;
  }

  /** Returns one of the errors, which take turns. */
  static Supplier<Error> error(int number) {
    return ERRORS.get(number % ERRORS.size());
  }

  /** Throws at the n-th time from now on. */
  synchronized void arm(int occurrence) {
    left = occurrence;
  }

  /** Throws no more. */
  synchronized void disarm() {
    left = -1;
  }

  synchronized int thrown() {
    return thrown;
  }

  /** How often the engine has come to the site since the last error. */
  synchronized int visits() {
    return visits;
  }

  void at(Site here) {
    if (here == site && Thread.currentThread().getName().startsWith(threads) && isTime()) {
      throw error.get();
    }
  }

  private synchronized boolean isTime() {
    visits++;
    if (left <= 0 || --left > 0) {
      return false;
    }
    thrown++;
    visits = 0;
    left = thrown < times ? 1 : -1;
    return true;
  }

  /** Whether an error is one that this threw. */
  static boolean isPlanted(@Nullable Throwable thrown) {
    return thrown instanceof Error && !(thrown instanceof AssertionError);
  }

  TimeSource clock(TimeSource clock) {
    return new TimeSource() {
      @Override
      public long nanoTime() {
        at(Site.NANO_TIME);
        return clock.nanoTime();
      }

      @Override
      public Instant instant() {
        at(Site.TIME_OF_DAY);
        return clock.instant();
      }
    };
  }

  RandomGenerator random() {
    return () -> {
      at(Site.RANDOM);
      return 0x4000_0000_0000_0000L;
    };
  }

  /** The executor, with an error where a task is given to it or asked for its time. */
  ScheduledExecutorService around(ScheduledExecutorService executor, boolean isTimer) {
    return proxy(
        ScheduledExecutorService.class,
        executor,
        (method, arguments) -> {
          switch (method) {
            case "schedule" -> at(Site.TIMER_SCHEDULE);
            case "execute" ->
                at(arguments[0] instanceof FutureTask ? Site.WORKER_CALL : Site.WORKER_EXECUTE);
            default -> {}
          }
        },
        isTimer);
  }

  private <T> T proxy(
      Class<T> type, T target, BiConsumer<String, Object[]> before, boolean wrapsResults) {
    return type.cast(
        Proxy.newProxyInstance(
            Injector.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              before.accept(method.getName(), arguments);
              try {
                Object result = method.invoke(target, arguments);
                return wrapsResults && result instanceof ScheduledFuture<?> task
                    ? proxy(ScheduledFuture.class, task, this::atTask, false)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private void atTask(String method, Object[] arguments) {
    if (method.equals("getDelay")) {
      at(Site.TIMER_DELAY);
    }
  }

  /** A provider of that store and time whose every part comes to a site. */
  SecretProviderBuilder builder(FakeStore store, FakeTicker ticker, String validated) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .clock(new ClockWithTimer(clock(ticker), around(ticker.timer(), true)))
        .random(random())
        .executor(around(ticker.workers(), false))
        .metrics(metrics())
        .validator(
            validated,
            value -> {
              at(Site.VALIDATOR);
              return Optional.empty();
            });
  }

  SecretMetrics metrics() {
    return new SecretMetrics() {
      @Override
      public Consumer<Optional<SecretException.Kind>> loading(String name, Purpose purpose) {
        at(Site.METRICS_LOADING);
        return end -> {};
      }

      @Override
      public void loaded(
          String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {
        at(Site.METRICS_LOADED);
      }
    };
  }
}
