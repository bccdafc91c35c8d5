package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.decision.results.ResultText;
import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/** Measures the processor time and memory that reads take. Stateless. */
final class ResourceUse {
  private static final int READS = 1000;

  /** As many samples of the processor, each of so many times fewer reads. */
  private static final int PARTS = 4;

  private static final int COLLECTIONS = 3;
  private static final double MEGABYTE = 1e6;

  private ResourceUse() {}

  static void go(WorkerAssignment work, ComparisonWorker lab) {
    double before = megabytes();
    List<String> names = BackendClient.names(BackendClient.ROUND);
    try (BackendClient client = BackendClient.cold(work.subject())) {
      lab.measure(
          ResultText.measure("memory"),
          () -> {
            read(client, names, READS);
            return SampleSet.of("memory", "MB").add(megabytes() - before).noted("memory");
          });
      lab.measure(
          ResultText.measure("cpu-per-1000-reads"),
          () -> {
            SampleSet samples = SampleSet.of("cpu-per-1000-reads", "ms");
            for (int i = 0; i < PARTS; i++) {
              double begun = processorMillis();
              read(client, names, READS / PARTS);
              samples = samples.add(PARTS * (processorMillis() - begun));
            }
            return samples.after("warm.reads", READS).noted("cpu");
          });
    }
  }

  private static void read(BackendClient client, List<String> names, int reads) {
    for (int i = 0; i < reads; i++) {
      var unused = client.provider().get(names.get(i % names.size()));
    }
  }

  private static double processorMillis() throws JMException {
    ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
    Object nanos =
        ManagementFactory.getPlatformMBeanServer().getAttribute(system, "ProcessCpuTime");
    return ((Number) nanos).longValue() / 1e6;
  }

  private static double megabytes() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    var memory = ManagementFactory.getMemoryMXBean();
    return (memory.getHeapMemoryUsage().getUsed() + memory.getNonHeapMemoryUsage().getUsed())
        / MEGABYTE;
  }
}
