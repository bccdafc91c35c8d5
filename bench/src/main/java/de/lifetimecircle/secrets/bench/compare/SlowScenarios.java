package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What happens now and then: an outage ends, a secret is rotated, another client reads what was
 * written just now. Used once, by one thread.
 */
final class SlowScenarios {
  private static final String SOFT_AGE = "1s";
  private static final long OUTAGE_MILLIS = 1000;
  private static final long PATIENCE_MILLIS = 30_000;
  private static final int VISIBILITY_WARM_UP = 20;
  private static final double MILLIS = 1e6;

  private final WorkerAssignment work;
  private final ComparisonWorker lab;

  SlowScenarios(WorkerAssignment work, ComparisonWorker lab) {
    this.work = work;
    this.lab = lab;
  }

  void go() {
    lab.measure(
        ResultText.measure("visibility"), () -> visibility(SampleSet.of("visibility", "ms")));
    lab.measure(
        ResultText.measure("visibility-late"),
        () -> visibility(SampleSet.of("visibility-late", "%")));
    lab.measure(ResultText.measure("rotation"), this::rotation);
    lab.measure(ResultText.measure("rotation-refresh"), this::rotationByRefresh);
    if (work.subject().isBehindAWire() || work.subject().isLocal()) {
      lab.measure(ResultText.measure("recovery"), this::recovery);
    } else {
      lab.omitted("recovery", "not.away");
    }
    if (work.subject().isBehindAWire()) {
      lab.measure(ResultText.measure("throttle"), () -> new ThrottledReaders(work).measure());
    } else {
      lab.omitted("throttle", work.subject().isLocal() ? "not.limit" : "not.server");
    }
  }

  private int times() {
    return (int) Math.max(1, Math.min(3, work.slotMillis() / 600));
  }

  /** Each put, and the first read of another client that sees it. */
  private SampleSet visibility(SampleSet samples) throws InterruptedException {
    boolean isShare = samples.unit().equals("%");
    int count = isShare ? 10 * times() : 20 * times();
    String name = "visibility/secret";
    try (BackendClient writing = BackendClient.caching(work.subject());
        BackendClient reading = BackendClient.caching(work.subject())) {
      for (int i = 0; i < VISIBILITY_WARM_UP + count; i++) {
        String version = writing.put(name);
        long acknowledged = System.nanoTime();
        int reads = 1;
        while (!reading.provider().refresh(name).version().equals(version)) {
          reads++;
          giveUpAfter(acknowledged, "what was written is not seen");
        }
        double millis = (System.nanoTime() - acknowledged) / MILLIS;
        if (i >= VISIBILITY_WARM_UP) {
          var unused = samples.add(isShare ? (reads > 1 ? 100 : 0) : millis);
        }
      }
    }
    return samples.after("warm.puts", VISIBILITY_WARM_UP).noted(isShare ? "late" : "visibility");
  }

  /** A reader whose provider finds the new versions by itself. */
  private SampleSet rotation() throws InterruptedException {
    SampleSet samples = SampleSet.of("rotation", "ms");
    List<String> names = eight("rotation");
    try (BackendClient writing = BackendClient.caching(work.subject());
        BackendClient reading = BackendClient.refreshing(work.subject(), SOFT_AGE)) {
      names.forEach(writing::put);
      SecretProvider provider = reading.provider();
      names.forEach(provider::require);
      for (int i = 0; i < times(); i++) {
        // Else each put comes at the same moment of the reader's second.
        RealPause.millis(137L * (i + work.round()) % 1000);
        Map<String, String> versions = new HashMap<>();
        Map<String, Long> begun = new HashMap<>();
        for (String name : names) {
          begun.put(name, System.nanoTime());
          versions.put(name, writing.put(name));
        }
        until(begun, samples, name -> provider.get(name).version().equals(versions.get(name)));
      }
    }
    return samples.after("warm.first").noted("rotation", SOFT_AGE);
  }

  private static List<String> eight(String what) {
    return IntStream.range(0, 8).mapToObj(i -> what + "/secret-" + i).toList();
  }

  /** Adds how long it took each name to be as it should be, from a moment of its own. */
  private static void until(Map<String, Long> since, SampleSet samples, Predicate<String> done)
      throws InterruptedException {
    Map<String, Long> waiting = new TreeMap<>(since);
    while (!waiting.isEmpty()) {
      for (String name : List.copyOf(waiting.keySet())) {
        long begun = waiting.getOrDefault(name, 0L);
        if (done.test(name)) {
          var unused = samples.add((System.nanoTime() - begun) / MILLIS);
          waiting.remove(name);
        } else {
          giveUpAfter(begun, "what should be served is not");
        }
      }
      RealPause.nanos(500_000);
    }
  }

  /** A reader that refreshes, as after a refused login. */
  private SampleSet rotationByRefresh() throws InterruptedException {
    SampleSet samples = SampleSet.of("rotation", "ms").by("provider-refresh");
    String name = "rotation/secret";
    try (BackendClient writing = BackendClient.caching(work.subject());
        BackendClient reading = BackendClient.caching(work.subject())) {
      var unused = writing.put(name);
      SecretProvider provider = reading.provider();
      for (int i = 0; i < VISIBILITY_WARM_UP + 10 * times(); i++) {
        long begun = System.nanoTime();
        String version = writing.put(name);
        while (!provider.refresh(name).version().equals(version)) {
          giveUpAfter(begun, "the new version is not served");
        }
        if (i >= VISIBILITY_WARM_UP) {
          samples = samples.add((System.nanoTime() - begun) / MILLIS);
        }
      }
    }
    return samples.after("warm.rotations", VISIBILITY_WARM_UP).noted("rotation.refresh");
  }

  /** From the end of an outage until a running reader serves what was read after it. */
  private SampleSet recovery() throws InterruptedException {
    SampleSet samples = SampleSet.of("recovery", "ms");
    List<String> names = BackendClient.names(8);
    try (ServerOutage outage = ServerOutage.of(work.subject());
        BackendClient client = BackendClient.refreshing(outage.subject(), SOFT_AGE)) {
      SecretProvider provider = client.provider();
      names.forEach(provider::require);
      for (int i = 0; i < times(); i++) {
        outage.begin().run();
        pass(OUTAGE_MILLIS + 211L * (i + work.round()) % 500, provider, names);
        outage.end().run();
        Instant end = InstantSource.system().instant();
        long ended = System.nanoTime();
        Map<String, Long> since = new HashMap<>();
        names.forEach(name -> since.put(name, ended));
        until(since, samples, name -> isReadSince(provider, name, end));
      }
    }
    return samples
        .after("warm.first")
        .noted(
            "recovery",
            ResultText.rounded(OUTAGE_MILLIS / 1000.0, 1),
            ResultText.rounded(OUTAGE_MILLIS / 1000.0 + 0.5, 1));
  }

  /** A reader continues meanwhile, with the cached values. */
  private static void pass(long millis, SecretProvider provider, List<String> names)
      throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      for (String name : names) {
        var unused = isReadSince(provider, name, Instant.MAX);
      }
      RealPause.millis(10);
    }
  }

  private static boolean isReadSince(SecretProvider provider, String name, Instant since) {
    try {
      Secret secret = provider.get(name);
      return !secret.fetchedAt().isBefore(since);
    } catch (SecretException e) {
      return false; // it has not come back for this reader
    }
  }

  private static void giveUpAfter(long begun, String what) {
    if (System.nanoTime() - begun > PATIENCE_MILLIS * MILLIS) {
      throw new IllegalStateException(what + " within " + PATIENCE_MILLIS / 1000 + " s");
    }
  }
}
