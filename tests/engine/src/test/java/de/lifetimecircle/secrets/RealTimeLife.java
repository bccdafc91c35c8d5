package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Injector.Site;
import de.lifetimecircle.secrets.internal.CachingSecretProvider;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.config.PushSettings;
import de.lifetimecircle.secrets.internal.push.PushLoop;
import de.lifetimecircle.secrets.internal.push.RotationPush;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.RotationNotice;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A provider on threads of its own, with a name that somebody watches, an injector that throws on
 * the threads of one role, and a caller who gives these threads work where refreshes do not.
 */
final class RealTimeLife implements AutoCloseable {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final List<String> WRITTEN = List.of("FIRST", "SECOND");
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Many of these lives share two processors; one that is frozen is served for ever. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Runnable work;
  private final Injector injector;
  private final Duration maxStale;
  private final FakeStore store = FakeStore.create().holding(KEY, "one");
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final Messages channel = new Messages();
  private final SecretWriter writer;
  private final SecretProvider provider;
  private final PushLoop push;
  private final SecretHandle handle;
  private final Thread caller = new Thread(this::call, "caller");
  private volatile boolean hangs;
  private volatile boolean isOver;

  /** What the caller ended with, if anything. */
  private volatile @Nullable Throwable failure;

  /**
   * Begins.
   *
   * @param role the threads that the injector throws on
   */
  RealTimeLife(String role, Injector injector, Duration maxStale) {
    this.work = work(role);
    this.injector = injector;
    this.maxStale = maxStale;
    WRITTEN.forEach(name -> store.holding(name, "any"));
    injectIntoStore();
    this.writer =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .clock(injector.clock(TimeSource.system()))
            .random(injector.random())
            .metrics(injector.metrics())
            .validator(KEY, this::objection)
            .validator(WRITTEN.get(0), this::objection)
            .set("soft-age", "1s")
            .set("max-stale", maxStale.toSeconds() + "s")
            .set("negative-age", "500ms")
            .set("timeout", "500ms")
            .buildWriter();
    this.provider = writer.provider();
    this.handle = provider.handle(KEY);
    var unused = provider.onEvent(KEY, this::hear);
    PushSettings policy = new PushSettings(Duration.ofMillis(100), Duration.ofSeconds(1));
    this.push =
        new PushLoop(
            new RotationPush("test", channel, policy),
            ((CachingSecretProvider) provider).newInbox(policy),
            injector.random());
    push.start();
    caller.setDaemon(true);
    caller.start();
  }

  private void injectIntoStore() {
    store.always(Op.FETCH_ALL, "", at(Site.STORE_FETCH_ALL));
    store.always(Op.LIST, "", at(Site.STORE_LIST));
    store.always(Op.FETCH, KEY, at(Site.STORE_FETCH));
    store.always(Op.VERSIONS, KEY, at(Site.STORE_VERSIONS));
    for (String name : WRITTEN) {
      store.always(Op.FETCH, name, at(Site.STORE_FETCH));
      store.always(Op.VERSIONS, name, at(Site.STORE_VERSIONS));
      store.always(Op.PUT, name, at(Site.STORE_PUT));
    }
  }

  /** The store comes to a site, and then hangs if it is to. */
  private FakeStep at(Site site) {
    return FakeStep.run(
        () -> {
          injector.at(site);
          while (hangs && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
          }
        });
  }

  private Optional<String> objection(SecretValue value) {
    injector.at(Site.VALIDATOR);
    return Optional.empty();
  }

  private void hear(SecretEvent event) {
    event.newVersion().ifPresent(told::add);
    injector.at(Site.LISTENER);
  }

  /** The error comes during a rotation: every way to read follows it, and the next ones. */
  void follows() {
    assertReadable();
    injector.arm(1);
    store.holding(KEY, "two");
    until("the error is thrown", () -> injector.thrown() > 0);
    assertFollowed("two");
    store.holding(KEY, "three"); // for the listener, which is called at a change only
    assertFollowed("three");
    until("the thread comes to the site again", () -> injector.visits() > 0);
    assertThat(injector.thrown()).isEqualTo(1);
  }

  private void assertReadable() {
    until("the name is read", () -> "one".equals(read(handle::get)));
    until("its list is read", () -> "one".equals(read(() -> provider.validVersions(KEY).get(0))));
  }

