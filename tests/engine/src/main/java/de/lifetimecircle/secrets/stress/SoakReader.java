package de.lifetimecircle.secrets.stress;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** One thread that reads and judges every answer on the spot. Read its counts after its end. */
final class SoakReader implements Runnable {
  /** The failures that a reader without a cached value may get from a backend in trouble. */
  static final Set<Kind> TROUBLE =
      EnumSet.of(Kind.UNAVAILABLE, Kind.THROTTLED, Kind.TIMEOUT, Kind.INVALID_VALUE, Kind.INTERNAL);

  private record Sight(int version, long at) {}

  private final Soak soak;
  private final SecretProvider provider;
  private final List<String> names;
  private final SplittableRandom random;
  private final Map<String, SecretHandle> handles = new HashMap<>();
  private final Map<String, Sight> sights = new HashMap<>();
  final Map<Secret.Origin, Long> origins = new EnumMap<>(Secret.Origin.class);
  final Map<Kind, Long> failures = new EnumMap<>(Kind.class);
  long oldest;
  long longest;

  SoakReader(Soak soak, SecretProvider provider, List<String> names, long seed) {
    this.soak = soak;
    this.provider = provider;
    this.names = names;
    this.random = new SplittableRandom(seed);
    names.stream().limit(names.size() / 4).forEach(n -> handles.put(n, provider.handle(n)));
  }

  @Override
  public void run() {
    while (soak.goesOn()) {
      String name = names.get(random.nextInt(names.size()));
      long begun = System.nanoTime();
      try {
        Secret secret = read(name);
        judge(secret, begun);
        soak.answered();
        origins.merge(secret.origin(), 1L, Long::sum);
      } catch (SecretException e) {
        failures.merge(e.kind(), 1L, Long::sum);
        if (!TROUBLE.contains(e.kind())) {
          soak.object(name + ": failed with " + e.kind());
        }
      }
      longest = Math.max(longest, System.nanoTime() - begun);
      LockSupport.parkNanos(random.nextInt(200_000));
    }
  }

  private Secret read(String name) {
    SecretHandle handle = handles.get(name);
    if (handle != null && random.nextBoolean()) {
      return handle.get();
    }
    return random.nextInt(20) == 0
        ? provider.getAll(List.of(name)).values().iterator().next().orElseThrow()
        : provider.get(name);
  }

  private void judge(Secret secret, long begun) {
    String name = secret.name();
    int version = Integer.parseInt(secret.version());
    Timeline timeline = soak.timeline(name);
    if (!secret.asString().equals(timeline.text(version))) {
      soak.object(name + ": version " + version + " with a value that is not its own");
    }
    oldest = Math.max(oldest, timeline.staleness(version, begun));
    Sight before = sights.put(name, new Sight(version, begun));
    if (before != null && version < before.version()) {
      soak.wentBack(name, before.version(), version, before.at(), System.nanoTime());
    }
  }
}
