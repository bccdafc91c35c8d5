package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that reads all the time while its backend is down, so that it can be stopped from
 * outside. Its last line says what it was served after the stop.
 */
public final class StoppedReader {
  static final Duration MAX_STALE = Duration.ofSeconds(5);
  private static final int NAMES = 500;

  private StoppedReader() {}

  /** Reads until nothing is served any more. */
  public static void main(String[] args) {
    FakeStore store = FakeStore.create();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < NAMES; i++) {
      names.add("NAME_" + i);
      store.holding("NAME_" + i, "value");
    }
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .set("soft-age", "1s")
            .set("max-stale", MAX_STALE.toSeconds() + "s")
            .build()) {
      provider.require(names.toArray(String[]::new));
      long asked = System.nanoTime();
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      System.out.println("ready");
      System.out.println(read(provider, names, asked));
    }
  }

  private static String read(SecretProvider provider, List<String> names, long asked) {
    long last = System.nanoTime();
    long resumed = last;
    long tooOld = 0;
    boolean stopped = false;
    for (int i = 0; true; i++) {
      String failure = ask(provider, names.get(i % names.size()));
      long now = System.nanoTime();
      if (now - last > Duration.ofSeconds(1).toNanos()) {
        stopped = true;
        resumed = now;
      }
      last = now;
      if (!failure.isEmpty()) {
        long after = Duration.ofNanos(now - resumed).toMillis();
        return stopped + " " + after + " " + failure + " " + tooOld;
      }
      tooOld += now - asked > MAX_STALE.toNanos() ? 1 : 0;
    }
  }

  /** Why nothing was served; empty if something was. */
  private static String ask(SecretProvider provider, String name) {
    try {
      Secret unused = provider.get(name);
      return "";
    } catch (SecretException e) {
      return e.kind().toString();
    }
  }
}
