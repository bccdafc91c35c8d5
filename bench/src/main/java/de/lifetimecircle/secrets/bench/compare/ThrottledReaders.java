package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.bench.SameWork;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Readers that want more than the server allows: it answers so many calls in a second and refuses
 * the others, as the service's documentation says. Counts what comes of it, second by second. Used
 * once.
 */
final class ThrottledReaders {
  private static final int ALLOWED = 50;
  private static final int READERS = 4;
  private static final int LEAST_SECONDS = 3;
  private static final int MOST_SECONDS = 8;
  private static final int REFUSED = 429;

  private final WorkerAssignment work;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicInteger second = new AtomicInteger();
  private final AtomicInteger inSecond = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  ThrottledReaders(WorkerAssignment work) {
    this.work = work;
  }

  SampleSet measure() throws Exception {
    int seconds =
        (int) Math.max(LEAST_SECONDS, Math.min(MOST_SECONDS, 2 * work.slotMillis() / 1000));
    int[] good = new int[seconds];
    try (FaultyLink barrier = FaultyLink.before(work.subject());
        BackendClient client = BackendClient.cold(barrier.subject())) {
      client.provider().require(BackendClient.names(1).get(0)); // logs in
      begun.set(System.nanoTime());
      barrier.proxy().intercept(this::answer);
      read(client, seconds, good);
    }
    SampleSet samples = SampleSet.of("throttle", "count");
    for (int i = 1; i < seconds; i++) {
      var unused = samples.add(good[i]);
    }
    return samples
        .after("warm.second")
        .noted(
            "throttle",
            ALLOWED,
            READERS,
            ResultText.rounded((double) calls.get() / seconds, 0),
            ResultText.rounded((double) refused.get() / seconds, 0));
  }

  private void read(BackendClient client, int seconds, int[] good) throws Exception {
    List<String> names = BackendClient.names(BackendClient.HELD);
    AtomicInteger turn = new AtomicInteger();
    Callable<int[]> reader =
        () -> {
          int[] own = new int[seconds];
          for (int now = now(); now < seconds; now = now()) {
            if (isRead(client, names.get(turn.getAndIncrement() % names.size()))) {
              own[now]++;
            }
          }
          return own;
        };
    for (int[] own : SameWork.by(READERS, reader)) {
      for (int i = 0; i < seconds; i++) {
        good[i] += own[i];
      }
    }
  }

  private int now() {
    return (int) ((System.nanoTime() - begun.get()) / 1_000_000_000);
  }

  private static boolean isRead(BackendClient client, String name) throws InterruptedException {
    try {
      return !client.provider().get(name).asString().isEmpty();
    } catch (SecretException e) {
      // A service would do something else now; one that asks again at once would only spin.
      RealPause.millis(5);
      return false;
    }
  }

  private FaultProxy.@Nullable Answer answer(FaultProxy.Request request) {
    calls.incrementAndGet();
    int now = now();
    if (second.getAndSet(now) != now) {
      inSecond.set(0);
    }
    if (inSecond.incrementAndGet() <= ALLOWED) {
      return null;
    }
    refused.incrementAndGet();
    return switch (work.subject().scheme()) {
      case "aws" ->
          FaultProxy.Answer.of(
              400,
              "application/x-amz-json-1.1",
              "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}");
      case "azure" ->
          FaultProxy.Answer.of(
                  REFUSED,
                  "application/json",
                  "{\"error\":{\"code\":\"Throttled\",\"message\":\"Too many requests\"}}")
              .with("retry-after", "1");
      default ->
          FaultProxy.Answer.of(
                  REFUSED, "application/json", "{\"errors\":[\"rate limit quota exceeded\"]}")
              .with("retry-after", "1");
    };
  }
}
