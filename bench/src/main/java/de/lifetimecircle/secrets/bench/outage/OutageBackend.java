package de.lifetimecircle.secrets.bench.outage;

import de.lifetimecircle.secrets.bench.loopback.AwsAnswers;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer.Answer;
import de.lifetimecircle.secrets.bench.loopback.LoopbackServer.Request;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Secrets Manager in the state of a row. Each answer with a value has a new version, so the exact
 * age of a reader's value is known without asking the library.
 *
 * <p>Safe for use by several threads. Only the thread that leads a row begins and ends the trouble.
 */
final class OutageBackend implements AutoCloseable {
  private static final int MOST_VERSIONS = 10_000;
  private static final int LATENCY_MILLIS = 20;
  private static final int SLOW_MILLIS = 1200;
  private static final int HANG_MILLIS = 3000;
  static final int RETRY_AFTER_SECONDS = 4;
  private static final String[] GARBAGE = {
    "<html><body>Sign in to the network</body></html>",
    "{\"Name\":\"row/GET\",\"VersionId\":\"00000000-00",
    "{}",
    "\u0000\u0001\u0002\u0003",
    "[\"SecretString\"]",
    "{\"VersionId\":\"00000000-0000-4000-8000-000000000001\",\"SecretString\":null}"
  };

  private final OutageRow row;
  private final LoopbackServer server = new LoopbackServer(this::answer);
  private final ConcurrentMap<String, History> histories = new ConcurrentHashMap<>();
  private final AtomicInteger inTrouble = new AtomicInteger();
  private volatile boolean trouble;

  /** When each version of a name was answered. */
  private static final class History {
    private final AtomicInteger last = new AtomicInteger();
    private final AtomicLongArray answered = new AtomicLongArray(MOST_VERSIONS);
  }

  OutageBackend(OutageRow row) {
    this.row = row;
  }

  Map<String, String> settings() {
    return AwsAnswers.settings(server);
  }

  /** The state of the row begins. */
  void begin() {
    trouble = true;
    if (row == OutageRow.DOWN
        || row == OutageRow.DOWN_AT_START
        || row == OutageRow.PAST_MAX_STALE
        || row == OutageRow.COMING_BACK) {
      server.goDown();
    }
  }

  /** All is well again. */
  void end() {
    trouble = false;
    server.comeBack();
  }

  /** Goes down and comes back, if the row flaps. */
  void flap(boolean down) {
    if (row == OutageRow.FLAPPING && down) {
      server.goDown();
    } else if (row == OutageRow.FLAPPING) {
      server.comeBack();
    }
  }

  /** The last version of a name that was answered; 0 if none was. */
  int last(String name) {
    return history(name).last.get();
  }

  /** When a version was answered, as {@link System#nanoTime} counts. */
  long answered(String name, long version) {
    return history(name).answered.get((int) version);
  }

  private History history(String name) {
    History known = histories.get(name); // takes no lock, which would count as one of the reader's
    return known != null ? known : histories.computeIfAbsent(name, n -> new History());
  }

  private @Nullable Answer answer(Request request) throws InterruptedException {
    if (!trouble) {
      RealPause.millis(LATENCY_MILLIS);
      return current(request);
    }
    int turn = inTrouble.getAndIncrement();
    switch (row) {
      case HANGING, HANGING_AT_START -> RealPause.millis(HANG_MILLIS);
      case SLOW -> RealPause.millis(SLOW_MILLIS);
      default -> RealPause.millis(LATENCY_MILLIS);
    }
    return switch (row) {
      case THROTTLING -> AwsAnswers.throttled();
      case THROTTLING_UNTIL -> AwsAnswers.throttled(RETRY_AFTER_SECONDS);
      case GARBAGE -> garbage(turn);
      case OLDER -> turn % 2 == 0 ? older(request) : current(request);
      case HANGING, HANGING_AT_START -> null;
      default -> current(request);
    };
  }

  private Answer current(Request request) {
    History history = history(AwsAnswers.name(request));
    int version = history.last.incrementAndGet();
    history.answered.set(version, System.nanoTime());
    return AwsAnswers.value(request, version);
  }

  /** Returns the answer of a replica that has not seen the last two changes. */
  private Answer older(Request request) {
    int last = history(AwsAnswers.name(request)).last.get();
    return AwsAnswers.value(request, Math.max(1, last - 2));
  }

  private static Answer garbage(int turn) {
    byte[] body = GARBAGE[turn % GARBAGE.length].getBytes(StandardCharsets.UTF_8);
    return new Answer(200, "Content-Type: application/x-amz-json-1.1\r\n", body);
  }

  @Override
  public void close() {
    server.close();
  }
}
