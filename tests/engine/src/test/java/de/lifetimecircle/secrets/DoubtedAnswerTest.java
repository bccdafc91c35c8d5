package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is held after a write that failed, which may have been done all the same. */
class DoubtedAnswerTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");

  private SecretWriter writer() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("jitter", "0")
        .set("retries", "0")
        .clock(ticker)
        .executor(ticker.workers())
        .buildWriter();
  }

  @Test
  void versionThatARetireTookThoughItFailedIsServedNoMore() {
    try (SecretWriter writer = writer()) {
      SecretProvider provider = writer.provider();
      String one = provider.get(KEY).version();
      VersionSelector first = VersionSelector.id(one);
      ticker.advance(Duration.ofSeconds(1));
      writer.put(KEY, SecretValue.of("two"));
      assertThat(provider.get(KEY, first).asString()).isEqualTo("one");
      store.always(Op.FETCH_VERSION, KEY, FakeStep.fail(Kind.VERSION_NOT_FOUND));
      store.next(Op.RETIRE, KEY, FakeStep.fail(Kind.TIMEOUT));
      fails(Kind.TIMEOUT, () -> writer.retire(KEY, one));
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, first));
      fails(Kind.VERSION_NOT_FOUND, () -> provider.get(KEY, first));
    }
  }

  @Test
  void readerWhoWantsAYoungAnswerAsksAgainAfterARefreshThatFailed() {
    try (SecretWriter writer = writer()) {
      SecretProvider provider = writer.provider();
      provider.get(KEY);
      provider.validVersions(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      fails(Kind.UNAVAILABLE, () -> provider.refresh(KEY));
      fails(Kind.UNAVAILABLE, () -> provider.validVersions(KEY, Duration.ZERO));
      store.recover();
      provider.invalidate(KEY);
      Secret young = provider.get(KEY, Duration.ofMinutes(1));
      assertThat(young.origin()).isEqualTo(Secret.Origin.BACKEND);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      fails(Kind.UNAVAILABLE, () -> provider.validVersions(KEY, Duration.ZERO));
      store.recover();
      provider.invalidate(KEY);
      assertThat(provider.validVersions(KEY, Duration.ofMinutes(1))).hasSize(1);
    }
  }
}
