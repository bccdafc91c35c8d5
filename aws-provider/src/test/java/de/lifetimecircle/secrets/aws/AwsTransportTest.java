package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.aws.transport.Connections;
import de.lifetimecircle.secrets.aws.transport.IdleConnections;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections and threads: few, shared, and gone at the end. */
class AwsTransportTest {
  private final AwsFake aws = new AwsFake();
  private final ExecutorService readers = Executors.newFixedThreadPool(64);

  AwsTransportTest() {
    aws.on("GetSecretValue", AwsFake.value(AwsFake.FIRST, "held"));
  }

  @AfterEach
  void close() {
    readers.shutdownNow();
    aws.close();
  }

  /** An answer that lets its callers wait until it is released, or for a time. */
  private record SlowAnswer(CountDownLatch arrived, CountDownLatch release, Duration most) {
    static SlowAnswer of(Duration most) {
      return new SlowAnswer(new CountDownLatch(1), new CountDownLatch(1), most);
    }

    Answer give(Map<String, @Nullable Object> parameters) {
      arrived.countDown();
      try {
        var unused = release.await(most.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return AwsFake.value(AwsFake.FIRST, "held");
    }
  }

  private static String read(AwsStore store) {
    try (SecretValue value = store.fetch(AwsFake.NAME).value()) {
      return value.asString();
    }
  }

  private <T> List<T> together(int count, Callable<T> work) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<T> future : readers.invokeAll(java.util.Collections.nCopies(count, work))) {
      results.add(future.get());
    }
    return results;
  }

  @Test
  void tenThousandReadsShareTheConnectionsThatAreAllowed() throws Exception {
    AtomicInteger most = new AtomicInteger();
    try (AwsStore store = aws.open(Map.of("max-connections", "4"))) {
      List<String> texts =
          together(
              10_000,
              () -> {
                String text = read(store);
                most.accumulateAndGet(aws.proxy().openConnections(), Math::max);
                return text;
              });
      assertThat(texts).hasSize(10_000).containsOnly("held");
    }
    assertThat(most.get()).isBetween(1, 4);
    assertThat(aws.proxy().connections()).isLessThanOrEqualTo(8);
    assertThat(aws.requests()).hasSize(10_000);
    until(() -> aws.proxy().openConnections() == 0);
    until(() -> ownThreads() == 0);
  }

  @Test
  void aReadIsMadeByTheThreadThatAsksForIt() throws Exception {
    try (AwsStore store = aws.open()) {
      assertThat(together(100, () -> read(store))).containsOnly("held");
      assertThat(ownThreads()).as("the timer").isEqualTo(1);
    }
  }

