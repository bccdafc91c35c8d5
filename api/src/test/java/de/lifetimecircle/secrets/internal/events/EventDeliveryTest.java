package de.lifetimecircle.secrets.internal.events;

import static de.lifetimecircle.secrets.SecretEvent.Type.ROTATED;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.internal.call.EngineThreads;
import de.lifetimecircle.secrets.internal.call.GrowingThreads;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What listeners hear when an executor is crowded, and when one of them hangs. */
class EventDeliveryTest {
  private final Crowded timer = new Crowded();
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Crowded workers = new Crowded();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch hang = new CountDownLatch(1);

  /** Rejects so many tasks, then runs each at once. */
  private static final class Crowded extends ScheduledThreadPoolExecutor {
    private int rejections;

    Crowded() {
      super(0);
    }

    @Override
    public void execute(Runnable task) {
      if (rejections-- > 0) {
        throw new RejectedExecutionException("crowded");
      }
      task.run();
    }
  }

  @AfterEach
  void end() {
    hang.countDown();
    timer.shutdownNow();
    workers.shutdownNow();
    pool.shutdownNow();
  }

  private EventDelivery delivery(ExecutorService events, SecretListener... everyName) {
    return new EventDelivery(
        new EngineThreads(timer, workers, workers, workers, events, events, List.of(), null),
        List.of(everyName),
        new EngineMetrics(List.of(), "", 0));
  }

  private void hear(SecretEvent event) {
    heard.add(event.name() + " " + event.newVersion().orElse(""));
  }

  private static void happens(EventDelivery delivery, String name, int version) {
    SecretEvent event =
        EngineAccess.types().event(ROTATED, name, "" + (version - 1), "" + version, null);
    delivery.record(event, event);
    delivery.deliver();
  }

  @Test
  void eventsAfterARejectionAreDelivered() {
    EventDelivery delivery = delivery(workers, this::hear);
    workers.rejections = 1;
    happens(delivery, "A", 2);
    assertThat(heard).isEmpty();
    happens(delivery, "A", 3);
    happens(delivery, "A", 4);
    assertThat(heard).containsExactly("A 2", "A 3", "A 4");
  }

  @Test
  void aRejectedEventIsDeliveredThoughNoOtherFollows() {
    EventDelivery delivery = delivery(workers, this::hear);
    workers.rejections = 2;
    happens(delivery, "A", 2);
    assertThat(delivery.isNeeded()).as("a tick").isTrue();
    delivery.sweep(); // rejected once more
    assertThat(heard).isEmpty();
    assertThat(delivery.isNeeded()).isTrue();
    delivery.sweep();
    assertThat(heard).containsExactly("A 2");
    assertThat(delivery.isNeeded()).isFalse();
  }

  @Test
  void anEventThatNobodyCanBeToldOfNeedsNoTick() {
    EventDelivery delivery = delivery(workers, this::hear);
    workers.rejections = 1;
    happens(delivery, "A", 2);
    workers.shutdown();
    assertThat(delivery.isNeeded()).as("a tick after the close").isFalse();
  }

  @Test
  void aListenerThatHangsKeepsNobodyElseWaiting() throws Exception {
    CountDownLatch others = new CountDownLatch(4);
    EventDelivery delivery =
        delivery(pool, event -> others.countDown()); // hears of both names, twice each
    delivery.register("A", event -> await(hang));
    delivery.register("B", event -> others.countDown());
    happens(delivery, "A", 2);
    happens(delivery, "A", 3);
    happens(delivery, "B", 2);
    assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /**
   * As many integrations in one service, each of which closes connections or restarts a program.
   */
  @Test
  void listenersThatTakeLongKeepNeitherOthersNorCallbacksWaiting() throws Exception {
    EngineThreads threads = EngineThreads.own(EventDeliveryTest.class.getClassLoader());
    EventDelivery delivery =
        new EventDelivery(threads, List.of(), new EngineMetrics(List.of(), "", 0));
    int many = 20;
    CountDownLatch begun = new CountDownLatch(many);
    for (int i = 0; i < many; i++) {
      delivery.register(
          "A",
          event -> {
            begun.countDown();
            await(hang);
          });
    }
    happens(delivery, "A", 2);
    assertThat(begun.await(10, TimeUnit.SECONDS)).as("all hear of it at once").isTrue();
    assertThat(threads.callbacks.submit(() -> "answered").get(10, TimeUnit.SECONDS))
        .isEqualTo("answered");
    hang.countDown();
    GrowingThreads pool = (GrowingThreads) threads.listeners;
    for (int i = 0; i < 1000 && pool.getCorePoolSize() > 4; i++) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(pool.getCorePoolSize()).as("threads when none waits any more").isEqualTo(4);
    threads.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatWaitsForAListenerThatHangsIsBounded() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch heardLast = new CountDownLatch(1);
    int last = EventDelivery.MOST_WAITING + 100;
    EventDelivery delivery = delivery(pool);
    delivery.register(
        "A",
        event -> {
          begun.countDown();
          await(hang);
          hear(event);
          if (event.newVersion().orElse("").equals("" + last)) {
            heardLast.countDown();
          }
        });
    happens(delivery, "A", 1);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    for (int version = 2; version <= last; version++) {
      happens(delivery, "A", version);
    }
    hang.countDown();
    assertThat(heardLast.await(10, TimeUnit.SECONDS)).as("the newest are kept").isTrue();
    assertThat(heard).hasSize(EventDelivery.MOST_WAITING + 1);
  }

  @Test
  void whoIsNoLongerRegisteredHearsNothing() {
    EventDelivery delivery = delivery(workers);
    Object place = delivery.register("A", this::hear);
    delivery.record(EngineAccess.types().event(ROTATED, "A", "1", "2", null), this);
    assertThat(delivery.remove("A", place)).isTrue();
    assertThat(delivery.remove("A", place)).isFalse();
    delivery.deliver();
    assertThat(heard).isEmpty();
  }
}
