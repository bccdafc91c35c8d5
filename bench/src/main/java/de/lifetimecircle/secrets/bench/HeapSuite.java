package de.lifetimecircle.secrets.bench;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How much heap a cached name takes, beside a map of the same texts: goal l.
 *
 * <p>Each contender is filled with so many names and values of 32 bytes, and the heap that is in
 * use after a collection is compared with that before. The smallest of some rounds counts: other
 * objects in the heap at that moment can only add to it. Closed providers are kept until the end:
 * what they leave would else be freed during the next round, which would count as so much less. The
 * ids of versions are one object for all, as they cost only the backend: 24 bytes for a number, 80
 * for a UUID.
 */
final class HeapSuite implements BenchSuite {
  private static final int VALUE_BYTES = 32;

  private final List<SecretProvider> closed = new ArrayList<>();

  @Override
  public String name() {
    return "heap";
  }

  @Override
  public List<String> goals() {
    return List.of("l");
  }

  @Override
  public List<BenchFigure> run(BenchMode mode) throws InterruptedException {
    List<BenchFigure> figures = new ArrayList<>();
    for (int names : numbers(mode)) {
      double map = Double.POSITIVE_INFINITY;
      double held = Double.POSITIVE_INFINITY;
      double read = Double.POSITIVE_INFINITY;
      double closed = Double.POSITIVE_INFINITY;
      for (int round = 0; round < mode.pick(3, 3, 1); round++) {
        map = Math.min(map, ofMap(names));
        Provided provided = ofProvider(names);
        held = Math.min(held, provided.held);
        read = Math.min(read, provided.read);
        closed = Math.min(closed, provided.closed);
      }
      String many = String.format(Locale.ROOT, ", %,d names", names);
      figures.add(BenchFigure.information("l", "a map of texts" + many, map, "B/name"));
      figures.add(
          BenchFigure.checked(
                  "l", "a provider" + many, held, "B/name", Limit.atMost(1.3 * map + 150))
              .besides(map)
              .noted("the bound is 1.3 x the map + 150 B"));
      figures.add(
          BenchFigure.information("l", "after asString of each" + many, read, "B/name")
              .besides(map));
      figures.add(
          BenchFigure.information("l", "after close" + many, closed, "B left/name").besides(map));
    }
    return figures;
  }

  private static int[] numbers(BenchMode mode) {
    return switch (mode) {
      case FULL -> new int[] {1_000, 10_000, 100_000};
      case QUICK -> new int[] {100_000};
      case SMOKE -> new int[] {10_000};
    };
  }

  /** Bytes for each name: held, with the texts that readers asked for, and after the close. */
  private record Provided(double held, double read, double closed) {}

  private static double ofMap(int names) throws InterruptedException {
    long before = used();
    ConcurrentMap<String, String> map = new ConcurrentHashMap<>();
    try {
      for (int i = 0; i < names; i++) {
        map.put(nameOf(i), new String(valueOf(nameOf(i)), StandardCharsets.UTF_8));
      }
      return (used() - before) / (double) names;
    } finally {
      Reference.reachabilityFence(map);
    }
  }

  private Provided ofProvider(int names) throws InterruptedException {
    long before = used();
    SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .set("max-names", String.valueOf(2 * names))
            .set("max-bytes", "900m")
            .store(new UniformStore())
            .build();
    try {
      for (int i = 0; i < names; i++) {
        consume(provider.get(nameOf(i)).version());
      }
      long held = used();
      for (int i = 0; i < names; i++) {
        consume(provider.get(nameOf(i)).asString());
      }
      long read = used();
      provider.close();
      closed.add(provider);
      long left = used();
      double each = names;
      return new Provided((held - before) / each, (read - before) / each, (left - before) / each);
    } finally {
      Reference.reachabilityFence(provider);
    }
  }

  private static String nameOf(int i) {
    return String.format(Locale.ROOT, "service/SECRET_%06d", i);
  }

  private static byte[] valueOf(String name) {
    byte[] value = new byte[VALUE_BYTES];
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < value.length; i++) {
      value[i] = text[i % text.length];
    }
    return value;
  }

  private static void consume(String text) {
    if (text.isEmpty()) {
      throw new IllegalStateException("no text of the store is empty");
    }
  }

  /** The heap in use, once a collection after another finds nothing more. */
  private static long used() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      RealPause.millis(20); // for references and whatever else waits for the collector
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** Has a value of the same length for every name, from memory. */
  private static final class UniformStore extends InstantStore {
    @Override
    public StoredSecret fetch(String name) {
      return new StoredSecret(SecretValue.of(valueOf(name)), "1", Instant.EPOCH);
    }
  }
}
