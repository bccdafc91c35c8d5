package de.lifetimecircle.secrets.agent.reads;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.http.BytesUnderWay;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import de.lifetimecircle.secrets.spi.ReaderAudit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ThrottledDenialLogTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow
  private final List<String> lines = new ArrayList<>();
  private final ThrottledDenialLog denials =
      new ThrottledDenialLog(new ReadLog(Optional.of(this::line)), now::get);

  private void line(String operation, String reader, Map<String, String> facts, String outcome) {
    lines.add(
        facts.containsKey("count")
            ? facts.get("reader-user") + " " + facts.get("name") + " +" + facts.get("count")
            : reader + " " + facts.get("name") + " " + outcome);
  }

  private static Caller caller(String user) {
    return new Caller(
        PeerSocket.unix(Optional.of(user)),
        Optional.empty(),
        "test",
        new BytesUnderWay(1, Duration.ZERO).of(user));
  }

  private void denied(String user, String name) {
    denials.denied("read", caller(user), user, name);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
    denials.writeDue();
  }

  @Test
  void countsEqualDenialsOfAMinute() {
    denied("a", "X");
    denied("a", "X");
    denied("a", "Y");
    denied("b", "X");
    denied("a", "X");
    assertThat(lines)
        .containsExactly("a X access-denied", "a Y access-denied", "b X access-denied");
    pass(Duration.ofSeconds(59));
    assertThat(lines).hasSize(3);
    pass(Duration.ofSeconds(1));
    assertThat(lines).hasSize(4).last().isEqualTo("a X +2");
    denied("a", "X");
    assertThat(lines).as("the next minute").hasSize(5).last().isEqualTo("a X access-denied");
    denials.writeAll();
    assertThat(lines).as("nothing uncounted").hasSize(5);
  }

  /** Nobody needs to call it each second: the next denial writes what is due. */
  @Test
  void writesWhatIsDueWithTheNextDenial() {
    denied("a", "X");
    denied("a", "X");
    now.addAndGet(Duration.ofHours(1).toNanos());
    denied("b", "Y");
    assertThat(lines).containsExactly("a X access-denied", "a X +1", "b Y access-denied");
  }

  @Test
  void boundsTheLinesOfAUserAndLosesNoDenial() {
    for (int i = 0; i < 10_000; i++) {
      denied("a", "GUESS_" + i);
    }
    denied("b", "X");
    assertThat(lines).as("b has lines of his own").hasSize(ThrottledDenialLog.LINES + 1);
    denials.writeAll();
    assertThat(lines)
        .hasSize(ThrottledDenialLog.LINES + 2)
        .last()
        .isEqualTo("a * +" + (10_000 - ThrottledDenialLog.LINES));
  }

  /** Sums up the denials that have a line of their own and those that are counted. */
  private static final class SumOfDenials implements ReaderAudit {
    private final LongAdder told = new LongAdder();

    @Override
    public void write(String operation, String reader, Map<String, String> facts, String outcome) {
      told.add(Long.parseLong(facts.getOrDefault("count", "1")));
    }
  }

  /** Each denial is in a line or in a count, whichever threads wrote and counted at that moment. */
  @RepeatedTest(10)
  void losesNoDenialOfEightThreads() throws Exception {
    int threads = 8;
    int each = 2_000;
    SumOfDenials sum = new SumOfDenials();
    // A minute ends now and then.
    ThrottledDenialLog shared =
        new ThrottledDenialLog(
            new ReadLog(Optional.of(sum)), () -> now.addAndGet(Duration.ofSeconds(1).toNanos()));
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int own = i;
        done.add(
            pool.submit(
                () -> {
                  Caller caller = caller("user-" + own % 3);
                  start.await();
                  for (int k = 0; k < each; k++) {
                    shared.denied("read", caller, "any", "NAME_" + (k * 31 + own) % 90);
                  }
                  return own;
                }));
      }
      for (Future<?> one : done) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    shared.writeAll();
    assertThat(sum.told.sum()).isEqualTo((long) threads * each);
  }

  @Test
  void keepsNoLongTextOfAClient() {
    denied("a", "x".repeat(100_000) + "1");
    denied("a", "x".repeat(100_000) + "2");
    denials.writeAll();
    assertThat(lines.get(1)).hasSizeLessThan(300).endsWith("+1");
  }
}
