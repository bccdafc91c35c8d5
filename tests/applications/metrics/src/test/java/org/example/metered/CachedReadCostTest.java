package org.example.metered;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.testkit.FakeStore;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A read that the cache answers, with and without metrics, in turns: the fastest round counts. */
@Tag("full")
class CachedReadCostTest {
  private static final String NAME = "LTC_SECRET_KEY";

  /** Half a millisecond, so that some rounds end before another process gets the core. */
  private static final int READS = 100_000;

  private static final int ROUNDS = 600;

  /** The fastest rounds differ by as much without any metrics, if the machine has other work. */
  private static final double NOISE = 1.25;

  private static final ThreadMXBean THREADS =
      (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private int unused;

  private SecretProvider provider(String metrics) {
    SecretProvider provider =
        SecretProvider.builder()
            .store(FakeStore.create().holding(NAME, "for this test"))
            .set("overrides", "off")
            .set("metrics", metrics)
            .build();
    provider.require(NAME);
    return provider;
  }

  private long read(SecretProvider provider) {
    long begun = System.nanoTime();
    for (int i = 0; i < READS; i++) {
      unused += provider.get(NAME).version().length();
    }
    return System.nanoTime() - begun;
  }

  private long garbage(SecretProvider provider) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    read(provider);
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void metricsAddNothing() {
    Metrics.addRegistry(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    try (SecretProvider plain = provider("none");
        SecretProvider metered = provider("micrometer")) {
      for (int i = 0; i < ROUNDS; i++) { // until both are compiled
        read(plain);
        read(metered);
      }
      long fastestPlain = Long.MAX_VALUE;
      long fastestMetered = Long.MAX_VALUE;
      for (int i = 0; i < ROUNDS; i++) {
        fastestPlain = Math.min(fastestPlain, read(plain));
        fastestMetered = Math.min(fastestMetered, read(metered));
      }
      Figures.add(
          String.format(
              Locale.ROOT,
              "cached read: %.1f ns without metrics, %.1f ns with Micrometer",
              (double) fastestPlain / READS,
              (double) fastestMetered / READS));
      assertThat((double) fastestMetered).isLessThan(NOISE * fastestPlain);
      assertThat(garbage(metered)).as("bytes of garbage in all reads").isLessThan(READS / 100);
      assertThat(unused).isPositive();
    }
  }
}
