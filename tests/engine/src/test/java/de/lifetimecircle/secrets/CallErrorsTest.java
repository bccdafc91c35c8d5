package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Injector.Site;
import de.lifetimecircle.secrets.internal.CachingSecretProvider;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.config.PushSettings;
import de.lifetimecircle.secrets.spi.RotationNotice;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An error at each site that a call comes to, once or three times in a row: the call ends, every
 * later call works, and every name that is held follows the next rotation.
 */
class CallErrorsTest {
  private static final List<String> NAMES = List.of("ONE", "TWO", "THREE");
  private static final String ONE = "ONE";
  private static final Duration SOFT_AGE = Duration.ofSeconds(60);
  private static final PushSettings SOON =
      new PushSettings(Duration.ofSeconds(2), Duration.ofMinutes(1));
  private static final Logger LOGGER = Logger.getLogger(SecretProvider.class.getPackageName());
  private static final int OCCURRENCES = 8;

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker);
  private final FakeTimeCalls calls = new FakeTimeCalls(ticker);
  private final List<SecretHandle> handles = new ArrayList<>(); // a lost one watches no more

  /** A call, and a site that it comes to. */
  private enum Call {
    GET_ALL(Site.STORE_FETCH_ALL),
    PREFETCH(Site.STORE_FETCH_ALL),
    GET_ASYNC(Site.CALLBACK),
    HANDLE(Site.STORE_FETCH),
    VALID_VERSIONS(Site.STORE_VERSIONS),
    LIST(Site.STORE_LIST),
    PUT(Site.STORE_PUT),
    REFRESH(Site.STORE_FETCH),
    INVALIDATE(Site.METRICS_LOADING),
    NOTICE(Site.RANDOM);

    private final Site own;

    Call(Site own) {
      this.own = own;
    }

    /** Whether it is made while every name is held. */
    boolean isWarm() {
      return switch (this) {
        case PUT, REFRESH, INVALIDATE, NOTICE -> true;
        default -> false;
      };
    }
  }

  @BeforeAll
  static void keepTheLogShort() { // each planted error is in it
    LOGGER.setUseParentHandlers(false);
  }

  @AfterAll
  static void end() {
    LOGGER.setUseParentHandlers(true);
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatMeetsAnErrorEndsAndTheNextOneWorks(Call call) {
    Set<Site> reached = EnumSet.noneOf(Site.class);
    for (Site site : Site.values()) {
      for (int occurrence = 1; occurrence <= OCCURRENCES; occurrence++) {
        if (!isMet(call, site, occurrence)) {
          break; // it comes there no more often
        }
        reached.add(site);
      }
    }
    assertThat(reached).contains(call.own);
  }

  /** Lives through one case; returns whether there was an error. */
  private static boolean isMet(Call call, Site site, int occurrence) {
    int times = occurrence % 2 == 1 ? 1 : 3;
    Injector injector = new Injector(site, Injector.error(occurrence), times);
    try {
      return new CallErrorsTest().live(call, injector, occurrence);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(call + ", " + times + " errors at " + site + " " + occurrence, e);
    }
  }

  private boolean live(Call call, Injector injector, int occurrence) {
    holding("old");
    injectInto(injector);
    try (SecretWriter writer = writer(injector)) {
      SecretProvider provider = writer.provider();
      if (call.isWarm()) {
        provider.getAll(NAMES);
        handles.add(provider.handle(ONE));
      }
      injector.arm(occurrence);
      Optional<?> unused = calls.attempt(() -> make(call, writer, injector));
      ticker.advance(SOON.delay()); // a message makes a load later
      injector.disarm();
      if (injector.thrown() > 0) {
        everythingWorks(writer);
      }
    }
    return injector.thrown() > 0;
  }

  private void everythingWorks(SecretWriter writer) {
    SecretProvider provider = writer.provider();
    assertThat(calls.needed(() -> allOf(provider))).hasSize(NAMES.size());
    holding("new");
    ticker.advance(SOFT_AGE.multipliedBy(2));
    for (SecretResult each : calls.needed(() -> allOf(provider)).values()) {
      assertThat(each.orElseThrow().asString()).as(each.name()).isEqualTo("new");
    }
    for (SecretHandle handle : handles) {
      assertThat(calls.needed(handle::get).asString()).as("handle").isEqualTo("new");
    }
    assertThat(calls.needed(() -> provider.validVersions(ONE)).get(0).asString()).isEqualTo("new");
    assertThat(calls.needed(() -> provider.list(""))).containsExactlyInAnyOrderElementsOf(NAMES);
    assertThat(calls.needed(() -> put(writer))).isNotNull();
    assertThat(calls.needed(() -> provider.get(ONE)).asString()).isEqualTo("put");
  }

  /** All the names, of which none may have failed. */
  private static Map<String, SecretResult> allOf(SecretProvider provider) {
    Map<String, SecretResult> all = provider.getAll(NAMES);
    all.values().forEach(SecretResult::orElseThrow);
    return all;
  }

  private void holding(String text) {
    NAMES.forEach(name -> store.holding(name, text));
  }

  private Object make(Call call, SecretWriter writer, Injector injector) {
    SecretProvider provider = writer.provider();
    return switch (call) {
      case GET_ALL -> provider.getAll(NAMES);
      case PREFETCH -> {
        provider.prefetch(NAMES);
        yield true;
      }
      case GET_ASYNC -> getAsync(provider, injector);
      case HANDLE -> handles.add(provider.handle(ONE));
      case VALID_VERSIONS -> provider.validVersions(ONE);
      case LIST -> provider.list("");
      case PUT -> put(writer);
      case REFRESH -> provider.refresh(ONE);
      case INVALIDATE -> {
        provider.invalidate(ONE);
        yield true;
      }
      case NOTICE -> {
        ((CachingSecretProvider) provider).newInbox(SOON).message(notice());
        yield true;
      }
    };
  }

  private static Secret getAsync(SecretProvider provider, Injector injector) {
    try {
      return provider
          .getAsync(ONE)
          .whenComplete((secret, thrown) -> injector.at(Site.CALLBACK))
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error planted) {
        throw planted;
      }
      throw CallExecutor.failure(e);
    }
  }

  private static PutResult put(SecretWriter writer) {
    try (SecretValue value = SecretValue.of("put")) {
      return writer.put(ONE, value);
    }
  }

  private String notice() {
    return new RotationNotice(ONE, "another", ticker.instant()).text();
  }

  private SecretWriter writer(Injector injector) {
    return injector
        .builder(store, ticker, ONE)
        .set("soft-age", SOFT_AGE.toSeconds() + "s")
        .set("max-stale", "10m")
        .buildWriter();
  }

  private void injectInto(Injector injector) {
    store.always(Op.FETCH_ALL, "", FakeStep.run(() -> injector.at(Site.STORE_FETCH_ALL)));
    store.always(Op.LIST, "", FakeStep.run(() -> injector.at(Site.STORE_LIST)));
    store.always(Op.PUT, ONE, FakeStep.run(() -> injector.at(Site.STORE_PUT)));
    store.always(Op.VERSIONS, ONE, FakeStep.run(() -> injector.at(Site.STORE_VERSIONS)));
    for (String name : NAMES) {
      store.always(Op.FETCH, name, FakeStep.run(() -> injector.at(Site.STORE_FETCH)));
    }
  }
}
