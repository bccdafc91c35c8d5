package de.lifetimecircle.secrets.internal.metrics;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderMXBean;
import de.lifetimecircle.secrets.SecretStats;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Shows the figures of a provider as a bean of the platform's MBean server: {@code
 * de.lifetimecircle.secrets:type=SecretProvider,scheme=…,id=…}. Written out instead of made from
 * the list of meters, because the interface gives each attribute its type, and programs use the
 * interface to read the bean.
 */
public final class JmxMetrics implements SecretMetrics, SecretProviderMXBean {
  private static final System.Logger LOG = System.getLogger(SecretProvider.class.getName());
  private static final AtomicInteger LAST_ID = new AtomicInteger();

  private final String scheme;
  private @Nullable ObjectName registered;
  private volatile @Nullable Supplier<SecretStats> stats;

  public JmxMetrics(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public synchronized void opened(Supplier<SecretStats> source) {
    stats = source;
    try {
      registered = register();
    } catch (JMException e) {
      LOG.log(System.Logger.Level.WARNING, "Cannot register the figures with JMX", e);
    }
  }

  /** Under the next free number: the library in another class loader counts from 1 as well. */
  private ObjectName register() throws JMException {
    while (true) {
      ObjectName name =
          new ObjectName(
              "de.lifetimecircle.secrets:type=SecretProvider,scheme="
                  + scheme
                  + ",id="
                  + LAST_ID.incrementAndGet());
      try {
        ManagementFactory.getPlatformMBeanServer().registerMBean(this, name);
        return name;
      } catch (InstanceAlreadyExistsException taken) {
        // The next number may be free.
      }
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

  @Override
  public Map<String, Long> getReads() {
    return byText(now().reads());
  }

  @Override
  public long getLoads() {
    return now().loads();
  }

  @Override
  public long getRefreshes() {
    return now().refreshes();
  }

  @Override
  public Map<String, Long> getFailures() {
    return byText(now().failures());
  }

  @Override
  public long getBackendCalls() {
    return now().backendCalls();
  }

  @Override
  public double getEstimatedCost() {
    return now().estimatedCost();
  }

  @Override
  public int getNames() {
    return now().names();
  }

  @Override
  public long getBytes() {
    return now().bytes();
  }

  @Override
  public long getOldestAgeSeconds() {
    return now().oldest().orElse(Duration.ZERO).toSeconds();
  }

  @Override
  public int getStale() {
    return now().stale();
  }

  @Override
  public long getOldestStaleSeconds() {
    return now().oldestStale().orElse(Duration.ZERO).toSeconds();
  }

  @Override
  public long getMaxStaleSeconds() {
    return now().maxStale().toSeconds();
  }

  @Override
  public long getOldestVersionSeconds() {
    return now().oldestVersion().orElse(Duration.ZERO).toSeconds();
  }

  @Override
  public long getRotations() {
    return now().rotations();
  }

  @Override
  public long getEvicted() {
    return now().evicted();
  }

  @Override
  public long getForeignFailures() {
    return now().foreignFailures();
  }

  private SecretStats now() {
    return Objects.requireNonNull(stats, "known before this is registered").get();
  }

  private static Map<String, Long> byText(Map<? extends Enum<?>, Long> counts) {
    Map<String, Long> byText = new TreeMap<>();
    for (Map.Entry<? extends Enum<?>, Long> each : counts.entrySet()) {
      byText.put(each.getKey().name(), each.getValue());
    }
    return byText;
  }
}
