package de.lifetimecircle.secrets.opentelemetry;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the figures of one provider as metrics of OpenTelemetry, and each load that a reader waits
 * for as a span; docs/metrics.md lists them.
 *
 * <pre>{@code
 * SecretProvider.builder().metrics(new SecretTelemetry(openTelemetry)).build();
 * }</pre>
 *
 * <p>The span is a child of the span in which the first of the waiting readers is. Neither a span
 * nor a metric names a secret, unless it is on the list of allowed names.
 *
 * <p>Safe for use by several threads. Never asks the backend; reads that the cache answers do not
 * come here. When the provider is closed, its metrics end.
 */
public final class SecretTelemetry implements SecretMetrics {
  /** How many loads are kept while there is no OpenTelemetry. */
  static final int BACKLOG = 1_000;

  /** A load that has ended. */
  private record Load(
      String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {}

  private final Supplier<Optional<OpenTelemetry>> openTelemetry;
  private final Set<String> names;

  /** The instruments, from the time at which both the provider and OpenTelemetry are there. */
  private volatile @Nullable Instruments instruments;

  // Guarded by this.
  private final Queue<Load> backlog = new ArrayDeque<>();
  private @Nullable String backend;
  private @Nullable Supplier<SecretStats> stats;

  /** Refused providers that are still open. Each of them calls {@link #closed} in the end. */
  private int refused;

  /** Makes metrics and spans that name no secret. */
  public SecretTelemetry(OpenTelemetry openTelemetry) {
    this(openTelemetry, Set.of());
  }

  /**
   * Makes metrics and spans with the attribute {@code secrets.name}.
   *
   * @param names the names that may be its value; the others have no such attribute. Names tell a
   *     reader of the metrics what a service holds, and each is a time series of its own.
   */
  public SecretTelemetry(OpenTelemetry openTelemetry, Collection<String> names) {
    this(() -> Optional.of(openTelemetry), names);
  }

  /** Takes OpenTelemetry from the supplier, as soon as it has one. */
  SecretTelemetry(Supplier<Optional<OpenTelemetry>> openTelemetry, Collection<String> names) {
    this.openTelemetry = openTelemetry;
    this.names = Set.copyOf(names);
  }

  @Override
  public synchronized void opened(String scheme, Supplier<SecretStats> snapshot) {
    if (stats != null) {
      refused++;
      throw new IllegalStateException(
          "Cannot show two providers with one SecretTelemetry. Make one for each provider.");
    }
    backend = scheme;
    stats = snapshot;
    var unused = instruments();
  }

  /** Null as long as there is no OpenTelemetry. */
  private @Nullable Instruments instruments() {
    Instruments known = instruments;
    return known != null ? known : makeInstruments();
  }

  private synchronized @Nullable Instruments makeInstruments() {
    Supplier<SecretStats> figures = stats;
    String scheme = backend;
    if (instruments == null && figures != null && scheme != null) {
      openTelemetry
          .get()
          .ifPresent(present -> instruments = Instruments.open(present, scheme, names, figures));
      flush();
    }
    return instruments;
  }

  private void flush() {
    Instruments present = instruments;
    while (present != null && !backlog.isEmpty()) {
      Load load = backlog.remove();
      present.loaded(load.name, load.purpose, load.took, load.failure);
    }
  }

  @Override
  public Consumer<Optional<SecretException.Kind>> loading(String name, Purpose purpose) {
    Instruments present = purpose == Purpose.READ ? instruments() : null;
    return present == null ? failure -> {} : present.span(name);
  }

  @Override
  public void loaded(
      String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {
    Instruments present = instruments();
    if (present != null) {
      present.loaded(name, purpose, took, failure);
      return;
    }
    synchronized (this) {
      if (backlog.size() == BACKLOG) {
        backlog.remove();
      }
      backlog.add(new Load(name, purpose, took, failure));
      flush(); // in case that another thread made the instruments in between
    }
  }

  @Override
  public synchronized void closed() {
    if (refused > 0) { // a close does not say whose it is
      refused--;
      return;
    }
    Instruments last = instruments;
    if (last != null) {
      last.close();
    }
    instruments = null;
    stats = null;
    backlog.clear();
  }
}
