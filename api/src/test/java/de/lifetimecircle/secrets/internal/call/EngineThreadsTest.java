package de.lifetimecircle.secrets.internal.call;

import static de.lifetimecircle.secrets.SecretEvent.Type.ROTATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.internal.events.EventDelivery;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A system that starts no more threads for a while, as {@code ulimit -u} makes one. */
class EngineThreadsTest {
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicInteger refused = new AtomicInteger();

  // The error comes from here and not from Thread.start, which newer JDKs' pools go round.
  private final ThreadFactory factory =
      task -> {
        if (full.get()) {
          refused.incrementAndGet();
          throw new OutOfMemoryError("unable to create native thread");
        }
        return new Thread(task);
      };

  private final ScheduledExecutorService timer = new EngineThreads.Timer(factory);
  private final ExecutorService events = new EngineThreads.Pool(2, factory);
  private final EngineThreads threads =
      new EngineThreads(
          timer, events, events, events, events, events, List.of(timer, events), null);

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void aListenerHearsWhatHappenedWhileNoThreadCouldStart() throws Exception {
    CountDownLatch told = new CountDownLatch(2);
    EventDelivery delivery =
        new EventDelivery(
            threads, List.of(event -> told.countDown()), new EngineMetrics(List.of(), "", 0));
    begin();
    full.set(true);
    delivery.record(EngineAccess.types().event(ROTATED, "A", "1", "2", null), this);
    delivery.deliver();
    delivery.record(EngineAccess.types().event(ROTATED, "A", "2", "3", null), this);
    delivery.deliver();
    assertThat(refused).hasPositiveValue();
    assertThat(delivery.isNeeded()).as("a tick").isTrue();
    full.set(false);
    delivery.sweep();
    assertThat(told.await(30, TimeUnit.SECONDS)).as("though no event came afterwards").isTrue();
  }

  /** Starts the timer's thread, as the first call of a provider does. */
  private void begin() throws Exception {
    assertThat(timer.schedule(() -> "begun", 0, TimeUnit.NANOSECONDS).get()).isEqualTo("begun");
  }

  @Test
  void aTaskWaitsForAThreadThatIsThereOrIsRefused() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    var first = events.submit(() -> go.await(30, TimeUnit.SECONDS));
    full.set(true);
    var second = events.submit(() -> "second");
    go.countDown();
    assertThat(first.get()).isTrue();
    assertThat(second.get()).isEqualTo("second");
    ExecutorService empty = new EngineThreads.Pool(2, factory);
    assertThatThrownBy(() -> empty.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    full.set(false);
    assertThat(empty.submit(() -> "later").get()).isEqualTo("later");
    empty.shutdown();
  }

  @Test
  void anAlarmThatCannotRingIsRefused() throws Exception {
    full.set(true);
    AtomicInteger rung = new AtomicInteger();
    Runnable alarm = rung::incrementAndGet;
    assertThatThrownBy(() -> timer.schedule(alarm, 0, TimeUnit.NANOSECONDS))
        .isInstanceOf(RejectedExecutionException.class);
    full.set(false);
    begin();
    assertThat(rung).as("the one that was refused").hasValue(0);
  }

  @Test
  void aThreadKeepsNothingOfWhoeverBeganIt() throws Exception {
    ClassLoader own = EngineThreadsTest.class.getClassLoader();
    EngineThreads ours = EngineThreads.own(own);
    AtomicReference<@Nullable ClassLoader> seen = new AtomicReference<>();
    WeakReference<ClassLoader> caller = beginFromAnApplication(ours, seen);
    for (int i = 0; i < 100 && caller.get() != null; i++) {
      System.gc();
      LockSupport.parkNanos(20_000_000);
    }
    assertThat(service(ours.workers).isTerminated()).as("its threads live").isFalse();
    assertThat(caller.get() == null).as("the application's class loader is collected").isTrue();
    assertThat(seen.get()).isSameAs(own);
    ours.close();
  }

  private static ExecutorService service(Executor pool) {
    return (ExecutorService) pool;
  }

  /** Begins every kind of thread as an application with a class loader of its own does. */
  private static WeakReference<ClassLoader> beginFromAnApplication(
      EngineThreads threads, AtomicReference<@Nullable ClassLoader> seen) throws Exception {
    ClassLoader application = new Application();
    Callable<?> work =
        () -> {
          threads.timer.schedule(() -> "rung", 0, TimeUnit.NANOSECONDS).get();
          service(threads.refreshers).submit(() -> "refreshed").get();
          threads.listeners.submit(() -> "told").get();
          threads.callbacks.submit(() -> "answered").get();
          seen.set(
              service(threads.workers)
                  .submit(() -> Thread.currentThread().getContextClassLoader())
                  .get());
          return "begun";
        };
    Runnable caller =
        (Runnable)
            application
                .loadClass(Caller.class.getName())
                .getConstructor(Callable.class)
                .newInstance(work);
    Thread thread =
        new Thread(
            () -> {
              LOCAL.set(application);
              caller.run();
            });
    thread.setContextClassLoader(application);
    thread.start();
    thread.join();
    return new WeakReference<>(application);
  }

  private static final InheritableThreadLocal<Object> LOCAL = new InheritableThreadLocal<>();

  /** Loads {@link Caller} itself, as the class loader of an application its classes. */
  private static final class Application extends ClassLoader {
    Application() {
      super(EngineThreadsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Caller.class.getName())) {
        return super.loadClass(name, resolve);
      }
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(file)) {
        byte[] bytes = Objects.requireNonNull(in).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /** A class of an application; on the stack while threads begin. */
  public static final class Caller implements Runnable {
    private final Callable<?> work;

    /** Of that work. */
    public Caller(Callable<?> work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        work.call();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
