package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Injector.Site;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An error at each site that the engine's threads come to, at the first, second and later time, in
 * each phase of a name's life: time goes on, nothing is served a tick past max-stale, refreshes go
 * on, and every way to read the name agrees.
 */
class EngineErrorsTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final Duration SOFT_AGE = Duration.ofSeconds(60);
  private static final Duration MAX_STALE = Duration.ofMinutes(5);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int OCCURRENCES = 4;

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
  private final FakeTimeCalls calls = new FakeTimeCalls(ticker);
  private final List<String> told = new ArrayList<>();

  /** What goes on when the error is thrown. */
  private enum Phase {
    COLD,
    HEALTHY,
    OUTAGE,
    RECOVERY
  }

  /** The sites of calls that {@link CallErrorsTest} makes. */
  private static final Set<Site> ELSEWHERE =
      EnumSet.of(Site.STORE_FETCH_ALL, Site.STORE_LIST, Site.STORE_PUT);

  static Stream<Arguments> errors() {
    return EnumSet.complementOf(EnumSet.copyOf(ELSEWHERE)).stream()
        .flatMap(
            site ->
                Stream.of(Phase.values())
                    .flatMap(
                        phase ->
                            IntStream.of(1, 3)
                                .mapToObj(times -> Arguments.of(site, phase, times))));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void noErrorEndsWhatKeepsTime(Site site, Phase phase, int times) {
    int reached = 0;
    for (int occurrence = 1; occurrence <= OCCURRENCES; occurrence++) {
      Injector injector = new Injector(site, Injector.error(occurrence), times);
      new EngineErrorsTest().live(injector, phase, occurrence);
      reached += injector.thrown() > 0 ? 1 : 0;
    }
    assertThat(reached).as("lives of %s that met an error", OCCURRENCES).isPositive();
  }

  private SecretProvider provider(Injector injector) {
    injectInto(store, injector);
    return injector
        .builder(store, ticker, KEY)
        .set("soft-age", SOFT_AGE.toSeconds() + "s")
        .set("max-stale", MAX_STALE.toSeconds() + "s")
        .build();
  }

  private static void injectInto(FakeStore store, Injector injector) {
    store.always(Op.FETCH, KEY, FakeStep.run(() -> injector.at(Site.STORE_FETCH)));
    store.always(Op.VERSIONS, KEY, FakeStep.run(() -> injector.at(Site.STORE_VERSIONS)));
  }

  private void live(Injector injector, Phase armedIn, int occurrence) {
    Handler failing = failing(injector);
    Logger logger = Logger.getLogger(SecretProvider.class.getName());
    logger.addHandler(failing);
    logger.setUseParentHandlers(false);
    try (SecretProvider provider = provider(injector)) {
      arm(injector, armedIn == Phase.COLD, occurrence);
      attempt(() -> provider.get(KEY));
      ticker.advance(Duration.ofMinutes(2));
      SecretListener listener = event -> told(injector, event);
      SecretHandle handle = needed(() -> provider.handle(KEY));
      SecretListener.Registration registration = needed(() -> provider.onChange(KEY, listener));
      agree(provider, handle, "one");

      arm(injector, armedIn == Phase.HEALTHY, occurrence);
      store.holding(KEY, "two");
      advance(provider, injector, MAX_STALE);
      agree(provider, handle, "two");
      assertThat(told).contains(needed(() -> provider.get(KEY)).version());

      arm(injector, armedIn == Phase.OUTAGE, occurrence);
      failFor(provider, handle, injector);

      arm(injector, armedIn == Phase.RECOVERY, occurrence);
      store.recover();
      injectInto(store, injector);
      advance(provider, injector, MAX_STALE);
      agree(provider, handle, "three");
      assertThat(told).contains(needed(() -> provider.get(KEY)).version());
      assertNoneCameBack();
      registration.close();
      handle.close();
    } finally {
      logger.removeHandler(failing);
      logger.setUseParentHandlers(true);
    }
  }

  /** An outage that outlasts max-stale by a tick: then nothing is served any more. */
  private void failFor(SecretProvider provider, SecretHandle handle, Injector injector) {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    store.always(Op.FETCH, KEY, FakeStep.fail(Kind.UNAVAILABLE));
    store.always(Op.VERSIONS, KEY, FakeStep.fail(Kind.UNAVAILABLE));
    Instant down = ticker.instant();
    store.holding(KEY, "three");
    Duration left = Duration.between(ticker.instant(), down.plus(MAX_STALE).plus(TICK));
    advance(provider, injector, left);
    assertThat(served(() -> provider.get(KEY).asString())).as("get after max-stale").isEmpty();
    assertThat(served(() -> handle.get().asString())).as("handle after max-stale").isEmpty();
    assertThat(served(() -> provider.validVersions(KEY).get(0).asString()))
        .as("valid versions after max-stale")
        .isEmpty();
  }

  /** An event may come twice after an error, but no version may be told after a newer one. */
  private void assertNoneCameBack() {
    List<String> changes = new ArrayList<>();
    for (String version : told) {
      if (!version.equals("none")
          && (changes.isEmpty() || !changes.get(changes.size() - 1).equals(version))) {
        changes.add(version);
      }
    }
    assertThat(changes).doesNotHaveDuplicates();
  }

  private static void arm(Injector injector, boolean now, int occurrence) {
    if (now) {
      injector.arm(occurrence);
    }
  }

  private void told(Injector injector, SecretEvent event) {
    told.add(event.newVersion().orElse("none"));
    injector.at(Site.LISTENER);
    injector.at(Site.LOGGER);
  }

  /** A logger that fails with the listener. */
  private static Handler failing(Injector injector) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        if (injector.thrown() > 0) {
          injector.at(Site.LOGGER);
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /** Lets time pass tick by tick, with a reader, a reader with callbacks and a verifier. */
  private void advance(SecretProvider provider, Injector injector, Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TICK)) {
      ticker.advance(TICK);
      if (passed.toSeconds() % 30 == 0) {
        attempt(() -> provider.validVersions(KEY));
        callBack(provider, injector);
      }
    }
  }

  /** A read that waits for nothing, whose callback fails. */
  private static void callBack(SecretProvider provider, Injector injector) {
    try {
      var unused =
          provider.getAsync(KEY).whenComplete((secret, thrown) -> injector.at(Site.CALLBACK));
    } catch (Error e) {
      if (!Injector.isPlanted(e)) {
        throw e;
      }
    }
  }

  private void agree(SecretProvider provider, SecretHandle handle, String value) {
    assertThat(needed(() -> provider.get(KEY)).asString()).as("get").isEqualTo(value);
    assertThat(needed(handle::get).asString()).as("handle").isEqualTo(value);
    assertThat(needed(() -> provider.validVersions(KEY)).get(0).asString())
        .as("valid versions")
        .isEqualTo(value);
  }

  private <T> Optional<T> attempt(Supplier<T> call) {
    return calls.attempt(call);
  }

  private <T> T needed(Supplier<T> call) {
    return calls.needed(call);
  }

  private Optional<String> served(Supplier<String> read) {
    return attempt(read);
  }
}
