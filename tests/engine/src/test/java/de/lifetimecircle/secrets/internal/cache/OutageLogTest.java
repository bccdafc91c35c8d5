package de.lifetimecircle.secrets.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines that an outage leaves in the log of a service with default settings. */
@ExtendWith(LeakProbeExtension.class)
class OutageLogTest {
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker);
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger(OutageLog.LOGGER);
  private final List<String> names = new ArrayList<>();
  private final List<SecretHandle> handles = new ArrayList<>(); // a lost one watches no more
  private final Handler handler =
      new StreamHandler() {
        @Override
        public synchronized void publish(LogRecord each) {
          log.add(each.getLevel() + " " + new SimpleFormatter().formatMessage(each));
        }
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void end() {
    logger.removeHandler(handler);
  }

  private SecretProvider provider(FakeStore of) {
    return SecretProvider.builder()
        .store(of)
        .environment(Map.of())
        .set("retries", "0")
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers())
        .build();
  }

  /** Holds so many names, which somebody watches. */
  private SecretProvider holding(int count) {
    SecretProvider provider = provider(store);
    for (int i = 0; i < count; i++) {
      String name = "NAME_" + i;
      names.add(name);
      store.holding(name, "value of " + name);
      watch(provider, name);
    }
    return provider;
  }

  private void watch(SecretProvider provider, String name) {
    SecretHandle handle = provider.handle(name);
    handles.add(handle);
    assertThat(handle.get().name()).isEqualTo(name);
  }

  private void pass(Duration time) {
    Duration step = Duration.ofSeconds(10);
    for (Duration done = Duration.ZERO; done.compareTo(time) < 0; done = done.plus(step)) {
      ticker.advance(step);
      assertThat(ticker.failures()).isEmpty();
    }
  }

  private List<String> lines(String level) {
    return log.stream().filter(line -> line.startsWith(level)).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "1, UNAVAILABLE",
    "1, ACCESS_DENIED",
    "2, TIMEOUT",
    "50, THROTTLED",
    "2000, UNAVAILABLE"
  })
  void anOutageIsOneWarningWithItsReasonAndOneLineAtItsEnd(int count, Kind kind) {
    try (SecretProvider provider = holding(count)) {
      pass(Duration.ofMinutes(20));
      assertThat(log).as("while all is well").isEmpty();

      store.outage(FakeStep.fail(kind));
      while (provider.stats().stale() == 0) {
        assertThat(log).as("before a name is stale").isEmpty();
        pass(Duration.ofSeconds(10));
      }
      pass(Duration.ofMinutes(4)); // less than the pause
      assertThat(provider.stats().stale()).isPositive();
      assertThat(log).singleElement().asString().startsWith("WARNING ");
      assertThat(log.get(0))
          .contains("Cannot refresh secrets (" + store.scheme() + ")", kind + ": ", "'NAME_");

      store.recover();
      pass(Duration.ofMinutes(10));
      assertThat(log).hasSize(2);
      assertThat(log.get(1)).startsWith("INFO ").contains("work again", kind.name());

      pass(Duration.ofHours(1));
      assertThat(log).as("after the end").hasSize(2);
    }
  }

  @Test
  void aShortFailureThatNoReaderSeesIsNoOutage() {
    try (SecretProvider provider = holding(20)) {
      for (int i = 0; i < 50; i++) {
        store.next(Op.FETCH, names.get(i % 20), FakeStep.fail(Kind.UNAVAILABLE));
        pass(Duration.ofMinutes(5));
      }
      assertThat(provider.stats().failures()).isNotEmpty();
      assertThat(log).isEmpty();
    }
  }

  @Test
  void aLongOutageIsRepeatedWithTheNumberOfNames() {
    try (SecretProvider provider = holding(2_000)) {
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      pass(Duration.ofHours(1));
      assertThat(provider.stats().stale()).isEqualTo(2_000);
      assertThat(lines("WARNING")).hasSizeBetween(9, 12);
      assertThat(lines("WARNING").get(1)).contains("names so far: 2000");
      assertThat(lines("INFO")).isEmpty();
    }
  }

  /** A line or two in each pause, whatever the rhythm. */
  @ParameterizedTest
  @ValueSource(ints = {20, 60, 90, 400, 700})
  void aBackendThatComesAndGoesDoesNotFloodTheLog(int seconds) {
    try (SecretProvider provider = holding(300)) {
      for (int i = 0; i < 7_200 / seconds; i++) {
        store.outage(FakeStep.fail(Kind.UNAVAILABLE));
        pass(Duration.ofSeconds(seconds));
        store.recover();
        pass(Duration.ofSeconds(seconds));
      }
      pass(Duration.ofMinutes(10));
      assertThat(provider.stats().stale()).isZero();
      assertThat(lines("WARNING")).hasSizeLessThanOrEqualTo(4 * 3600 / 300 + 2);
      assertThat(lines("INFO").size())
          .isBetween(lines("WARNING").isEmpty() ? 0 : 1, lines("WARNING").size());
      if (!log.isEmpty()) {
        assertThat(log.get(log.size() - 1)).as("the last line is the truth").startsWith("INFO");
      }
    }
  }

  @Test
  void twoReasonsAreTwoWarningsAndTwoEnds() {
    try (SecretProvider provider = holding(10)) {
      failEach(names.subList(0, 5), Kind.ACCESS_DENIED);
      failEach(names.subList(5, 10), Kind.UNAVAILABLE);
      pass(Duration.ofMinutes(9));
      assertThat(lines("WARNING"))
          .hasSize(2)
          .anyMatch(line -> line.contains("ACCESS_DENIED: "))
          .anyMatch(line -> line.contains("UNAVAILABLE: "));

      recover(names.subList(5, 10));
      pass(Duration.ofMinutes(3));
      assertThat(lines("INFO")).singleElement().asString().contains("UNAVAILABLE");

      recover(names.subList(0, 5));
      pass(Duration.ofMinutes(3));
      assertThat(lines("INFO")).hasSize(2);
      assertThat(lines("INFO").get(1)).contains("ACCESS_DENIED");
      assertThat(provider.stats().stale()).isZero();
    }
  }

  @Test
  void theEndComesWithTheLastName() {
    try (SecretProvider provider = holding(10)) {
      failEach(names, Kind.UNAVAILABLE);
      pass(Duration.ofMinutes(9));
      for (String name : names) {
        assertThat(lines("INFO")).as("before " + name).isEmpty();
        recover(List.of(name));
        pass(Duration.ofMinutes(2));
      }
      assertThat(lines("INFO")).hasSize(1);
      assertThat(provider.stats().stale()).isZero();
    }
  }

  @Test
  void aNameThatNobodyReadsAnyMoreKeepsNoOutageOpen() {
    try (SecretProvider provider = holding(1)) {
      store.holding("READ_ONCE", "value").holding("GONE", "value");
      provider.get("READ_ONCE");
      provider.get("GONE");
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      pass(Duration.ofHours(30)); // past max-stale
      store.recover();
      pass(Duration.ofMinutes(10));
      assertThat(log.get(log.size() - 1)).startsWith("INFO").contains("UNAVAILABLE");
    }
  }

  @Test
  void twoProvidersWriteForThemselves() {
    FakeStore other = FakeStore.create().clock(ticker).holding("OTHER", "value");
    try (SecretProvider first = holding(3);
        SecretProvider second = provider(other)) {
      watch(second, "OTHER");
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      other.outage(FakeStep.fail(Kind.TIMEOUT));
      pass(Duration.ofMinutes(8));
      assertThat(lines("WARNING")).hasSize(2);
      store.recover();
      pass(Duration.ofMinutes(2));
      assertThat(lines("INFO")).singleElement().asString().contains("UNAVAILABLE");
      assertThat(first.stats().stale()).isZero();
      assertThat(second.stats().stale()).isOne();
    }
  }

  /** A verifier of signatures never asks for the current version alone. */
  @Test
  void theVersionsOfANameCountToo() {
    store.holding("SIGNING_KEY", "value");
    try (SecretProvider provider = provider(store)) {
      for (int i = 0; i < 30; i++) {
        provider.validVersions("SIGNING_KEY");
        if (i == 5) {
          store.outage(FakeStep.fail(Kind.UNAVAILABLE));
        }
        pass(Duration.ofMinutes(1));
      }
      assertThat(lines("WARNING")).isNotEmpty();
      assertThat(lines("WARNING").get(0)).contains("SIGNING_KEY");
    }
  }

  @Test
  void noLineHasAValue(LeakProbe probe) {
    String canary = probe.canary("held value");
    store.holding("NAME", canary);
    try (SecretProvider provider = provider(store)) {
      watch(provider, "NAME");
      store.outage(FakeStep.broken(new IllegalStateException("foreign code says " + canary)));
      pass(Duration.ofMinutes(9));
      store.recover();
      pass(Duration.ofMinutes(9));
    }
    assertThat(log).hasSize(2);
    probe.look("log of an outage", String.join("\n", log));
  }

  @Test
  void theEndOfAProviderIsNoOutage() {
    try (SecretProvider provider = holding(3)) {
      store.outage(FakeStep.fail(Kind.CLOSED));
      pass(Duration.ofMinutes(20));
      assertThat(provider.stats().stale()).isPositive();
      assertThat(log).isEmpty();
    }
  }

  private void failEach(List<String> of, Kind kind) {
    of.forEach(name -> store.always(Op.FETCH, name, FakeStep.fail(kind)));
  }

  private void recover(List<String> of) {
    of.forEach(name -> store.always(Op.FETCH, name, FakeStep.proceed()));
  }
}
