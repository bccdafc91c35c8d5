package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the cache holds at most, in virtual time. */
class PipelineMemoryTest {
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker);

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers());
  }

  private static String name(int i) {
    return "NAME_" + i;
  }

  private void holding(int names, int bytes) {
    for (int i = 0; i < names; i++) {
      store.holding(name(i), "x".repeat(bytes));
    }
  }

  @Test
  void thereAreNeverMoreNamesThanAllowed() {
    holding(500, 10);
    try (SecretProvider provider = builder().set("max-names", "100").build()) {
      for (int i = 0; i < 500; i++) {
        provider.get(name(i));
        assertThat(provider.stats().names()).isLessThanOrEqualTo(100);
      }
      assertThat(provider.stats().names()).isEqualTo(100);
      assertThat(provider.stats().evicted()).isEqualTo(400);
      assertThat(provider.get(name(0)).asString()).isEqualTo("x".repeat(10));
    }
  }

  @Test
  void thereAreNeverMoreBytesThanAllowed() {
    holding(100, 1000);
    try (SecretProvider provider = builder().set("max-bytes", "10k").build()) {
      for (int i = 0; i < 100; i++) {
        provider.get(name(i));
        // Each may take its value, a text of it, and 460 bytes for everything else.
        assertThat(provider.stats().names() * (2 * 1000 + 460)).isLessThanOrEqualTo(10 * 1024);
      }
      assertThat(provider.stats().names()).isEqualTo(4);
    }
  }

  @Test
  void whatIsReadAgainAndAgainStays() {
    holding(1000, 10);
    try (SecretProvider provider = builder().set("max-names", "50").build()) {
      for (int i = 0; i < 1000; i++) {
        provider.get(name(0));
        provider.get(name(i));
      }
      assertThat(store.calls(Op.FETCH, name(0))).isEqualTo(1);
    }
  }

  @Test
  void whatAHandleHoldsIsNeverDropped() {
    holding(200, 10);
    try (SecretProvider provider = builder().set("max-names", "10").build()) {
      SecretHandle[] handles = new SecretHandle[20];
      for (int i = 0; i < handles.length; i++) {
        handles[i] = provider.handle(name(i));
        Secret unused = handles[i].get();
      }
      for (int i = handles.length; i < 200; i++) {
        provider.get(name(i));
      }
      for (int i = 0; i < handles.length; i++) {
        assertThat(handles[i].get().origin()).isEqualTo(Secret.Origin.CACHE);
        assertThat(store.calls(Op.FETCH, name(i))).isEqualTo(1);
      }
      assertThat(provider.stats().names()).isBetween(20, 30);
    }
  }

  @Test
  void pinnedAndValidVersionsCountToo() {
    holding(50, 10);
    try (SecretProvider provider = builder().set("max-names", "30").build()) {
      for (int i = 0; i < 50; i++) {
        String version = provider.get(name(i)).version();
        provider.get(name(i), VersionSelector.id(version));
        provider.validVersions(name(i));
        assertThat(provider.stats().names()).isLessThanOrEqualTo(30);
      }
    }
  }

  @Test
  void whatExpiresIsGone() {
    holding(10, 10);
    try (SecretProvider provider = builder().set("max-stale", "1h").set("idle", "10m").build()) {
      for (int i = 0; i < 10; i++) {
        provider.get(name(i));
      }
      ticker.advance(Duration.ofMinutes(5));
      assertThat(provider.stats().names()).isEqualTo(10);
      ticker.advance(Duration.ofHours(3));
      SecretStats stats = provider.stats();
      assertThat(stats.names()).isZero();
      assertThat(stats.bytes()).isZero();
      assertThat(stats.oldest()).isEmpty();
    }
  }
}
