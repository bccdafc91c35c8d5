package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of many requests, some of which are throttled: only those are made again. */
class ThrottledListTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int PAGES = 50;

  private final FakeTicker ticker = FakeTicker.queued();
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private String retries = "2";

  @AfterEach
  void end() {
    callers.shutdownNow();
  }

  private List<String> list(ListableStore store) throws ExecutionException {
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .set("retries", retries)
            .set("timeout", TIMEOUT.toSeconds() + "s")
            .clock(ticker)
            .random(new SplittableRandom(1))
            .executor(ticker.workers())
            .build()) {
      CompletableFuture<List<String>> listed =
          CompletableFuture.supplyAsync(() -> provider.list(""), callers);
      while (ticker.waiting() < 3) { // the tick, its deadline, and its first try
        Thread.onSpinWait();
      }
      while (ticker.waiting() > 0) {
        ticker.advance(ticker.untilNext().orElseThrow());
      }
      return listed.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private Kind failure(ListableStore store) {
    try {
      throw new AssertionError("a list of " + list(store).size());
    } catch (ExecutionException e) {
      return ((SecretException) e.getCause()).kind();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 20, 50})
  void everyNthRequestIsThrottled(int each) throws ExecutionException {
    Paged store = new Paged(request -> request % each == 0 ? throttled() : null);
    assertThat(list(store)).hasSize(PAGES).doesNotHaveDuplicates();
    assertThat(store.requests).isEqualTo(PAGES + store.refused);
    assertThat(store.refused).isGreaterThanOrEqualTo(PAGES / each);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "50,50", "1,3", "25,27", "50,52", "10,15"})
  void requestsInARowAreThrottled(int first, int last) throws ExecutionException {
    Paged store = new Paged(request -> first <= request && request <= last ? throttled() : null);
    assertThat(list(store)).hasSize(PAGES);
    assertThat(store.requests).isEqualTo(PAGES + last - first + 1);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "20,20", "20,22", "50,50"})
  void timeThatTheBackendAsksForIsWaited(int first, int last) throws ExecutionException {
    Duration asked = Duration.ofSeconds(3);
    Paged store =
        new Paged(
            request -> first <= request && request <= last ? throttled().retryAfter(asked) : null);
    assertThat(list(store)).hasSize(PAGES);
    for (int i = first; i <= last; i++) {
      assertThat(store.times.get(i) - store.times.get(i - 1))
          .isGreaterThanOrEqualTo(asked.toNanos());
    }
  }

  /** The bound: the time of one step, and no more often than doubled waits fit into it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 20, 50})
  void requestThatStaysThrottledEndsTheListInTime(int from) {
    Paged store = new Paged(request -> request >= from ? throttled() : null);
    assertThat(failure(store)).isEqualTo(Kind.THROTTLED);
    assertThat(store.requests).isBetween(from + 5, from + 9);
    assertThat(store.times.get(store.requests - 1) - store.times.get(0))
        .isLessThanOrEqualTo(TIMEOUT.toNanos());
  }

  @Test
  void timeThatIsLongerThanThatOfAStepIsNotWaited() {
    Paged store = new Paged(request -> request == 20 ? throttled().retryAfter(TIMEOUT) : null);
    assertThat(failure(store)).isEqualTo(Kind.THROTTLED);
    assertThat(store.requests).isEqualTo(20);
  }

  @Test
  void noRetriesMeansNone() {
    retries = "0";
    Paged store = new Paged(request -> request == 20 ? throttled() : null);
    assertThat(failure(store)).isEqualTo(Kind.THROTTLED);
    assertThat(store.requests).isEqualTo(20);
  }

  /** Each step has the retries of a call: two here. */
  @Test
  void failuresOfTheBackendAreRetriedStepByStep() throws ExecutionException {
    Paged twice = new Paged(request -> request % 5 < 2 ? failed(Kind.UNAVAILABLE) : null);
    assertThat(list(twice)).hasSize(PAGES);
    Paged thrice =
        new Paged(request -> 20 <= request && request < 23 ? failed(Kind.UNAVAILABLE) : null);
    assertThat(failure(thrice)).isEqualTo(Kind.UNAVAILABLE);
    assertThat(thrice.requests).isEqualTo(22);
  }

  @Test
  void failureThatStaysEndsTheListAtOnce() {
    Paged store = new Paged(request -> request == 20 ? failed(Kind.ACCESS_DENIED) : null);
    assertThat(failure(store)).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(store.requests).isEqualTo(20);
  }

  /** A store that only reports is asked for the whole list again, and not for ever. */
  @Test
  void storeWithoutPartsIsRetriedAsAWhole() {
    Paged store =
        new Paged(request -> request % 20 == 0 ? failed(Kind.UNAVAILABLE) : null) {
          @Override
          public List<String> list(String prefix, ListProgress progress) {
            return super.list(
                prefix,
                new ListProgress() {
                  @Override
                  public void answered() {
                    progress.answered();
                  }
                });
          }
        };
    assertThat(failure(store)).isEqualTo(Kind.UNAVAILABLE);
    assertThat(store.requests).isEqualTo(60);
  }

  @Test
  void partWithoutAPipelineIsARequest() {
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      assertThat(
              ListProgress.NONE.<String>part(
                  "same",
                  () -> {
                    asked.add("again");
                    return "answer";
                  }))
          .isEqualTo("answer");
    }
    assertThat(asked).hasSize(2);
    assertThatThrownBy(
            () ->
                ListProgress.NONE.part(
                    "same",
                    () -> {
                      throw new IllegalStateException("of the store");
                    }))
        .isInstanceOf(IllegalStateException.class);
  }

  private static SecretException.Builder failed(Kind kind) {
    return SecretException.of(kind, "list secrets").reason("the test says so");
  }

  private static SecretException.Builder throttled() {
    return failed(Kind.THROTTLED);
  }

  /** Decides about a request by its number, from 1 on. */
  private interface Refusals {
    SecretException.@Nullable Builder of(int request);
  }

  /** A store whose list takes a request for each name. */
  private class Paged implements ListableStore {
    private final Refusals refusals;
    private final List<Long> times = new ArrayList<>();
    private int requests;
    private int refused;

    Paged(Refusals refusals) {
      this.refusals = refusals;
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of(Capability.LIST);
    }

    @Override
    public List<String> list(String prefix) {
      throw new AssertionError("the engine asks for parts");
    }

    @Override
    public List<String> list(String prefix, ListProgress progress) {
      List<String> found = new ArrayList<>();
      for (int i = 0; i < PAGES; i++) {
        int page = i;
        found.add(progress.part("page " + page, () -> page(page)));
      }
      return found;
    }

    private String page(int page) {
      requests++;
      times.add(ticker.nanoTime());
      SecretException.Builder refusal = refusals.of(requests);
      if (refusal != null) {
        refused++;
        throw refusal.build();
      }
      return "name-" + page;
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
