package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.SecretMetrics;
import java.util.function.Supplier;

/**
 * Writes to the log of the JDK ({@link System.Logger}, named as this package) what a person on call
 * looks for: each failed load as a warning, each load at DEBUG, the figures at the end.
 */
final class LogMetrics implements SecretMetrics {
  private static final System.Logger LOG = System.getLogger("de.lifetimecircle.secrets.metrics");

  private volatile Supplier<SecretStats> stats = () -> null;

  @Override
  public void opened(Supplier<SecretStats> snapshot) {
    this.stats = snapshot;
  }

  @Override
  public void loaded(Load load) {
    if (load.failure().isPresent()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} of secret {1} failed after {2} ms: {3}",
          load.purpose(),
          load.name(),
          load.took().toMillis(),
          load.failure().get());
    } else {
      LOG.log(
          System.Logger.Level.DEBUG,
          "{0} of secret {1} took {2} ms",
          load.purpose(),
          load.name(),
          load.took().toMillis());
    }
  }

  @Override
  public void closed() {
    LOG.log(System.Logger.Level.INFO, "Closed: {0}", stats.get());
  }
}
