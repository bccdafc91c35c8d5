package de.lifetimecircle.secrets.bench.cold;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.SameWork;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Counts the threads and file descriptors that many reads of a store leave behind, including those
 * of the server on loopback. Stateless.
 */
final class ThreadFootprint {
  private static final String GOAL = "d";
  private static final int READERS = 8;
  private static final int MOST_THREADS = 64;
  private static final int MOST_DESCRIPTORS = 64;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ThreadFootprint() {}

  /** Reads one name over and over, past every cache. */
  static List<BenchFigure> of(String words, SecretStore store, String name, int reads)
      throws Exception {
    long descriptors = descriptors();
    int threads = THREADS.getThreadCount();
    THREADS.resetPeakThreadCount();
    long began = System.nanoTime();
    var unused = SameWork.by(READERS, () -> read(store, name, reads / READERS));
    double micros = (System.nanoTime() - began) / 1e3 / reads;
    String what = String.format(Locale.ROOT, "%s, %,d reads", words, reads);
    return List.of(
        BenchFigure.checked(
            GOAL,
            what + ": threads more",
            THREADS.getPeakThreadCount() - threads,
            "threads",
            Limit.atMost(MOST_THREADS)),
        BenchFigure.checked(
            GOAL,
            what + ": descriptors more",
            (double) (descriptors() - descriptors),
            "files",
            Limit.atMost(MOST_DESCRIPTORS)),
        BenchFigure.information(GOAL, what + ": one, by 8 threads", micros, "us"));
  }

  private static int read(SecretStore store, String name, int times) {
    for (int i = 0; i < times; i++) {
      store.fetch(name).value().close();
    }
    return times;
  }

  private static long descriptors() throws JMException {
    ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
    Object count =
        ManagementFactory.getPlatformMBeanServer().getAttribute(system, "OpenFileDescriptorCount");
    return ((Number) count).longValue();
  }
}
