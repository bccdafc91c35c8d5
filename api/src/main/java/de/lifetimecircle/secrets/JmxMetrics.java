package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.SecretMetrics;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Shows the figures of a provider as a bean of the platform's MBean server: {@code
 * de.lifetimecircle.secrets:type=SecretProvider,scheme=…,id=…}.
 */
final class JmxMetrics implements SecretMetrics {
  private static final System.Logger LOG = System.getLogger(SecretProvider.class.getName());
  private static final AtomicInteger LAST_ID = new AtomicInteger();

  private final String scheme;
  private @Nullable ObjectName registered;

  JmxMetrics(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public synchronized void opened(Supplier<SecretStats> stats) {
    try {
      ObjectName name =
          new ObjectName(
              "de.lifetimecircle.secrets:type=SecretProvider,scheme="
                  + scheme
                  + ",id="
                  + LAST_ID.incrementAndGet());
      ManagementFactory.getPlatformMBeanServer().registerMBean(new Bean(stats), name);
      registered = name;
    } catch (JMException e) {
      LOG.log(System.Logger.Level.WARNING, "Cannot register the figures with JMX", e);
    }
  }

  @Override
  public synchronized void closed() {
    if (registered != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(registered);
      } catch (JMException e) {
        LOG.log(System.Logger.Level.WARNING, "Cannot take the figures out of JMX", e);
      }
      registered = null;
    }
  }

  private static final class Bean implements SecretProviderMXBean {
    private final Supplier<SecretStats> stats;

    Bean(Supplier<SecretStats> stats) {
      this.stats = stats;
    }

    @Override
    public Map<String, Long> getReads() {
      return byText(stats.get().reads());
    }

    @Override
    public long getLoads() {
      return stats.get().loads();
    }

    @Override
    public long getRefreshes() {
      return stats.get().refreshes();
    }

    @Override
    public Map<String, Long> getFailures() {
      return byText(stats.get().failures());
    }

    @Override
    public long getBackendCalls() {
      return stats.get().backendCalls();
    }

    @Override
    public double getEstimatedCost() {
      return stats.get().estimatedCost();
    }

    @Override
    public int getNames() {
      return stats.get().names();
    }

    @Override
    public long getBytes() {
      return stats.get().bytes();
    }

    @Override
    public long getOldestAgeSeconds() {
      return stats.get().oldest().map(Duration::toSeconds).orElse(0L);
    }

    @Override
    public long getEvicted() {
      return stats.get().evicted();
    }

    @Override
    public long getForeignFailures() {
      return stats.get().foreignFailures();
    }

    private static Map<String, Long> byText(Map<? extends Enum<?>, Long> counts) {
      Map<String, Long> byText = new TreeMap<>();
      counts.forEach((constant, count) -> byText.put(constant.name(), count));
      return byText;
    }
  }
}
