package de.lifetimecircle.secrets.internal.metrics;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the log of the JDK ({@link System.Logger} {@code de.lifetimecircle.secrets.metrics}):
 * each failed load as a warning, each load at DEBUG, the figures at the end.
 */
public final class LogMetrics implements SecretMetrics {
  private static final System.Logger LOG = System.getLogger("de.lifetimecircle.secrets.metrics");

  private volatile @Nullable Supplier<SecretStats> stats;

  @Override
  public void opened(Supplier<SecretStats> snapshot) {
    this.stats = snapshot;
  }

  @Override
  public void loaded(
      String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {
    System.Logger.Level level =
        failure.isPresent() ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
    String outcome = failure.isPresent() ? "failed with " + failure.get() : "succeeded";
    LOG.log(level, "{0} of secret {1} {2} after {3} ms", purpose, name, outcome, took.toMillis());
  }

  @Override
  public void closed() {
    Supplier<SecretStats> last = stats;
    LOG.log(System.Logger.Level.INFO, "Closed: {0}", last == null ? "never opened" : last.get());
  }
}
