package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.internal.CachingSecretProvider;
import de.lifetimecircle.secrets.internal.config.PushSettings;
import de.lifetimecircle.secrets.internal.push.RotationNotifications;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.RotationNotice;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What messages about rotations make a provider do, in virtual time. */
class RotationNotificationsTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final String OTHER = "DATABASE_URL";
  private static final Duration DELAY = Duration.ofSeconds(2);
  private static final PushSettings POLICY = new PushSettings(DELAY, Duration.ofMinutes(1));

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store =
      FakeStore.create().clock(ticker).holding("prod/" + KEY, "one").holding("prod/" + OTHER, "x");
  private final HandDelivery channel = new HandDelivery();
  private final SecretProvider provider =
      SecretProvider.builder()
          .store(store)
          .environment(Map.of())
          .set("prefix", "prod/")
          .set("jitter", "0")
          .set("retries", "0")
          .clock(ticker)
          .random(new SplittableRandom(1))
          .executor(ticker.workers())
          .push(channel)
          .build();

  /** A channel whose messages the test hands over itself. */
  static final class HandDelivery implements RotationChannel {
    private final CountDownLatch listens = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private Receiver receiver = this.unused();
    private String sent = "";

    private Receiver unused() {
      return new Receiver() {
        @Override
        public void connected() {
          throw new IllegalStateException("nobody listens");
        }

        @Override
        public void message(String text) {
          throw new IllegalStateException("nobody listens");
        }
      };
    }

    Receiver receiver() throws InterruptedException {
      assertThat(listens.await(20, TimeUnit.SECONDS)).isTrue();
      return receiver;
    }

    @Override
    public void send(String message) {
      sent = message;
    }

    @Override
    public void listen(Receiver heard) {
      receiver = heard;
      listens.countDown();
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @AfterEach
  void close() {
    provider.close();
    assertThat(channel.closed.getCount()).as("the channel is closed with the provider").isZero();
  }

  private String rotate(String name, String text) {
    ticker.advance(Duration.ofMillis(10));
    try (SecretValue value = SecretValue.of(text)) {
      return store.secondClient().put(PutRequest.always("prod/" + name, value)).version();
    }
  }

  private void hear(String name, String version) throws InterruptedException {
    channel.receiver().message(new RotationNotice(name, version, Instant.EPOCH).text());
  }

  private int fetches(String name) {
    return store.calls(Op.FETCH, "prod/" + name);
  }

  @Test
  void aRotationIsServedWithinTheDelayByOneLoad() throws InterruptedException {
    provider.get(KEY);
    String version = rotate(KEY, "two");
    hear("prod/" + KEY, version);
    assertThat(fetches(KEY)).as("not at once").isEqualTo(1);
    ticker.advance(DELAY);
    assertThat(provider.get(KEY).version()).isEqualTo(version);
    assertThat(fetches(KEY)).isEqualTo(2);
    hear("prod/" + KEY, version);
    ticker.advance(Duration.ofSeconds(10));
    assertThat(fetches(KEY)).as("a second message says nothing new").isEqualTo(2);
  }

  @Test
  void tenThousandForgedMessagesASecondCostOneLoadASecond() throws InterruptedException {
    provider.get(KEY);
    provider.get(OTHER);
    Secret before = provider.get(KEY);
    for (int second = 0; second < 10; second++) {
      for (int i = 0; i < 1000; i++) {
        hear("prod/" + KEY, "forged-" + second + "-" + i);
        hear("prod/unknown-" + i, "forged");
        ticker.advance(Duration.ofMillis(1));
      }
    }
    ticker.advance(DELAY);
    assertThat(fetches(KEY)).isBetween(4, 1 + 12);
    assertThat(fetches(OTHER)).isEqualTo(1);
    assertThat(store.calls()).as("unknown names are not asked for").isEqualTo(fetches(KEY) + 1);
    assertThat(provider.get(KEY)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"form\":\"secrets-rotation-1\",\"name\":\"\",\"version\":\"v\",\"at\":\"1970-01-01T00:00:00Z\"}",
        "{\"form\":\"secrets-rotation-2\",\"name\":\"prod/LTC_SECRET_KEY\",\"version\":\"v\","
            + "\"at\":\"1970-01-01T00:00:00Z\"}",
        "{\"form\":\"secrets-rotation-1\",\"name\":\"LTC_SECRET_KEY\",\"version\":\"v\","
            + "\"at\":\"1970-01-01T00:00:00Z\"}",
        "{\"form\":\"secrets-rotation-1\",\"name\":\"test/LTC_SECRET_KEY\",\"version\":\"v\","
            + "\"at\":\"1970-01-01T00:00:00Z\"}",
        "{\"form\":\"secrets-rotation-1\",\"name\":[\"prod/LTC_SECRET_KEY\"],\"version\":7}",
      })
  void whatIsNoNoticeDoesNothing(String message) throws InterruptedException {
    provider.get(KEY);
    channel.receiver().message(message);
    channel.receiver().message(" ".repeat(1_000_000));
    ticker.advance(DELAY);
    assertThat(store.calls()).isEqualTo(1);
    assertThat(ticker.failures()).isEmpty();
  }

  @Test
  void aMessageThatArrivesDuringTheWaitIsCoveredByTheSameLoad() throws InterruptedException {
    provider.get(KEY);
    hear("prod/" + KEY, "a");
    ticker.advance(Duration.ofMillis(1));
    String version = rotate(KEY, "two");
    hear("prod/" + KEY, version);
    ticker.advance(DELAY);
    assertThat(provider.get(KEY).version()).isEqualTo(version);
    assertThat(fetches(KEY)).isEqualTo(2);
  }

  @Test
  void aBackendThatFailsLeavesTheHeldValue() throws InterruptedException {
    provider.get(KEY);
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    hear("prod/" + KEY, "two");
    ticker.advance(DELAY);
    assertThat(provider.get(KEY).value().asString()).isEqualTo("one");
    store.recover();
    String version = rotate(KEY, "two");
    ticker.advance(Duration.ofMinutes(1));
    assertThat(provider.get(KEY).version()).as("the refresher tries again").isEqualTo(version);
  }

  @Test
  void followersOfTheValidVersionsHearOfItToo() throws InterruptedException {
    provider.validVersions(KEY);
    String version = rotate(KEY, "two");
    hear("prod/" + KEY, version);
    ticker.advance(DELAY);
    assertThat(provider.validVersions(KEY)).extracting(Secret::version).contains(version);
    assertThat(provider.validVersions(KEY).get(0).version()).isEqualTo(version);
  }

  @Test
  void heldNamesAreRefreshedOnceAfterALostConnectionAndNotAfterTheFirst() {
    RotationNotifications inbox = ((CachingSecretProvider) provider).newInbox(POLICY);
    provider.get(KEY);
    provider.get(OTHER);
    inbox.connected();
    ticker.advance(Duration.ofMinutes(1));
    assertThat(store.calls()).as("nothing was missed").isEqualTo(2);
    inbox.lost();
    inbox.lost();
    String version = rotate(KEY, "two");
    inbox.connected();
    inbox.connected();
    ticker.advance(Duration.ofMinutes(1));
    assertThat(provider.get(KEY).version()).isEqualTo(version);
    assertThat(store.calls()).as("each name once").isEqualTo(4 + 1); // and the put
    ticker.advance(Duration.ofMinutes(2));
    assertThat(store.calls()).isEqualTo(5);
  }

  /** The thread of the channel hears no message as long as it plans these loads. */
  @Test
  void manyHeldNamesArePlannedInATimeThatGrowsWithTheirNumber() {
    RotationNotifications inbox = ((CachingSecretProvider) provider).newInbox(POLICY);
    for (int i = 0; i < 30_000; i++) {
      store.holding("prod/name-" + i, "x");
      provider.get("name-" + i);
    }
    inbox.lost();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    inbox.connected();
    Duration computed = Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
    // The processor time of this thread, whatever the machine's load: well below a tenth of a
    // second, and about ten where each plan searched all others.
    assertThat(computed).isLessThan(Duration.ofSeconds(2));
    int calls = store.calls();
    ticker.advance(Duration.ofMinutes(1));
    assertThat(store.calls() - calls).isEqualTo(30_000);
  }

  @Test
  void aWriterSendsTheWholeNameAndNoValue() {
    FakeStore written = FakeStore.create().holding("prod/" + KEY, "canary-7f3a");
    HandDelivery out = new HandDelivery();
    try (SecretWriter writer =
        SecretProvider.builder()
            .store(written)
            .environment(Map.of())
            .set("prefix", "prod/")
            .push(out)
            .buildWriter()) {
      writer.announce(KEY, "v2");
      assertThat(out.listens.getCount()).as("a writer does not listen").isEqualTo(1);
    }
    RotationNotice notice = RotationNotice.parse(out.sent).orElseThrow();
    assertThat(notice.name()).isEqualTo("prod/" + KEY);
    assertThat(notice.version()).isEqualTo("v2");
    assertThat(out.sent).doesNotContain("canary");
  }

  @Test
  void withoutAChannelNothingCanBeAnnounced() {
    try (SecretWriter writer =
        SecretProvider.builder().store(FakeStore.create()).environment(Map.of()).buildWriter()) {
      assertThatThrownBy(() -> writer.announce(KEY, "v2"))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("no channel is configured")
          .hasMessageContaining("Set push to postgresql or redis");
    }
  }

  @Test
  void aChannelThatIsNotThereIsNamedWithItsArtifact() {
    assertThatThrownBy(
            () ->
                SecretProvider.builder()
                    .store(FakeStore.create())
                    .environment(Map.of())
                    .set("push", "redis")
                    .set("redis.url", "redis://:canary-7f3a@127.0.0.1")
                    .build())
        .hasMessageContaining("add de.lifetimecircle.secrets:secrets-push-redis")
        .hasMessageNotContaining("canary");
    assertThatThrownBy(
            () ->
                SecretProvider.builder()
                    .store(FakeStore.create())
                    .environment(Map.of())
                    .set("push", "kafka")
                    .build())
        .hasMessageContaining("push: kafka (expected: one of [none, postgresql, redis]");
  }
}
