package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The memory of what is under way: for one user, for many, and for whoever waits for it. */
class BytesUnderWayTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  private static BytesUnderWay bytes(Duration patience) {
    return new BytesUnderWay(1000, patience);
  }

  /** In parts of any size. */
  @Test
  void userGetsHalfAndLeavesTheOtherHalf() {
    for (int part : List.of(1, 7, 100, 499, 500)) {
      BytesUnderWay bytes = bytes(Duration.ZERO);
      int taken = 0;
      while (bytes.of("greedy").take(part)) {
        taken += part;
      }
      assertThat(taken).as("parts of %d", part).isBetween(501 - part, 500);
      assertThat(bytes.of("other").take(500)).isTrue();
      assertThat(bytes.bytes()).isEqualTo(taken + 500L);
    }
  }

  @Test
  void manyUsersGetNoMoreThanAll() {
    BytesUnderWay bytes = bytes(Duration.ZERO);
    int given = 0;
    for (int user = 0; user < 50; user++) {
      given += bytes.of("user" + user).take(60) ? 1 : 0;
    }
    assertThat(given).isEqualTo(16);
    assertThat(bytes.bytes()).isEqualTo(960);
  }

  @Test
  void whatIsGivenBackIsThereAgain() {
    BytesUnderWay bytes = bytes(Duration.ZERO);
    for (int i = 0; i < 100; i++) {
      try (BytesUnderWay.Held one = bytes.of("a");
          BytesUnderWay.Held other = bytes.of("a")) {
        assertThat(one.take(100)).isTrue();
        assertThat(one.take(200)).as("a second time").isTrue();
        assertThat(other.take(200)).isTrue();
        assertThat(other.take(1)).isFalse();
      }
      assertThat(bytes.bytes()).isZero();
    }
  }

  /** Otherwise nobody could read a value that is larger than the share. */
  @Test
  void largerThanAShareCountsAsTheShare() {
    BytesUnderWay bytes = bytes(Duration.ZERO);
    try (BytesUnderWay.Held large = bytes.of("a")) {
      assertThat(large.take(Long.MAX_VALUE)).isTrue();
      assertThat(bytes.of("a").take(1)).isFalse();
      assertThat(bytes.of("b").take(5000)).isTrue();
    }
    assertThat(bytes.bytes()).isEqualTo(500);
  }

  private static void await(java.util.function.BooleanSupplier isTrue) {
    for (int i = 0; i < 3000 && !isTrue.getAsBoolean(); i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    assertThat(isTrue.getAsBoolean()).isTrue();
  }

  private static CompletableFuture<Boolean> later(BytesUnderWay bytes, String user, long size) {
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    new Thread(() -> taken.complete(bytes.of(user).take(size)), "later").start();
    return taken;
  }

  @Test
  void whoWaitsForHisShareGetsItAndOthersDoNotWaitWithHim() throws Exception {
    BytesUnderWay bytes = bytes(LONG);
    BytesUnderWay.Held held = bytes.of("a");
    assertThat(held.take(500)).isTrue();
    List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(later(bytes, "a", 15));
    }
    await(() -> bytes.isAwaitedOf("a"));
    assertThat(bytes.isAwaitedOf("b")).as("a waits for his own").isFalse();
    assertThat(bytes.of("b").take(300)).isTrue();
    held.close();
    for (CompletableFuture<Boolean> each : waiting) {
      assertThat(each.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(bytes.isAwaitedOf("a")).isFalse();
    assertThat(bytes.bytes()).isEqualTo(600);
  }

  private static List<BytesUnderWay.Held> asMuchAsItCan(BytesUnderWay bytes, String user) {
    List<BytesUnderWay.Held> held = new ArrayList<>();
    BytesUnderWay.Held next = bytes.of(user);
    while (next.take(50)) {
      held.add(next);
      next = bytes.of(user);
    }
    return held;
  }

  /** As soon as some of their bytes are free, however fast they ask again. */
  @Test
  void severalGreedyUsersKeepNobodyFromReading() {
    BytesUnderWay bytes = bytes(Duration.ZERO);
    List<BytesUnderWay.Held> first = asMuchAsItCan(bytes, "a");
    List<BytesUnderWay.Held> others = new ArrayList<>(asMuchAsItCan(bytes, "b"));
    others.addAll(asMuchAsItCan(bytes, "c"));
    assertThat(bytes.of("reader").take(100)).as("all is full").isFalse();
    first.subList(0, 4).forEach(BytesUnderWay.Held::close);
    for (String greedy : List.of("a", "b", "c")) {
      others.addAll(asMuchAsItCan(bytes, greedy));
    }
    assertThat(bytes.of("reader").take(100)).isTrue();
    assertThat(others).as("what the others have").hasSizeLessThan(16);
  }

  @Test
  void whoWaitsForAllIsWokenByAnybody() throws Exception {
    BytesUnderWay bytes = bytes(LONG);
    BytesUnderWay.Held first = bytes.of("a");
    assertThat(first.take(500)).isTrue();
    assertThat(bytes.of("b").take(450)).isTrue();
    CompletableFuture<Boolean> third = later(bytes, "c", 100);
    await(() -> bytes.isAwaitedOf("a") && bytes.isAwaitedOf("b"));
    first.close();
    assertThat(third.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoGetsNoneIsToldToAskAgain() {
    BytesUnderWay bytes = bytes(Duration.ofMillis(20));
    assertThat(bytes.of("a").take(500)).isTrue();
    assertThatThrownBy(() -> bytes.of("a").require(1))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(SecretException.Kind.THROTTLED);
              assertThat(AgentFailure.of(e).status()).isEqualTo(503);
              assertThat(AgentFailure.of(e).retrySeconds()).contains(1L);
            });
    assertThat(bytes.isAwaitedOf("a")).isFalse();
    assertThat(bytes.bytes()).isEqualTo(500);
  }

  @Test
  void interruptedWaitEndsAndKeepsTheFlag() throws Exception {
    BytesUnderWay bytes = bytes(LONG);
    assertThat(bytes.of("a").take(500)).isTrue();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread waits =
        new Thread(
            () -> flag.complete(!bytes.of("a").take(1) && Thread.currentThread().isInterrupted()),
            "interrupted");
    waits.start();
    await(() -> bytes.isAwaitedOf("a"));
    waits.interrupt();
    assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
  }
}
