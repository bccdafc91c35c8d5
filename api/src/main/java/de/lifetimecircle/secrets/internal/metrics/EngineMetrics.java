package de.lifetimecircle.secrets.internal.metrics;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretMetrics.Purpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the work of one provider, and passes the figures on to the service's own metrics.
 *
 * <p>Safe for use by several threads, never blocks. Reads that the cache answers at once come here
 * only when the metrics want them.
 */
public final class EngineMetrics {
  /** Those of the service; usually none, and then no code is made at run time to tell them. */
  private final List<SecretMetrics> metrics;

  /** Those of them that also want the reads that the cache answers. */
  private final List<SecretMetrics> ofCachedReads = new ArrayList<>();

  private final String scheme;
  private final double dollarsPerCall;
  private final Map<Secret.Origin, LongAdder> reads = counters(Secret.Origin.class);
  private final Map<SecretException.Kind, LongAdder> failures =
      counters(SecretException.Kind.class);
  private final LongAdder loads = new LongAdder();
  private final LongAdder refreshes = new LongAdder();
  private final LongAdder calls = new LongAdder();
  private final LongAdder rotations = new LongAdder();
  private final LongAdder evicted = new LongAdder();
  private final LongAdder foreignFailures = new LongAdder();
  private final AtomicBoolean hasReported = new AtomicBoolean();
  private final AtomicBoolean hasReportedDefect = new AtomicBoolean();

  public EngineMetrics(List<SecretMetrics> metrics, String scheme, double dollarsPerCall) {
    this.metrics = List.copyOf(metrics);
    for (SecretMetrics each : metrics) {
      if (each.wantsCachedReads()) {
        ofCachedReads.add(each);
      }
    }
    this.scheme = scheme;
    this.dollarsPerCall = dollarsPerCall;
  }

