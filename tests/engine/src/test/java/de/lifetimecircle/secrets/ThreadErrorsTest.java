package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Injector.Site;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An error on each kind of thread that the engine starts, at each site that this thread comes to:
 * the thread comes there again, every way to read follows a rotation, and an outage ends what is
 * served a tick past max-stale. In real time, so all lives are lived at once. The timer has no
 * role: it comes to a site only where it ends a call a moment before a tick does.
 */
class ThreadErrorsTest {
  /** The sites that the threads of each role come to while the store is healthy. */
  private static final Map<String, Set<Site>> HEALTHY = new LinkedHashMap<>();

  /** The same, for a store that hangs. */
  private static final Map<String, Set<Site>> HANGING = new LinkedHashMap<>();

  static {
    Set<Site> clocks = EnumSet.of(Site.NANO_TIME, Site.TIME_OF_DAY);
    Set<Site> landing =
        EnumSet.of(
            Site.NANO_TIME,
            Site.TIME_OF_DAY,
            Site.RANDOM,
            Site.METRICS_LOADED,
            Site.VALIDATOR,
            Site.STORE_FETCH);
    HEALTHY.put("call", and(landing, Site.STORE_VERSIONS, Site.STORE_LIST, Site.STORE_PUT));
    HEALTHY.put("bulk", and(landing, Site.STORE_FETCH_ALL));
    HEALTHY.put("refresh", and(landing, Site.STORE_VERSIONS));
    HEALTHY.put("event", EnumSet.of(Site.LISTENER));
    HEALTHY.put("callback", EnumSet.of(Site.CALLBACK));
    HEALTHY.put("sweep", and(clocks, Site.METRICS_LOADING));
    HEALTHY.put("push", and(clocks, Site.RANDOM));
    HANGING.putAll(HEALTHY);
  }

  private static final Logger LOGGER = Logger.getLogger(SecretProvider.class.getPackageName());
  private static final int AT_ONCE = 40;
  private static final ExecutorService LIVES = Executors.newFixedThreadPool(AT_ONCE);
  private static final Map<Case, Future<Object>> RUNNING = new LinkedHashMap<>();

  /** An error at one site of one role, in one kind of life. */
  private record Case(boolean hangs, String role, Site site) {
    @Override
    public String toString() {
      return role + " at " + site + (hangs ? ", while the store begins to hang" : "");
    }

    Object live() throws Exception {
      Duration maxStale = hangs ? Duration.ofSeconds(3) : Duration.ofMinutes(1);
      Injector injector =
          new Injector(site, Injector.error(hangs ? 0 : 1), hangs ? 3 : 1, "secrets-" + role + "-");
      try (RealTimeLife life = new RealTimeLife(role, injector, maxStale)) {
        if (hangs) {
          life.expires();
        } else {
          life.follows();
        }
      }
      return injector;
    }
  }

  private static Set<Site> and(Set<Site> sites, Site... more) {
    Set<Site> all = EnumSet.copyOf(sites);
    all.addAll(List.of(more));
    return all;
  }

  static Stream<Case> cases() {
    return Stream.of(false, true)
        .flatMap(
            hangs ->
                (hangs ? HANGING : HEALTHY)
                    .entrySet().stream()
                        .flatMap(
                            each ->
                                each.getValue().stream()
                                    .map(site -> new Case(hangs, each.getKey(), site))));
  }

  @BeforeAll
  static void begin() {
    LOGGER.setUseParentHandlers(false); // each planted error is in the log
    cases().forEach(each -> RUNNING.put(each, LIVES.submit(each::live)));
  }

  @AfterAll
  static void end() {
    LIVES.shutdownNow();
    LOGGER.setUseParentHandlers(true);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noErrorEndsAThread(Case one) throws Exception {
    assertThat(RUNNING.get(one).get(120, TimeUnit.SECONDS)).isNotNull();
  }
}
