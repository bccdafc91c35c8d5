package de.lifetimecircle.secrets.micrometer;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the figures of one provider as meters of Micrometer, named {@code secrets.…};
 * docs/metrics.md lists them. Give one object both to the provider and to the registry, in any
 * order:
 *
 * <pre>{@code
 * SecretMeters meters = new SecretMeters();
 * SecretProvider secrets = SecretProvider.builder().metrics(meters).build();
 * meters.bindTo(registry);
 * }</pre>
 *
 * <p>The meters begin with the figures from before the binding, because totals and gauges are read
 * from {@link SecretStats} and the last 1,000 loads are kept for the timer until a registry takes
 * them. Each look at one meter takes a snapshot, which takes time that grows with the number of
 * names. When the provider is closed, all of its meters are removed.
 *
 * <p>Safe for use by several threads. Never asks the backend; reads that the cache answers do not
 * come here.
 */
public final class SecretMeters implements SecretMetrics, MeterBinder {
  /** How many loads are kept while there is no registry. */
  static final int BACKLOG = 1_000;

  /** The provider's figures, once it is open. */
  private record Source(String backend, Supplier<SecretStats> stats) {}

  private final Set<String> names;

  // Guarded by this.
  private final List<ProviderMeters> bound = new ArrayList<>();
  private final List<MeterRegistry> registries = new ArrayList<>();
  private final Queue<EndedLoad> backlog = new ArrayDeque<>();
  private @Nullable Source source;

  /** Refused providers that are still open. Each of them calls {@link #closed} in the end. */
  private int refused;

  /** Makes meters that name no secret. */
  public SecretMeters() {
    this(Set.of());
  }

  /**
   * Makes meters whose timer has a tag for the secret.
   *
   * @param names the names that may be the tag; all others are {@code other}. Names tell a reader
   *     of the metrics what a service holds, and each is a time series of its own.
   */
  public SecretMeters(Collection<String> names) {
    this.names = Set.copyOf(names);
  }

  /**
   * Adds the meters to a registry, at once if the provider is open, otherwise when it is opened.
   * Changes nothing if the registry has them: Spring Boot binds each bean that is a {@code
   * MeterBinder}, and the program may bind it, too.
   */
  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    if (registries.contains(registry)) {
      return;
    }
    registries.add(registry);
    if (source != null) {
      bound.add(new ProviderMeters(registry, source.backend, names, this::figures));
      flush();
    }
  }

  @Override
  public synchronized void opened(String scheme, Supplier<SecretStats> stats) {
    if (source != null) {
      refused++;
      throw new IllegalStateException(
          "Cannot show two providers with one SecretMeters. Make one for each provider.");
    }
    source = new Source(scheme, stats);
    for (MeterRegistry registry : registries) {
      bound.add(new ProviderMeters(registry, scheme, names, this::figures));
    }
  }

  @Override
  public synchronized void loaded(
      String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {
    if (backlog.size() == BACKLOG) {
      backlog.remove();
    }
    backlog.add(new EndedLoad(name, purpose, took, failure));
    flush();
  }

  /** Gives the loads to the registries, if one of them keeps anything yet. */
  private void flush() {
    boolean isReady = false;
    for (ProviderMeters meters : bound) {
      isReady |= meters.isReady();
    }
    while (isReady && !backlog.isEmpty()) {
      EndedLoad load = backlog.remove();
      for (ProviderMeters meters : bound) {
        meters.loaded(load);
      }
    }
  }

  /** A snapshot for a registry that people look at, so one that keeps what it gets. */
  private Optional<SecretStats> figures() {
    Source open;
    synchronized (this) {
      flush();
      open = source;
    }
    return open == null ? Optional.empty() : Optional.of(open.stats.get());
  }

  @Override
  public synchronized void closed() {
    if (refused > 0) { // a close does not say whose it is
      refused--;
      return;
    }
    for (ProviderMeters meters : bound) {
      meters.remove();
    }
    bound.clear();
    backlog.clear();
    source = null;
  }
}