  /** A counter for each constant; the map itself is never changed again. */
  private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> type) {
    Map<E, LongAdder> counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counters.put(constant, new LongAdder());
    }
    return counters;
  }

  private static <E extends Enum<E>> Map<E, Long> sums(Map<E, LongAdder> counters) {
    Map<E, Long> sums = new TreeMap<>();
    for (Map.Entry<E, LongAdder> each : counters.entrySet()) {
      sums.put(each.getKey(), each.getValue().sum());
    }
    return sums;
  }

  private static <E> void count(Map<E, LongAdder> counters, E constant) {
    Objects.requireNonNull(counters.get(constant), "every constant has one").increment();
  }

  public boolean wantsCachedReads() {
    return !ofCachedReads.isEmpty();
  }

  /** Counts a read; returns its answer. */
  public Secret read(Secret answer) {
    Secret.Origin origin = answer.origin();
    count(reads, origin);
    if (!metrics.isEmpty()) {
      boolean ofCache = origin == Secret.Origin.CACHE || origin == Secret.Origin.STALE;
      tell(ofCache ? ofCachedReads : metrics, to -> to.read(origin));
    }
    return answer;
  }

  /** Counts a call of the store. */
  public void called() {
    calls.increment();
  }

  /** Counts a current version that was replaced by another one. */
  public void rotated() {
    rotations.increment();
  }

  public void evicted() {
    evicted.increment();
  }

  public void foreignFailure() {
    foreignFailures.increment();
  }

  /**
   * A load begins, on this thread. Returns a consumer of its end, with null for a success; returns
   * null if nothing wants to know.
   */
  public @Nullable Consumer<@Nullable SecretException> recording(String name, Purpose purpose) {
    Consumer<@Nullable SecretException> recorder = flightRecorder(name, purpose);
    if (metrics.isEmpty()) {
      return recorder;
    }
    List<Consumer<Optional<SecretException.Kind>>> ends = new ArrayList<>(metrics.size());
    tell(metrics, to -> ends.add(Objects.requireNonNull(to.loading(name, purpose))));
    return error -> {
      if (recorder != null) {
        tell(List.of(recorder), to -> to.accept(error));
      }
      Optional<SecretException.Kind> failure = kind(error);
      tell(ends, end -> end.accept(failure));
    };
  }

  /** Null unless one runs. A failure of it must not keep the load from being begun. */
  private @Nullable Consumer<@Nullable SecretException> flightRecorder(
      String name, Purpose purpose) {
    try {
      return LoadRecorder.load(scheme, name, purpose);
    } catch (RuntimeException | Error e) {
      foreignFailures.increment();
      return null;
    }
  }

  private static Optional<SecretException.Kind> kind(@Nullable SecretException error) {
    return Optional.ofNullable(error).map(SecretException::kind);
  }

  /** Counts a load that has ended, with null for a success. */
  public void loaded(String name, Purpose purpose, long begun, @Nullable SecretException error) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    (purpose == Purpose.READ ? loads : refreshes).increment();
    if (error != null) {
      count(failures, error.kind());
    }
    if (!metrics.isEmpty()) {
      Optional<SecretException.Kind> failure = kind(error);
      tell(metrics, to -> to.loaded(name, purpose, took, failure));
    }
  }

  /** This provider is open. */
  public void opened(SecretProvider provider) {
    if (!metrics.isEmpty()) {
      tell(metrics, to -> to.opened(scheme, provider::stats));
    }
  }

  /** The provider is closed. */
  public void closed() {
    if (!metrics.isEmpty()) {
      tell(metrics, SecretMetrics::closed);
    }
  }

  private <M> void tell(List<M> all, Consumer<M> news) {
    for (M to : all) {
      try {
        news.accept(to);
      } catch (Throwable e) { // foreign code: whatever it throws, reads and loads go on
        foreignFailures.increment();
        report(e);
      }
    }
  }

  /** Logs the first failure: metrics that fail usually do so at each load. */
  private void report(Throwable failure) {
    if (hasReported.compareAndSet(false, true)) {
      // Its text is left out: metrics in code may have read the secret and put it there.
      warn(
          "The metrics failed with {0}, so they miss figures. Fix the metrics. Further failures are"
              + " only counted.",
          failure.getClass());
    }
  }

  /** Counts an error in the work of the provider's own threads, and reports the first one. */
  public void defect(Class<?> failure) {
    foreignFailures.increment();
    if (hasReportedDefect.compareAndSet(false, true)) {
      warn(
          "The background work of the secret provider failed with {0}, and is done again. If it is"
              + " an OutOfMemoryError, give the process more memory. Further failures are only"
              + " counted.",
          failure);
    }
  }

  private void warn(String text, Class<?> failure) {
    try {
      System.getLogger(SecretProvider.class.getName())
          .log(System.Logger.Level.WARNING, text, failure.getName());
    } catch (RuntimeException | Error e) { // a logger is foreign code, too
      foreignFailures.increment();
    }
  }

  /** Returns the counts, with the cache's figures and, if the store counts them, its requests. */
  public SecretStats stats(OptionalLong requests, CacheStats held, Duration maxStale) {
    Map<Secret.Origin, Long> byOrigin = sums(reads);
    if (!wantsCachedReads()) { // only those that took the slow way are known
      byOrigin.remove(Secret.Origin.CACHE);
      byOrigin.remove(Secret.Origin.STALE);
    }
    Map<SecretException.Kind, Long> byKind = sums(failures);
    byKind.values().removeAll(Set.of(0L));
    long backendCalls = requests.orElse(calls.sum());
    return new SecretStats(
        byOrigin,
        loads.sum(),
        refreshes.sum(),
        byKind,
        backendCalls,
        backendCalls * dollarsPerCall,
        held.names(),
        held.bytes(),
        held.oldest(),
        held.stale(),
        held.oldestStale(),
        maxStale,
        held.oldestVersion(),
        rotations.sum(),
        evicted.sum(),
        foreignFailures.sum());
  }
}