  private static long ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && thread.getName().startsWith("secrets-aws"))
        .count();
  }

  private static void until(java.util.function.BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).isNegative();
      var unused = never.await(20, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void herdOnAColdNameIsOneRequest() throws Exception {
    // All the others come while the first one is under way.
    SlowAnswer slow = SlowAnswer.of(Duration.ofMillis(500));
    aws.on("GetSecretValue", slow::give);
    try (SecretProvider provider =
        SecretProvider.builder().store(aws.open()).environment(Map.of()).build()) {
      List<Secret> secrets = together(64, () -> provider.get(AwsFake.NAME));
      assertThat(secrets).hasSize(64).allSatisfy(s -> assertThat(s.asString()).isEqualTo("held"));
    }
    assertThat(aws.requests()).hasSize(1);
  }

  /** Of a request that is larger than a buffer it is the writing that fails. */
  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void connectionThatTheServerClosedIsReplacedUnnoticed(String scheme, @TempDir Path folder) {
    aws.on("CreateSecret", AwsFake.value(AwsFake.FIRST, "held"));
    PutRequest large = PutRequest.createOnly(AwsFake.NAME, SecretValue.of("x".repeat(20_000)));
    TestAuthority authority = TestAuthority.create();
    FaultProxy.Builder builder = FaultProxy.to(aws.proxy().uri());
    try (FaultProxy front =
            (scheme.equals("http") ? builder : builder.presenting(authority)).start();
        AwsStore store =
            aws.open(
                Map.of(
                    "endpoint", front.uri().toString(),
                    "ca-file", authority.writePem(folder).toString()))) {
      for (int i = 0; i < 10; i++) {
        assertThat(read(store)).isEqualTo("held");
        closeConnections(front);
        assertThat(store.put(large).outcome()).isEqualTo(PutResult.Outcome.CREATED);
        closeConnections(front);
      }
    }
    assertThat(aws.calls().stream().filter("CreateSecret"::equals)).hasSize(10);
  }

  private static void closeConnections(FaultProxy proxy) {
    proxy.inject(Fault.LATENCY);
    proxy.clear();
  }

  @Test
  void certificateOfAnotherAuthorityIsRefusedWithAdvice(@TempDir Path folder) {
    TestAuthority authority = TestAuthority.create();
    try (FaultProxy secure = FaultProxy.to(aws.proxy().uri()).presenting(authority).start()) {
      String ca = authority.writePem(folder).toString();
      Map<String, String> trusting = Map.of("endpoint", secure.uri().toString(), "ca-file", ca);
      try (AwsStore store = aws.open(trusting)) {
        assertThat(read(store)).isEqualTo("held");
      }
      try (AwsStore store = aws.open(Map.of("endpoint", secure.uri().toString()))) {
        SecretException failure = catchThrowableOfType(SecretException.class, () -> read(store));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("aws.ca-file");
      }
      secure.inject(Fault.WRONG_HOST);
      try (AwsStore store = aws.open(trusting)) {
        SecretException failure = catchThrowableOfType(SecretException.class, () -> read(store));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("for another host");
      }
    }
  }

  @Test
  void callUnderWayEndsWhenTheStoreIsClosed() throws Exception {
    SlowAnswer slow = SlowAnswer.of(Duration.ofSeconds(60));
    aws.on("GetSecretValue", slow::give);
    AwsStore store = aws.open();
    Future<SecretException> end =
        readers.submit(() -> catchThrowableOfType(SecretException.class, () -> read(store)));
    assertThat(slow.arrived().await(20, TimeUnit.SECONDS)).isTrue();
    store.close();
    assertThat(end.get(2500, TimeUnit.MILLISECONDS).kind()).isEqualTo(Kind.CLOSED);
    slow.release().countDown();
  }

  @Test
  void interruptEndsACallAtOnce() throws Exception {
    SlowAnswer slow = SlowAnswer.of(Duration.ofSeconds(60));
    aws.on("GetSecretValue", slow::give);
    try (AwsStore store = aws.open()) {
      AtomicInteger flag = new AtomicInteger();
      Thread reader =
          new Thread(
              () -> {
                SecretException end =
                    catchThrowableOfType(SecretException.class, () -> read(store));
                boolean kept = Thread.currentThread().isInterrupted();
                flag.set(end.kind() == Kind.INTERRUPTED && kept ? 1 : -1);
              });
      reader.start();
      assertThat(slow.arrived().await(20, TimeUnit.SECONDS)).isTrue();
      reader.interrupt();
      reader.join(2500);
      assertThat(flag).hasValue(1);
    }
    slow.release().countDown();
  }

  /** A connection is not kept for ever, neither while it is idle nor while it is used. */
  @Test
  void idleAndOldConnectionsAreClosed() throws Exception {
    Settings config = Settings.of(aws.config(Map.of()));
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (var pool = Connections.pool(config, Connections.LIFETIME);
        var client = Connections.client(config, pool)) {
      get(client);
      assertThat(pool.getTotalStats().getAvailable()).isEqualTo(1);
      new IdleConnections(pool, timer, Duration.ofMillis(50)).used();
      await(() -> pool.getTotalStats().getAvailable() == 0);
    } finally {
      timer.shutdownNow();
    }
    try (var pool = Connections.pool(config, Duration.ofMillis(50));
        var client = Connections.client(config, pool)) {
      get(client);
      await(
          () -> {
            pool.closeExpiredConnections();
            return pool.getTotalStats().getAvailable() == 0;
          });
    }
  }

  private void get(CloseableHttpClient client) throws IOException {
    try (CloseableHttpResponse answer = client.execute(new HttpGet(aws.proxy().uri()))) {
      EntityUtils.consume(answer.getEntity());
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
