package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A figure of {@link SecretStats} that every system for metrics shows under the same name. All of
 * them are shown with one loop in {@link SecretMetrics#opened(java.util.function.Supplier)}:
 *
 * <pre>{@code
 * Map<String, Supplier<Number>> gauges = new LinkedHashMap<>(); // your system for metrics
 * SecretMetrics metrics =
 *     new SecretMetrics() {
 *       @Override
 *       public void opened(Supplier<SecretStats> stats) {
 *         for (SecretFigure figure : SecretFigure.values()) {
 *           gauges.put(figure.meter(), () -> figure.of(stats.get()));
 *         }
 *       }
 *     };
 * }</pre>
 *
 * <p>Loads are not among them, because each of them is reported to {@link SecretMetrics#loaded}.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
public enum SecretFigure {
  /** {@link SecretStats#names}. */
  CACHED(
      "secrets.cached", Kind.LEVEL, "{answer}", "Answers that the cache holds", SecretStats::names),
  /** {@link SecretStats#bytes}. */
  BYTES(
      "secrets.bytes",
      Kind.LEVEL,
      "By",
      "Bytes of the values that the cache holds",
      SecretStats::bytes),
  /** {@link SecretStats#stale}. */
  STALE(
      "secrets.stale",
      Kind.LEVEL,
      "{secret}",
      "Names served past their age because the backend fails",
      SecretStats::stale),
  /** {@link SecretStats#oldest}. */
  OLDEST_AGE("secrets.oldest.age", "Age of the oldest answer held", SecretStats::oldest),
  /** {@link SecretStats#oldestStale}. */
  STALE_AGE(
      "secrets.stale.age",
      "Age of the oldest answer served because the backend fails",
      SecretStats::oldestStale),
  /** {@link SecretStats#maxStale}. */
  MAX_STALE(
      "secrets.max.stale",
      "Age at which an answer is no longer served",
      stats -> Optional.of(stats.maxStale())),
  /** {@link SecretStats#oldestVersion}. */
  VERSION_AGE(
      "secrets.version.age",
      "Time since the backend made the oldest current version held",
      SecretStats::oldestVersion),
  /** {@link SecretStats#backendCalls}. */
  BACKEND_CALLS(
      "secrets.backend.calls",
      Kind.COUNTER,
      "{request}",
      "Requests to the backend, retries included",
      SecretStats::backendCalls),
  /** {@link SecretStats#estimatedCost}. */
  COST(
      "secrets.cost",
      Kind.COST,
      "{USD}",
      "Requests to the backend times their list price",
      SecretStats::estimatedCost),
  /** {@link SecretStats#rotations}. */
  ROTATIONS(
      "secrets.rotations",
      Kind.COUNTER,
      "{rotation}",
      "Current versions that were replaced by another one",
      SecretStats::rotations),
  /** {@link SecretStats#evicted}. */
  EVICTIONS(
      "secrets.evictions",
      Kind.COUNTER,
      "{answer}",
      "Answers dropped to make room",
      SecretStats::evicted),
  /** {@link SecretStats#foreignFailures}. */
  CALLBACK_FAILURES(
      "secrets.callback.failures",
      Kind.COUNTER,
      "{failure}",
      "Calls of listeners and metrics that threw",
      SecretStats::foreignFailures),
  /** {@link SecretStats#failures}. */
  FAILURES(
      "secrets.failures",
      Kind.FAILURES,
      "{failure}",
      "Loads that failed",
      SecretFigure::allFailures);

  /** How a figure changes, which decides the kind of its meter. */
  public enum Kind {
    /** A whole number that rises and falls. */
    LEVEL,
    /**
     * A time in seconds, a decimal number. It is 0 where there is none, because a gauge without a
     * number breaks sums and alerts.
     */
    AGE,
    /** A whole number that only grows. */
    COUNTER,
    /** An amount of money, a decimal number that only grows. */
    COST,
    /** A counter for each {@link SecretException.Kind}. */
    FAILURES
  }

  private final String meter;
  private final Kind kind;
  private final String unit;
  private final String description;
  private final Function<SecretStats, Number> value;

  SecretFigure(
      String meter,
      Kind kind,
      String unit,
      String description,
      Function<SecretStats, Number> value) {
    this.meter = meter;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.value = value;
  }

  /** Makes an age. */
  SecretFigure(
      String meter, String description, Function<SecretStats, Optional<Duration>> duration) {
    this(meter, Kind.AGE, "s", description, stats -> seconds(duration.apply(stats)));
  }

  /**
   * The name of its meter.
   *
   * @return lower-case words with dots between them, such as {@code secrets.backend.calls}
   */
  public String meter() {
    return meter;
  }

  /**
   * The way in which it changes, which selects the type of the meter.
   *
   * @return a gauge for {@code LEVEL} and {@code AGE}; a counter for the others
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Its unit as UCUM and OpenTelemetry write it.
   *
   * @return {@code s} for seconds, {@code By} for bytes, or a word in braces such as {@code {USD}}
   */
  public String unit() {
    return unit;
  }

  /**
   * Its meaning for people.
   *
   * @return a few words without a full stop
   */
  public String description() {
    return description;
  }

  /**
   * Reads its value from a snapshot.
   *
   * @param stats the figures of one moment
   * @return a {@code Double} for ages and costs, else a whole number; of {@link #FAILURES} the sum
   *     of all kinds
   */
  public Number of(SecretStats stats) {
    return value.apply(stats);
  }

  private static double seconds(Optional<Duration> age) {
    return age.orElse(Duration.ZERO).toNanos() / 1e9;
  }

  private static long allFailures(SecretStats stats) {
    return stats.failures().values().stream().mapToLong(Long::longValue).sum();
  }
}
