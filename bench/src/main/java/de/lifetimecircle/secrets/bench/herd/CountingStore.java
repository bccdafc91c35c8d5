package de.lifetimecircle.secrets.bench.herd;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.InstantStore;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that takes its time, is up or down, and counts the calls of each name. Safe for use by
 * several threads.
 */
final class CountingStore extends InstantStore {
  private final State state;
  private final int latencyMillis;
  private final ConcurrentMap<String, AtomicInteger> calls = new ConcurrentHashMap<>();

  /** Whether it answers with a value or with a failure. */
  enum State {
    UP,
    DOWN
  }

  CountingStore(State state, int latencyMillis) {
    this.state = state;
    this.latencyMillis = latencyMillis;
  }

  /** Returns how long a call takes: in a measurement about as long as in a near cloud. */
  static int latencyMillis(BenchMode mode) {
    return mode.pick(100, 100, 10);
  }

  /** Returns how many of so many callers have to fail. */
  int failing(int callers) {
    return state == State.DOWN ? callers : 0;
  }

  /** Whether it is up or down, in lower case. */
  String state() {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** The most calls that one name had. */
  int mostCalls() {
    return calls.values().stream().mapToInt(AtomicInteger::get).max().orElse(0);
  }

  /** Forgets all calls so far. */
  void forget() {
    calls.clear();
  }

  @Override
  public StoredSecret fetch(String name) {
    calls.computeIfAbsent(name, n -> new AtomicInteger()).incrementAndGet();
    try {
      RealPause.millis(latencyMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SecretException.of(SecretException.Kind.INTERRUPTED, "fetch secret")
          .name(name)
          .reason("the thread was interrupted")
          .build();
    }
    if (state == State.DOWN) {
      throw SecretException.of(SecretException.Kind.UNAVAILABLE, "fetch secret")
          .name(name)
          .reason("the backend of the benchmark is down")
          .build();
    }
    return super.fetch(name);
  }
}
