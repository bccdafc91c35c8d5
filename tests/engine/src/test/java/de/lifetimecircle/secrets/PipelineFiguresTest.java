package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret.Origin;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The figures of a provider, and the ways by which they leave it. */
@ExtendWith(LeakProbeExtension.class)
class PipelineFiguresTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker);
  private String canary = "";

  @BeforeEach
  void store(LeakProbe probe) {
    canary = probe.canary("value");
    store.holding(KEY, canary);
  }

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("jitter", "0")
        .set("retries", "0")
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers());
  }

  /** Keeps the figures that it receives. */
  private static final class Kept implements SecretMetrics {
    final List<String> told = new ArrayList<>();
    private final boolean reads;

    Kept(boolean reads) {
      this.reads = reads;
    }

    @Override
    public boolean wantsCachedReads() {
      return reads;
    }

    @Override
    public void opened(Supplier<SecretStats> stats) {
      told.add("opened");
    }

    @Override
    public Consumer<Optional<Kind>> loading(String name, Purpose purpose) {
      told.add("loading " + name + " " + purpose);
      return failure -> told.add("end " + failure);
    }

    @Override
    public void read(Origin origin) {
      told.add("read " + origin);
    }

    @Override
    public void loaded(String name, Purpose purpose, Duration took, Optional<Kind> failure) {
      told.add("loaded " + name + " " + purpose + " " + failure);
    }

    @Override
    public void closed() {
      told.add("closed");
    }
  }

  @Test
  void theSnapshotSaysWhatHappened() {
    try (SecretProvider provider = builder().set("call-price", "0.05").build()) {
      assertThat(provider.stats().loads()).isZero();
      provider.get(KEY);
      provider.get(KEY);
      assertThat(provider.find("absent")).isEmpty();
      ticker.advance(Duration.ofMinutes(6));
      SecretStats stats = provider.stats();
      assertThat(stats.loads()).isEqualTo(2);
      assertThat(stats.refreshes()).isEqualTo(1);
      assertThat(stats.failures()).isEqualTo(Map.of(Kind.NOT_FOUND, 1L));
      assertThat(stats.backendCalls()).isEqualTo(3);
      assertThat(stats.estimatedCost()).isEqualTo(3 * 0.05 / 10_000);
      assertThat(stats.names()).isEqualTo(1);
      assertThat(stats.bytes()).isEqualTo(canary.length());
      assertThat(stats.oldest()).contains(Duration.ofMinutes(1));
      assertThat(stats.reads())
          .containsEntry(Origin.BACKEND, 1L)
          .doesNotContainKeys(Origin.CACHE, Origin.STALE);
    }
  }

  @Test
  void theSnapshotSaysWhatIsStaleAndForHowLong() {
    try (SecretProvider provider = builder().set("max-stale", "1h").build()) {
      assertThat(provider.stats().maxStale()).isEqualTo(Duration.ofHours(1));
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(Duration.ofMinutes(4));
      assertThat(provider.stats().stale()).isZero();
      ticker.advance(Duration.ofMinutes(6));
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.STALE);
      assertThat(provider.stats().stale()).isEqualTo(1);
      assertThat(provider.stats().oldestStale()).contains(Duration.ofMinutes(10));
      store.recover();
      ticker.advance(Duration.ofMinutes(2));
      assertThat(provider.stats().stale()).isZero();
      assertThat(provider.stats().oldestStale()).isEmpty();
    }
  }

  @Test
  void aDoubtedAnswerIsStaleWhileItIsServedInAnOutage() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      provider.invalidate(KEY);
      assertThat(provider.stats().stale()).isZero();
      assertThat(provider.get(KEY).origin()).isEqualTo(Origin.STALE);
      assertThat(provider.stats().stale()).isEqualTo(1);
      assertThat(provider.stats().oldestStale()).contains(Duration.ZERO);
    }
  }

  @Test
  void theSnapshotCountsRotationsAndSaysHowOldTheOldestVersionIs() {
    store.holding("other", canary);
    ticker.advance(Duration.ofHours(1));
    try (SecretProvider provider = builder().build()) {
      assertThat(provider.stats().oldestVersion()).isEmpty();
      provider.get(KEY);
      assertThat(provider.stats().rotations()).isZero();
      assertThat(provider.stats().oldestVersion()).contains(Duration.ofHours(1));
      store.holding(KEY, canary + "2");
      provider.refresh(KEY);
      assertThat(provider.stats().rotations()).isEqualTo(1);
      assertThat(provider.stats().oldestVersion()).contains(Duration.ZERO);
      provider.refresh(KEY);
      assertThat(provider.stats().rotations()).isEqualTo(1);
      provider.get("other");
      assertThat(provider.stats().oldestVersion()).contains(Duration.ofHours(1));
    }
  }

  @Test
  void aLoadIsToldToMetricsOnTheThreadOfItsReader() throws Exception {
    ThreadLocal<String> context = new ThreadLocal<>();
    List<String> told = new CopyOnWriteArrayList<>();
    SecretMetrics metrics =
        new SecretMetrics() {
          @Override
          public Consumer<Optional<Kind>> loading(String name, Purpose purpose) {
            String reader = name + " by " + context.get();
            return failure -> told.add(reader + " " + failure);
          }
        };
    store.holding("other", canary);
    try (SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).metrics(metrics).build()) {
      context.set("get");
      provider.get(KEY);
      context.set("async");
      provider.getAsync("other").get();
      context.set("absent");
      assertThat(provider.find("absent")).isEmpty();
      context.set("refresh");
      provider.refresh(KEY);
    }
    assertThat(told)
        .containsExactly(
            KEY + " by get Optional.empty",
            "other by async Optional.empty",
            "absent by absent Optional[NOT_FOUND]",
            KEY + " by refresh Optional.empty");
  }

  @Test
  void metricsThatFailAtTheBeginOrTheEndOfALoadChangeNothing() {
    SecretMetrics atBegin =
        new SecretMetrics() {
          @Override
          public Consumer<Optional<Kind>> loading(String name, Purpose purpose) {
            throw new IllegalStateException(canary);
          }
        };
    SecretMetrics atEnd =
        new SecretMetrics() {
          @Override
          public Consumer<Optional<Kind>> loading(String name, Purpose purpose) {
            return failure -> {
              throw new IllegalStateException(canary);
            };
          }
        };
    Kept kept = new Kept(false);
    try (SecretProvider provider =
        builder().metrics(atBegin).metrics(atEnd).metrics(kept).build()) {
      assertThat(provider.get(KEY).asString()).isEqualTo(canary);
      assertThat(provider.stats().foreignFailures()).isEqualTo(2);
      assertThat(kept.told).contains("end Optional.empty");
    }
  }

  @Test
  void metricsOfTheServiceHearOfLoadsAndOfSlowReads() {
    Kept kept = new Kept(false);
    SecretProvider provider = builder().metrics(kept).build();
    provider.get(KEY);
    provider.get(KEY);
    ticker.advance(Duration.ofMinutes(5));
    provider.close();
    assertThat(kept.told)
        .containsExactly(
            "opened",
            "loading " + KEY + " READ",
            "end Optional.empty",
            "loaded " + KEY + " READ Optional.empty",
            "read BACKEND",
            "loading " + KEY + " REFRESH",
            "end Optional.empty",
            "loaded " + KEY + " REFRESH Optional.empty",
            "closed");
  }

  @Test
  void metricsThatWantCachedReadsHearOfEachOne() {
    Kept kept = new Kept(true);
    Kept other = new Kept(false);
    try (SecretProvider provider = builder().metrics(kept).metrics(other).build()) {
      provider.get(KEY);
      provider.get(KEY);
      provider.handle(KEY).get();
      assertThat(kept.told).contains("read BACKEND", "read CACHE");
      assertThat(other.told).contains("read BACKEND").doesNotContain("read CACHE");
      assertThat(provider.stats().reads())
          .isEqualTo(
              Map.of(Origin.BACKEND, 1L, Origin.CACHE, 2L, Origin.STALE, 0L, Origin.OVERRIDE, 0L));
    }
  }

  @Test
  void metricsAndListenersThatThrowAreCountedAndChangeNothing() {
    SecretMetrics broken =
        new SecretMetrics() {
          @Override
          public void loaded(String name, Purpose purpose, Duration took, Optional<Kind> failure) {
            throw new IllegalStateException(canary);
          }
        };
    try (SecretProvider provider = builder().metrics(broken).build()) {
      assertThat(provider.get(KEY).asString()).isEqualTo(canary);
      assertThat(provider.stats().foreignFailures()).isEqualTo(1);
    }
  }

  private static List<LogRecord> warnings(String name, Runnable work) {
    List<LogRecord> log = new ArrayList<>();
    Handler handler =
        new StreamHandler() {
          @Override
          public synchronized void publish(LogRecord each) {
            log.add(each);
          }
        };
    Logger logger = Logger.getLogger(name);
    logger.addHandler(handler);
    try {
      work.run();
    } finally {
      logger.removeHandler(handler);
    }
    return log.stream().filter(each -> each.getLevel().equals(Level.WARNING)).toList();
  }

  @Test
  void metricsThatFailAtEachLoadAreLoggedOnceAndWithoutTheirText() {
    SecretMetrics broken =
        new SecretMetrics() {
          @Override
          public void loaded(String name, Purpose purpose, Duration took, Optional<Kind> failure) {
            throw new NoSuchMethodError(canary);
          }
        };
    List<LogRecord> log =
        warnings(
            SecretProvider.class.getName(),
            () -> {
              try (SecretProvider provider = builder().metrics(broken).build()) {
                provider.get(KEY);
                provider.refresh(KEY);
                assertThat(provider.stats().foreignFailures()).isEqualTo(2);
              }
            });
    assertThat(log)
        .singleElement()
        .satisfies(
            each ->
                assertThat(new SimpleFormatter().formatMessage(each))
                    .startsWith("The metrics failed with java.lang.NoSuchMethodError")
                    .doesNotContain(canary));
  }

  @Test
  void theLogSaysWhatFailedAndNoValue() {
    List<LogRecord> log =
        warnings(
            "de.lifetimecircle.secrets.metrics",
            () -> {
              try (SecretProvider provider = builder().set("metrics", "log").build()) {
                provider.get(KEY);
                store.outage(FakeStep.fail(Kind.UNAVAILABLE));
                ticker.advance(Duration.ofMinutes(5));
              }
            });
    assertThat(log)
        .singleElement()
        .satisfies(
            each ->
                assertThat(new SimpleFormatter().formatMessage(each))
                    .matches(
                        "REFRESH of secret " + KEY + " failed with UNAVAILABLE after [0-9]+ ms"));
  }

  @Test
  void theFiguresAreInJmxWhileTheProviderIsOpen() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName all = new ObjectName("de.lifetimecircle.secrets:type=SecretProvider,*");
    Set<ObjectName> before = server.queryNames(all, null);
    SecretProvider provider = builder().set("metrics", "jmx").build();
    provider.get(KEY);
    assertThat(provider.find("absent")).isEmpty();
    Set<ObjectName> now = server.queryNames(all, null);
    now.removeAll(before);
    assertThat(now).hasSize(1);
    ObjectName name = now.iterator().next();
    assertThat(server.getAttribute(name, "Loads")).isEqualTo(2L);
    assertThat(server.getAttribute(name, "Names")).isEqualTo(1);
    SecretProviderMXBean bean = JMX.newMXBeanProxy(server, name, SecretProviderMXBean.class);
    assertThat(bean.getFailures()).isEqualTo(Map.of("NOT_FOUND", 1L));
    assertThat(bean.getReads()).containsEntry("BACKEND", 1L).doesNotContainKey("CACHE");
    assertThat(bean.getBytes()).isEqualTo(canary.length());
    for (var attribute : server.getMBeanInfo(name).getAttributes()) {
      assertThat(server.getAttribute(name, attribute.getName())).isNotNull();
    }
    provider.close();
    assertThat(server.queryNames(all, null)).isEqualTo(before);
  }

  @Test
  void loadsAndRefreshesAreInTheFlightRecorder(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("loads.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("de.lifetimecircle.secrets.Load").withoutThreshold();
      recording.start();
      try (SecretProvider provider = builder().build()) {
        provider.get(KEY);
        store.outage(FakeStep.fail(Kind.UNAVAILABLE));
        ticker.advance(Duration.ofMinutes(5));
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> loads = RecordingFile.readAllEvents(file);
    assertThat(loads)
        .extracting(e -> e.getString("name") + " " + e.getString("purpose"))
        .containsExactly(KEY + " READ", KEY + " REFRESH");
    assertThat(loads.get(1).getString("failure")).isEqualTo("UNAVAILABLE");
    assertThat(loads.toString()).doesNotContain(canary);
  }

  @Test
  void aWrongSettingIsTold() {
    try (SecretProvider unused =
        builder()
            .set("metrics", "prometheus")
            .set("call-price", "cheap")
            .set("max-bytes", "lots")
            .set("max-names", "0")
            .build()) {
      throw new AssertionError("it was accepted");
    } catch (SecretException e) {
      assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(e.problems()).hasSize(4);
    }
  }
}
