package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.internal.CachingSecretProvider;
import de.lifetimecircle.secrets.internal.config.PushSettings;
import de.lifetimecircle.secrets.internal.push.RotationNotifications;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.RotationNotice;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A fleet of real providers, each with its own cache and inbox, in one virtual time over one
 * backend that answers at once and counts its calls of each second. The network is left out: a
 * message reaches every connected instance at once, and a call takes no time.
 */
final class FleetSimulation implements AutoCloseable {
  /** What instances do when they learn of nothing. */
  static final Duration SOFT_AGE = Duration.ofMinutes(5);

  /** The instances start within this time, as in a rolling deployment. */
  static final Duration ROLLOUT = Duration.ofMinutes(5);

  private final FakeTicker ticker = FakeTicker.inline();
  private final SplittableRandom random;
  private final List<String> names = new ArrayList<>();
  private final List<Instance> instances = new ArrayList<>();
  private final TreeMap<Long, Integer> callsOfSecond = new TreeMap<>();
  private int version = 1;
  private int rotatedNames;
  private long rotatedAt;

  /** What a rotation did to the fleet. */
  record Result(Duration half, Duration all, int busiestSecond, int calls) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "half after %.1f s, all after %.1f s, busiest second %d calls, %d calls in all",
          half.toMillis() / 1000.0,
          all.toMillis() / 1000.0,
          busiestSecond,
          calls);
    }
  }

  FleetSimulation(int size, int secrets, PushSettings policy, long seed) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < secrets; i++) {
      names.add("prod/SECRET_" + i);
    }
    long[] starts = random.longs(size, 0, ROLLOUT.toNanos()).sorted().toArray();
    for (long start : starts) {
      ticker.advance(Duration.ofNanos(start - ticker.nanoTime()));
      instances.add(new Instance(policy));
    }
    ticker.advance(SOFT_AGE.multipliedBy(2));
  }

  /** One process. */
  private final class Instance implements SecretStore {
    final SecretProvider provider;
    final RotationNotifications inbox;
    final long[] learned = new long[names.size()];

    Instance(PushSettings policy) {
      provider =
          SecretProvider.builder()
              .store(this)
              .environment(Map.of())
              .set("soft-age", SOFT_AGE.toSeconds() + "s")
              .clock(ticker)
              .random(random.split())
              .executor(ticker.workers())
              .build();
      inbox = ((CachingSecretProvider) provider).newInbox(policy);
      provider.require(names.toArray(new String[0]));
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public StoredSecret fetch(String name) {
      callsOfSecond.merge(ticker.nanoTime() / 1_000_000_000L, 1, Integer::sum);
      int place = names.indexOf(name);
      int current = place < rotatedNames ? version : 1;
      if (current > 1 && learned[place] == 0) {
        learned[place] = ticker.nanoTime();
      }
      return new StoredSecret(
          SecretValue.of("value-" + current), "v" + current, Instant.EPOCH.plusSeconds(current));
    }

    @Override
    public Map<String, String> describe(String name) {
      return Map.of();
    }

    @Override
    public Map<String, String> check() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  /** How the fleet learns of a rotation. */
  enum Channel {
    /** By polling alone. */
    NONE,
    /** Each instance gets each message at once. */
    UP,
    /** The messages are lost; the channel is back after a minute. */
    BACK_AFTER_A_MINUTE
  }

  /** Rotates that many names at once, and follows the fleet until all serve the new versions. */
  Result rotate(int count, Channel channel) {
    callsOfSecond.clear();
    version = 2;
    rotatedNames = count;
    rotatedAt = ticker.nanoTime();
    if (channel == Channel.UP) {
      deliver(count);
    } else if (channel == Channel.BACK_AFTER_A_MINUTE) {
      instances.forEach(instance -> instance.inbox.lost());
      ticker.advance(Duration.ofMinutes(1));
      instances.forEach(instance -> instance.inbox.connected());
    }
    while (learned().length < instances.size() * count
        && ticker.nanoTime() - rotatedAt < SOFT_AGE.multipliedBy(2).toNanos()) {
      ticker.advance(Duration.ofSeconds(1));
    }
    long[] times = learned();
    if (times.length < instances.size() * count || !ticker.failures().isEmpty()) {
      throw new IllegalStateException(
          times.length + " of " + instances.size() * count + ", " + ticker.failures());
    }
    return new Result(
        Duration.ofNanos(times[times.length / 2] - rotatedAt),
        Duration.ofNanos(times[times.length - 1] - rotatedAt),
        callsOfSecond.values().stream().mapToInt(Integer::intValue).max().orElse(0),
        callsOfSecond.values().stream().mapToInt(Integer::intValue).sum());
  }

  private void deliver(int count) {
    for (int i = 0; i < count; i++) {
      String text = new RotationNotice(names.get(i), "v2", ticker.instant()).text();
      instances.forEach(instance -> instance.inbox.message(text));
    }
  }

  /** The times at which an instance learned of a name, in order. */
  private long[] learned() {
    return instances.stream()
        .flatMapToLong(instance -> Arrays.stream(instance.learned))
        .filter(time -> time > 0)
        .sorted()
        .toArray();
  }

  /** Whether every instance answers with the new version of the rotated names. */
  boolean servesTheNewVersions() {
    return instances.stream()
        .allMatch(
            instance ->
                names.subList(0, rotatedNames).stream()
                    .allMatch(name -> instance.provider.get(name).version().equals("v2")));
  }

  @Override
  public void close() {
    instances.forEach(instance -> instance.provider.close());
  }
}
