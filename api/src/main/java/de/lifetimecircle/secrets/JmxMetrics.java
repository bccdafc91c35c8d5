package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.SecretMetrics;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Shows the figures of a provider as a bean of the platform's MBean server: {@code
 * de.lifetimecircle.secrets:type=SecretProvider,scheme=…,id=…}. Nothing can be changed through it.
 */
final class JmxMetrics implements SecretMetrics, DynamicMBean {
  private static final System.Logger LOG = System.getLogger(SecretProvider.class.getName());
  private static final AtomicInteger LAST_ID = new AtomicInteger();

  /** Each attribute with how it is read from a snapshot. */
  private static final Map<String, Function<SecretStats, Number>> ATTRIBUTES = attributes();

  private final String scheme;
  private @Nullable ObjectName registered;
  private volatile @Nullable Supplier<SecretStats> stats;

  JmxMetrics(String scheme) {
    this.scheme = scheme;
  }

  private static Map<String, Function<SecretStats, Number>> attributes() {
    Map<String, Function<SecretStats, Number>> attributes = new LinkedHashMap<>();
    for (Secret.Origin origin : Secret.Origin.values()) {
      if (origin != Secret.Origin.CACHE && origin != Secret.Origin.STALE) { // not counted for JMX
        attributes.put("Reads" + words(origin), stats -> stats.reads().getOrDefault(origin, 0L));
      }
    }
    attributes.put("Loads", SecretStats::loads);
    attributes.put("Refreshes", SecretStats::refreshes);
    for (SecretException.Kind kind : SecretException.Kind.values()) {
      attributes.put("Failed" + words(kind), stats -> stats.failures().getOrDefault(kind, 0L));
    }
    attributes.put("BackendCalls", SecretStats::backendCalls);
    attributes.put("EstimatedCostDollars", SecretStats::estimatedCost);
    attributes.put("Names", SecretStats::names);
    attributes.put("Bytes", SecretStats::bytes);
    attributes.put("OldestAgeSeconds", stats -> stats.oldest().map(Duration::toSeconds).orElse(0L));
    attributes.put("Evicted", SecretStats::evicted);
    attributes.put("ForeignFailures", SecretStats::foreignFailures);
    return attributes;
  }

  /** {@code NOT_FOUND} as {@code NotFound}. */
  private static String words(Enum<?> constant) {
    StringBuilder words = new StringBuilder();
    boolean first = true;
    for (char c : constant.name().toCharArray()) {
      if (c == '_') {
        first = true;
      } else {
        words.append(first ? c : Character.toLowerCase(c));
        first = false;
      }
    }
    return words.toString();
  }

  @Override
  public synchronized void opened(Supplier<SecretStats> snapshot) {
    stats = snapshot;
    try {
      ObjectName name =
          new ObjectName(
              "de.lifetimecircle.secrets:type=SecretProvider,scheme="
                  + scheme
                  + ",id="
                  + LAST_ID.incrementAndGet());
      ManagementFactory.getPlatformMBeanServer().registerMBean(this, name);
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

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    Function<SecretStats, Number> read = ATTRIBUTES.get(attribute);
    Supplier<SecretStats> snapshot = stats;
    if (read == null || snapshot == null) {
      throw new AttributeNotFoundException(attribute);
    }
    return read.apply(snapshot.get());
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    AttributeList list = new AttributeList();
    Supplier<SecretStats> supplier = stats;
    if (supplier != null) {
      SecretStats snapshot = supplier.get(); // one for all, so that they belong together
      for (String attribute : attributes) {
        Function<SecretStats, Number> read = ATTRIBUTES.get(attribute);
        if (read != null) {
          list.add(new Attribute(attribute, read.apply(snapshot)));
        }
      }
    }
    return list;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " can only be read");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(String action, Object[] arguments, String[] signature) {
    throw new UnsupportedOperationException(action);
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    List<MBeanAttributeInfo> infos = new ArrayList<>();
    for (String name : ATTRIBUTES.keySet()) {
      String type = name.equals("EstimatedCostDollars") ? "java.lang.Double" : "java.lang.Number";
      infos.add(new MBeanAttributeInfo(name, type, name, true, false, false));
    }
    return new MBeanInfo(
        SecretProvider.class.getName(),
        "Figures of a secret provider",
        infos.toArray(MBeanAttributeInfo[]::new),
        null,
        null,
        null);
  }
}