  private void assertFollowed(String value) {
    until("get follows", () -> value.equals(read(() -> provider.get(KEY))));
    until("the handle follows", () -> value.equals(read(handle::get)));
    until(
        "the valid versions follow",
        () -> value.equals(read(() -> provider.validVersions(KEY).get(0))));
    until("the asynchronous read follows", () -> value.equals(read(this::readAsync)));
    until("the event comes", () -> told.contains(handle.get().version()));
  }

  /** The store begins to hang at the first error: nothing is served long past max-stale. */
  void expires() {
    assertReadable();
    injector.arm(1);
    long mode = System.nanoTime() + TICK.toNanos() * 2; // some sites are reached by a timeout
    until("the error", () -> injector.thrown() > 0 || System.nanoTime() - mode > 0);
    hangs = true;
    long down = System.nanoTime();
    Duration served = Duration.ZERO;
    for (int refused = 0; refused < 2; ) {
      long asked = System.nanoTime();
      boolean isServed =
          read(() -> provider.get(KEY)) != null
              || read(handle::get) != null
              || read(() -> provider.validVersions(KEY).get(0)) != null;
      refused = isServed ? 0 : refused + 1;
      served = isServed ? Duration.ofNanos(asked - down) : served;
      assertThat(served).as("served after").isLessThan(maxStale.plus(TICK).plus(SLACK));
      pause();
    }
    hangs = false;
    until("the name is read again", () -> "one".equals(read(handle::get)));
    until("the error was thrown", () -> injector.thrown() > 0);
  }

  /** Returns the text that a read answers; null if it fails. */
  private @Nullable String read(Supplier<Secret> read) {
    try {
      return read.get().asString();
    } catch (SecretException e) {
      return null;
    } catch (Error e) { // planted, on the thread that reads
      if (!Injector.isPlanted(e)) {
        throw e;
      }
      return null;
    }
  }

  private Secret readAsync() {
    return CallExecutor.await(provider.getAsync(KEY), "get secret", KEY);
  }

  /** Makes each kind of call until the life is over. */
  private void call() {
    try {
      callOverAndOver();
    } catch (Throwable e) {
      failure = e;
    }
  }

  private void callOverAndOver() {
    while (!isOver) {
      try {
        work.run();
      } catch (SecretException e) { // it met the error, or the store hangs
        pause();
      }
      pause();
    }
  }

  /** What gives the threads of a role work; nothing for those that the watched name keeps busy. */
  private Runnable work(String role) {
    return switch (role) {
      case "call" -> this::readAndList;
      case "bulk" -> this::readMany;
      case "callback" -> this::readLater;
      case "push" ->
          () -> channel.texts.add(new RotationNotice(KEY, "another", Instant.EPOCH).text());
      default -> () -> {};
    };
  }

  /** Whatever is held of a name is forgotten by a write, so that the next read asks the store. */
  private void write(String name) {
    try (SecretValue value = SecretValue.of("any")) {
      writer.put(name, value);
    }
  }

  private void readAndList() {
    String name = WRITTEN.get(0);
    write(name);
    provider.get(name);
    provider.validVersions(name);
    provider.list("");
  }

  private void readMany() {
    WRITTEN.forEach(this::write);
    provider.getAll(WRITTEN);
  }

  private void readLater() {
    String name = WRITTEN.get(0);
    write(name);
    CountDownLatch ended = new CountDownLatch(1);
    var unused =
        provider
            .getAsync(name)
            .whenComplete(
                (secret, thrown) -> {
                  ended.countDown();
                  injector.at(Site.CALLBACK);
                });
    until("the callback runs", () -> ended.getCount() == 0);
  }

  private static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("in vain until " + what).isNegative();
      pause();
    }
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
  }

  @Override
  public void close() throws InterruptedException {
    isOver = true;
    hangs = false;
    caller.join(PATIENCE.toMillis());
    boolean isStuck = caller.isAlive();
    push.close();
    writer.close();
    assertThat(isStuck).as("a call that never ends").isFalse();
    assertThat(failure).as("of the caller").isNull();
  }

  /** A channel whose messages come from the caller. */
  private static final class Messages implements RotationChannel {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private volatile boolean isClosed;

    @Override
    public void send(String message) {
      throw new IllegalStateException("nobody sends");
    }

    @Override
    public void listen(Receiver receiver) {
      receiver.connected();
      try {
        while (!isClosed) {
          String text = texts.poll(100, TimeUnit.MILLISECONDS);
          if (text != null) {
            receiver.message(text);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }
}
