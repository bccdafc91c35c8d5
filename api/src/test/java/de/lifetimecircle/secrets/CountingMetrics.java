package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Metrics on the class path, with a setting. */
public final class CountingMetrics implements SecretMetricsFactory {
  static final AtomicInteger OPENED = new AtomicInteger();

  @Override
  public String word() {
    return "counting";
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(ConfigKey.of("names", "Which names.").withStandard("none"));
  }

  @Override
  public SecretMetrics create(String scheme, StoreConfig settings) {
    ConfigProblems problems = new ConfigProblems();
    if (settings.get("names").orElse("").equals("wrong")) {
      problems.add("counting.names: wrong (expected: right)");
    }
    problems.throwIfAny();
    return new SecretMetrics() {
      @Override
      public void opened(Supplier<SecretStats> stats) {
        OPENED.incrementAndGet();
      }
    };
  }

  /** Another jar that claims the same word. */
  public static final class SameWord implements SecretMetricsFactory {
    @Override
    public String word() {
      return "counting";
    }

    @Override
    public SecretMetrics create(String scheme, StoreConfig settings) {
      return new SecretMetrics() {};
    }
  }
}
