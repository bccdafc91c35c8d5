package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.Injector.PlantedError;
import de.lifetimecircle.secrets.Injector.Site;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An error in the only moment at which an idle name would get the time of its next refresh: the
 * name is refreshed all the same.
 */
class RefreshAfterErrorTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final Duration SOFT_AGE = Duration.ofMinutes(5);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Logger LOGGER = Logger.getLogger(SecretProvider.class.getPackageName());

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
  private final FakeStore elsewhere = store.secondClient();

  @BeforeAll
  static void keepTheLogShort() { // the planted errors are in it
    LOGGER.setUseParentHandlers(false);
  }

  @AfterAll
  static void end() {
    LOGGER.setUseParentHandlers(true);
  }

  private SecretProvider provider(Injector injector) {
    return injector
        .builder(store, ticker, KEY)
        .set("soft-age", SOFT_AGE.toMinutes() + "m")
        .set("max-stale", "24h")
        .set("idle", "10m")
        .build();
  }

  private void rotate(String text) {
    ticker.advance(Duration.ofMillis(10));
    elsewhere.put(PutRequest.always(KEY, SecretValue.of(text)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readerOfAnIdleNameBeginsItsRefreshThoughAnErrorMeetsHim(int occurrence) {
    Injector injector = new Injector(Site.NANO_TIME, PlantedError::new, 1);
    try (SecretProvider provider = provider(injector)) {
      provider.get(KEY);
      ticker.advance(Duration.ofHours(1));
      rotate("two");
      injector.arm(occurrence);
      Optional<?> unused = new FakeTimeCalls(ticker).attempt(() -> provider.get(KEY));
      assertThat(injector.thrown()).isEqualTo(1);
      ticker.advance(TICK.multipliedBy(3));
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
    }
  }

  @Test
  void loadThatAnErrorKeptFromItsBeginIsBegunAtTheNextTick() {
    Injector injector = new Injector(Site.TIMER_SCHEDULE, PlantedError::new, 1);
    try (SecretProvider provider = provider(injector)) {
      provider.get(KEY);
      ticker.advance(Duration.ofHours(1));
      rotate("two");
      injector.arm(1);
      assertThatExceptionOfType(PlantedError.class).isThrownBy(() -> provider.get(KEY));
      ticker.advance(TICK);
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
    }
  }

  @Test
  void versionThatAListBringsIsRefreshedThoughItsLandingFailed() {
    Injector injector = new Injector(Site.RANDOM, PlantedError::new, 1);
    try (SecretProvider provider = provider(injector)) {
      provider.get(KEY);
      for (int i = 0; i < 12; i++) {
        assertThat(provider.validVersions(KEY)).hasSize(1);
        ticker.advance(SOFT_AGE);
      }
      rotate("two");
      injector.arm(1);
      Failing.fails(Kind.INTERNAL, () -> provider.validVersions(KEY, Duration.ZERO));
      ticker.advance(TICK.multipliedBy(5)); // the list is asked for again
      assertThat(provider.get(KEY).asString()).isEqualTo("two");
      rotate("three");
      ticker.advance(SOFT_AGE);
      assertThat(provider.get(KEY).asString()).isEqualTo("three");
    }
  }
}
