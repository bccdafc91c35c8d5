package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.internal.cache.KeptTasks;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of many names hold nobody up, and each of their calls has its whole time. */
class ManyNamesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FakeStore store = FakeStore.create();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final ExecutorService given = Executors.newFixedThreadPool(2);
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    gate.countDown();
    given.shutdownNow();
    callers.shutdownNow();
  }

  private SecretProviderBuilder builder(Duration timeout) {
    return builder(store.secondClient(), timeout); // a provider closes what it has
  }

  /** Of a store that answers one name at a time. */
  private SecretProviderBuilder oneByOne(Duration timeout) {
    SecretStore single =
        (SecretStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SecretStore.class},
                (proxy, method, arguments) -> call(method, arguments));
    return builder(single, timeout);
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    try {
      return method.getName().equals("capabilities") ? Set.of() : method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static SecretProviderBuilder builder(SecretStore store, Duration timeout) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("retries", "0")
        .set("timeout", timeout.toMillis() + "ms");
  }

  private List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      store.holding("many/" + i, "value " + i);
      names.add("many/" + i);
    }
    return names;
  }

  private void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void takeAWhile() {
    try {
      assertThat(gate.await(30, TimeUnit.MILLISECONDS)).as("nobody opens it").isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource({"40, false", "1000, false", "40, true"})
  void aSlowCallForManyHoldsUpNoOtherName(int count, boolean onGivenThreads) throws Exception {
    List<String> names = names(count);
    store.holding("OTHER", "other").always(Op.FETCH_ALL, "", FakeStep.run(() -> await(gate)));
    SecretProviderBuilder builder = builder(Duration.ofSeconds(60));
    try (SecretProvider provider = (onGivenThreads ? builder.executor(given) : builder).build()) {
      provider.prefetch(names);
      CompletableFuture<Map<String, SecretResult>> all =
          CompletableFuture.supplyAsync(() -> provider.getAll(names), callers);
      assertThat(provider.getAsync("OTHER").get(30, TimeUnit.SECONDS).asString())
          .isEqualTo("other");
      assertThat(all).isNotDone();
      gate.countDown();
      assertThat(all.get(30, TimeUnit.SECONDS).values())
          .hasSize(count)
          .allMatch(result -> result.secret().isPresent());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 40, 1000})
  void manySlowCallsHoldUpNoOtherName(int count) throws Exception {
    List<String> names = names(count);
    store.holding("OTHER", "other");
    for (String name : names) {
      store.always(Op.FETCH, name, FakeStep.run(() -> await(gate)));
    }
    try (SecretProvider provider = oneByOne(Duration.ofSeconds(60)).build()) {
      provider.prefetch(names);
      assertThat(provider.getAsync("OTHER").get(30, TimeUnit.SECONDS).asString())
          .isEqualTo("other");
      gate.countDown();
      assertThat(provider.getAll(names).values()).allMatch(result -> result.secret().isPresent());
    }
  }

  /**
   * A thousand readers wait for names whose calls hang, so every thread that calls for one name is
   * taken. What is held is served, refreshed and dropped as before, and another store is asked.
   */
  @Test
  void aThousandReadsThatHangStopNeitherTheSweepNorARefreshNorAnotherStore() throws Exception {
    List<String> names = names(1000);
    AtomicInteger taken = new AtomicInteger();
    FakeStep hangs =
        FakeStep.run(
            () -> {
              taken.incrementAndGet();
              await(gate);
            });
    names.forEach(name -> store.always(Op.FETCH, name, hangs));
    store.holding("HELD", "one").holding("LOST", "lost").holding("COLD", "cold");
    Set<SecretEvent.Type> events = ConcurrentHashMap.newKeySet();
    try (SecretProvider provider =
            oneByOne(MINUTE)
                .set("soft-age", "1s")
                .set("max-stale", "5s")
                .listener(event -> events.add(event.type()))
                .build();
        SecretProvider other =
            builder(FakeStore.create().holding("COLD", "other"), MINUTE).build();
        SecretHandle held = provider.handle("HELD");
        SecretHandle lost = provider.handle("LOST")) {
      assertThat(held.get().asString() + lost.get().asString()).isEqualTo("onelost");
      List<CompletableFuture<Secret>> hanging = names.stream().map(provider::getAsync).toList();
      ConditionWait.until("all threads are taken", () -> taken.get() == 16);
      CompletableFuture<Secret> cold = provider.getAsync("COLD");

      store.holding("HELD", "two").always(Op.FETCH, "LOST", FakeStep.fail(Kind.UNAVAILABLE));
      ConditionWait.until("it is refreshed", () -> held.get().asString().equals("two"));
      ConditionWait.until("it is stale", () -> isServedStale(provider, "LOST"));
      ConditionWait.until("it expires", () -> events.contains(SecretEvent.Type.EXPIRED));
      assertThat(provider.getAsync("HELD")).as("what is held").isCompleted();
      assertThat(other.get("COLD").asString()).isEqualTo("other");

      assertThat(hanging).noneMatch(CompletableFuture::isDone);
      assertThat(cold).as("a cold name of the same store waits for a thread").isNotDone();
      gate.countDown();
      assertThat(cold.get(30, TimeUnit.SECONDS).asString()).isEqualTo("cold");
      for (CompletableFuture<Secret> each : hanging) {
        assertThat(each.get(30, TimeUnit.SECONDS).asString()).startsWith("value ");
      }
    }
  }

  private static boolean isServedStale(SecretProvider provider, String name) {
    Secret.Origin stale = Secret.Origin.STALE;
    return provider
        .getAsync(name)
        .handle((secret, failure) -> secret != null && secret.origin() == stale)
        .join();
  }

  /** A store that answers nothing more: a cold name fails after the time of one call. */
  @Test
  void aColdNameBehindAThousandThatHangFailsAtTheTimeout() {
    List<String> names = names(1000);
    names.forEach(name -> store.always(Op.FETCH, name, FakeStep.hang()));
    store.holding("first", "value").holding("COLD", "cold");
    try (SecretProvider provider = oneByOne(Duration.ofSeconds(2)).build()) {
      assertThat(provider.get("first").asString()).isEqualTo("value");
      List<CompletableFuture<Secret>> hanging = names.stream().map(provider::getAsync).toList();
      long begun = System.nanoTime();
      assertThatThrownBy(() -> provider.get("COLD"))
          .isInstanceOfSatisfying(
              SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT))
          .hasMessageContaining("left it a thread");
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofSeconds(1), MINUTE);
      assertThat(store.calls(Op.FETCH, "COLD")).isZero();
      assertThat(hanging).noneMatch(each -> each.isDone() && !each.isCompletedExceptionally());
      assertThat(provider.get("first").asString()).as("what is held").isEqualTo("value");
    }
  }

  /** Four threads refresh, and eight read many names: none of them is free. */
  @ParameterizedTest
  @CsvSource({"true, get", "true, getAsync", "true, getAll", "false, get", "false, getAsync"})
  void whoWaitsForANameDoesNotWaitBehindOthersForAThread(boolean behindRefreshes, String how)
      throws Exception {
    List<String> names = names(40);
    for (String name : names.subList(0, 39)) {
      store.always(Op.FETCH, name, FakeStep.run(() -> await(gate)));
    }
    String last = names.get(39);
    try (SecretProvider provider = oneByOne(Duration.ofSeconds(60)).build()) {
      if (behindRefreshes) {
        for (String name : names) {
          SecretHandle unused = provider.handle(name);
        }
      } else {
        provider.prefetch(names);
      }
      assertThat(answer(provider, how, last).get(30, TimeUnit.SECONDS)).isEqualTo("value 39");
      assertThat(store.calls(Op.FETCH, last)).isEqualTo(1);
      gate.countDown();
      assertThat(provider.getAll(names).values()).allMatch(result -> result.secret().isPresent());
      assertThat(store.calls(Op.FETCH)).isEqualTo(40);
    }
  }

  private CompletableFuture<String> answer(SecretProvider provider, String how, String name) {
    return switch (how) {
      case "getAsync" -> provider.getAsync(name).thenApply(Secret::asString);
      case "getAll" ->
          CompletableFuture.supplyAsync(
              () -> provider.getAll(List.of(name)).get(name).orElseThrow().asString(), callers);
      default -> CompletableFuture.supplyAsync(() -> provider.get(name).asString(), callers);
    };
  }

  /** Eight threads make the calls, so the last one begins after more than the time of a call. */
  @Test
  void aCallThatWaitsForAThreadHasItsWholeTimeAfterwards() {
    List<String> names = names(1000);
    for (String name : names) {
      store.always(Op.FETCH, name, FakeStep.run(this::takeAWhile));
    }
    try (SecretProvider provider = oneByOne(Duration.ofSeconds(3)).build()) {
      assertThat(provider.getAll(names).values())
          .allSatisfy(result -> assertThat(result.error()).isEmpty());
    }
  }

  @Test
  void aBackendThatAnswersNobodyEndsTheWaitForAThread() {
    List<String> names = names(40);
    for (String name : names) {
      store.always(Op.FETCH, name, FakeStep.run(() -> await(gate)));
    }
    store.holding("first", "value");
    try (SecretProvider provider = oneByOne(Duration.ofSeconds(1)).build()) {
      assertThat(provider.get("first").asString()).isEqualTo("value");
      List<SecretException> failures = new ArrayList<>();
      provider.getAll(names).values().forEach(each -> each.error().ifPresent(failures::add));
      assertThat(failures).hasSize(40).allMatch(each -> each.kind() == Kind.TIMEOUT);
      // Those that had a thread, and those that just got one when these had ended.
      assertThat(store.calls(Op.FETCH)).isBetween(1 + 8, 1 + 16);
      assertThat(failures)
          .filteredOn(each -> each.getMessage().contains("left it a thread"))
          .hasSizeGreaterThanOrEqualTo(8);
    }
  }

  @Test
  void namesThatFailedHoldUpNoOtherNameEither() throws Exception {
    List<String> names = names(40);
    store.holding("OTHER", "other").outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (SecretProvider provider =
        oneByOne(Duration.ofSeconds(60)).set("negative-age", "50ms").build()) {
      assertThat(provider.getAll(names).values()).allMatch(each -> each.error().isPresent());
      store.recover();
      for (String name : names) {
        store.always(Op.FETCH, name, FakeStep.run(() -> await(gate)));
      }
      int before = store.calls(Op.FETCH);
      ConditionWait.until(
          "some of them are under way",
          () -> {
            provider.prefetch(names);
            return store.calls(Op.FETCH) >= before + 8;
          });
      assertThat(provider.getAsync("OTHER").get(30, TimeUnit.SECONDS).asString())
          .isEqualTo("other");
    }
  }

  /** All threads are busy, and their calls are answered or refused at each half timeout. */
  @ParameterizedTest
  @CsvSource({
    "true, 59, 61, no thread was free for it within 60000 ms",
    "false, 1, 2, the calls before it have not left it a thread within the time of a call"
  })
  void theWaitForAThreadEndsAtItsBound(boolean answers, int least, int most, String reason) {
    FakeTicker ticker = FakeTicker.inline();
    KeptTasks busy = new KeptTasks();
    Duration timeout = Duration.ofSeconds(1);
    List<String> others = names(200);
    if (!answers) {
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    }
    try (SecretProvider provider = oneByOne(timeout).clock(ticker).executor(busy).build()) {
      CompletableFuture<Secret> waits = provider.getAsync("waits");
      assertThat(busy.take()).as("its call").isNotNull();
      for (int i = 0; i < others.size() && !waits.isDone(); i++) {
        CompletableFuture<Secret> unused = provider.getAsync(others.get(i));
        for (Runnable task = busy.take(); task != null; task = busy.take()) {
          task.run();
        }
        ticker.advance(timeout.dividedBy(2));
      }
      assertThat(waits)
          .isCompletedExceptionally()
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .havingCause()
          .isInstanceOfSatisfying(
              SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT))
          .withMessageContaining(reason);
      assertThat(Duration.ofNanos(ticker.nanoTime()))
          .isBetween(timeout.multipliedBy(least), timeout.multipliedBy(most));
    }
  }

  @Test
  void aHangingCallForManySaysThatItHangs() {
    List<String> names = names(30);
    store.holding("first", "value").always(Op.FETCH_ALL, "", FakeStep.hang());
    try (SecretProvider provider = builder(Duration.ofSeconds(2)).build()) {
      assertThat(provider.get("first").asString()).isEqualTo("value");
      assertThat(provider.getAll(names).values())
          .allSatisfy(
              each ->
                  assertThat(each.error().orElseThrow())
                      .hasMessageContaining("no answer within")
                      .hasMessageContaining(each.name()));
    }
  }
}
