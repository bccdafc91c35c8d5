package de.lifetimecircle.secrets.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProviderLeaseTest {
  private static final Map<String, String> SETTINGS =
      Map.of("backend", "memory", "overrides", "off");

  @AfterEach
  void closeAtOnce() {
    TestBackendFactory.closing = () -> {};
  }

  @Test
  void plugInsWithTheSameSettingsShareAProviderUntilTheLastCloses() {
    ProviderLease one = ProviderLease.of(SETTINGS, null);
    ProviderLease two = ProviderLease.of(SETTINGS, null);
    assertThat(two.provider()).isSameAs(one.provider());
    one.close();
    one.close();
    assertThat(two.provider().settings()).isNotEmpty();
    try (ProviderLease three = ProviderLease.of(SETTINGS, null)) {
      assertThat(three.provider()).isSameAs(two.provider());
    }
    two.close();
    assertThatThrownBy(() -> two.provider().get("ANY")).hasMessageContaining("closed");
  }

  /** A backend that does not answer may keep one client's close waiting, and no other client. */
  @Test
  void aProviderThatClosesSlowlyHoldsUpNoOtherClient() throws Exception {
    CountDownLatch closes = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    TestBackendFactory.closing =
        () -> {
          closes.countDown();
          await(mayEnd);
        };
    ProviderLease slow = ProviderLease.of(SETTINGS, null);
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(slow::close, ProviderLeaseTest::start);
    await(closes);
    CompletableFuture<ProviderLease> other =
        CompletableFuture.supplyAsync(
            () -> ProviderLease.of(SETTINGS, null), ProviderLeaseTest::start);
    try {
      assertThat(other.get(20, TimeUnit.SECONDS).provider()).isNotSameAs(slow.provider());
      assertThat(closed).isNotDone();
    } finally {
      mayEnd.countDown();
    }
    closed.get(20, TimeUnit.SECONDS);
    other.get(20, TimeUnit.SECONDS).close();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "lease-test");
    thread.setDaemon(true);
    thread.start();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
