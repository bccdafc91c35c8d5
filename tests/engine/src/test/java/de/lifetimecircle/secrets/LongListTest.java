package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A list of many pages: each of them has the time of a call, and the list has an end. */
class LongListTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PAGE = Duration.ofSeconds(9);

  private final FakeTicker ticker = FakeTicker.inline();
  private final ExecutorService workers = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    workers.shutdownNow();
  }

  private SecretProvider open(Paged store) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("retries", "0")
        .set("timeout", TIMEOUT.toSeconds() + "s")
        .clock(ticker)
        .executor(workers)
        .build();
  }

  @Test
  void everyPageHasTheWholeTime() {
    try (SecretProvider provider = open(new Paged(PAGE, 20))) {
      assertThat(provider.list("")).hasSize(20);
    }
  }

  @Test
  void aPageThatIsLateEndsTheList() {
    try (SecretProvider provider = open(new Paged(TIMEOUT, 20))) {
      assertThat(failure(provider)).hasMessageContaining("no answer within 10000 ms");
    }
  }

  /** After 67 pages it is 603 s, and no page comes until the engine stops the call. */
  @Test
  void pagesWithoutEndAreGivenUp() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    Paged store = new Paged(PAGE, 67, stopped);
    try (SecretProvider provider = open(store)) {
      assertThat(failure(provider))
          .hasMessageContaining("have not come to an end within 600000 ms")
          .hasMessageContaining("raise 'timeout'");
      assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static SecretException failure(SecretProvider provider) {
    SecretException failure = catchThrowableOfType(SecretException.class, () -> provider.list(""));
    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
    return failure;
  }

  /** A store whose lists take a request for each name, and each request some time. */
  private final class Paged implements ListableStore {
    private final Duration each;
    private final int names;
    private final @Nullable CountDownLatch stopped;

    Paged(Duration each, int names) {
      this(each, names, null);
    }

    /** With a latch, the list has no end, and the latch is opened when the call is interrupted. */
    Paged(Duration each, int names, @Nullable CountDownLatch stopped) {
      this.each = each;
      this.names = names;
      this.stopped = stopped;
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of(Capability.LIST);
    }

    @Override
    public List<String> list(String prefix) {
      throw new AssertionError("the engine asks for reports");
    }

    @Override
    public List<String> list(String prefix, ListProgress progress) {
      List<String> found = new ArrayList<>();
      while (found.size() < names && !Thread.currentThread().isInterrupted()) {
        ticker.advance(each);
        found.add("name-" + found.size());
        progress.answered();
      }
      if (stopped != null) {
        while (!Thread.currentThread().isInterrupted()) {
          LockSupport.park();
        }
        stopped.countDown();
      }
      return found;
    }

    @Override
    public StoredSecret fetch(String name) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public Map<String, String> describe(String name) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public Map<String, String> check() {
      throw new UnsupportedOperationException("check");
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
