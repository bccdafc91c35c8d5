package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A name that was purged and made again on a backend that numbers versions from 1: the id of the
 * new version is that of an old one.
 */
class RemadeVersionsTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final Duration SOFT_AGE = Duration.ofMinutes(5);

  /** The longest there is. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().numberingEachName().clock(ticker);
  private final List<SecretEvent> rotated = new ArrayList<>();

  private SecretProvider open(SecretStore used) {
    return SecretProvider.builder()
        .store(used)
        .environment(Map.of())
        .set("soft-age", SOFT_AGE.toMinutes() + "m")
        .set("retries", "0")
        .set("jitter", "0")
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers())
        .build();
  }

  private SecretProvider open() {
    return open(store);
  }

  /** A provider that has served versions 1 to n. */
  private SecretProvider openServing(int versions) {
    put("old 1");
    SecretProvider provider = open();
    provider.onChange(KEY, rotated::add);
    provider.get(KEY);
    for (int i = 2; i <= versions; i++) {
      put("old " + i);
      assertThat(provider.refresh(KEY).asString()).isEqualTo("old " + i);
    }
    rotated.clear();
    return provider;
  }

  private void put(String text) {
    ticker.advance(Duration.ofMillis(10));
    store.secondClient().put(PutRequest.always(KEY, SecretValue.of(text)));
  }

  /** Purges the name, and puts so many versions again. */
  private void remake(int versions) {
    store.losing(KEY);
    for (int i = 1; i <= versions; i++) {
      put("new " + i);
    }
  }

  /** Served so many versions before the purge, found so many after it. */
  @ParameterizedTest
  @CsvSource({"1,1", "1,3", "2,1", "3,1", "3,2", "3,3", "3,5", "12,1", "12,3", "12,12"})
  void refreshByItselfFollowsWithOneEvent(int before, int after) {
    try (SecretProvider provider = openServing(before)) {
      SecretHandle handle = provider.handle(KEY);
      remake(after);
      ticker.advance(SOFT_AGE.plus(TICK));
      assertThat(provider.get(KEY).asString()).isEqualTo("new " + after);
      assertThat(provider.get(KEY).origin()).isEqualTo(Secret.Origin.CACHE);
      assertThat(handle.get().asString()).isEqualTo("new " + after);
      assertThat(rotated).hasSize(1);
      assertThat(rotated.get(0).oldVersion()).contains("v" + before);
      assertThat(rotated.get(0).newVersion()).contains("v" + after);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9})
  void listThatWasHeldForgetsThePurgedVersions(int before) {
    try (SecretProvider provider = openServing(before)) {
      assertThat(provider.validVersions(KEY)).isNotEmpty();
      remake(1);
      assertThat(provider.validVersions(KEY, Duration.ZERO))
          .extracting(Secret::asString)
          .containsExactly("new 1");
      assertThat(provider.get(KEY).asString()).isEqualTo("new 1");
      assertThat(provider.get(KEY, VersionSelector.stage(Stage.CURRENT)).asString())
          .isEqualTo("new 1");
      assertThat(rotated).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9})
  void refreshOfAFollowedNameForgetsThePurgedVersions(int before) {
    try (SecretProvider provider = openServing(before)) {
      assertThat(provider.validVersions(KEY)).isNotEmpty();
      remake(1);
      ticker.advance(SOFT_AGE.plus(TICK));
      assertThat(provider.get(KEY).asString()).isEqualTo("new 1");
      assertThat(provider.validVersions(KEY)).extracting(Secret::asString).containsExactly("new 1");
    }
  }

  /** The clock of the backend was set back meanwhile. */
  @ParameterizedTest
  @ValueSource(strings = {"-PT1H", "-PT24H"})
  void timeOfTheNewVersionMayBeEarlier(String step) {
    try (SecretProvider provider = openServing(3)) {
      store.clock(() -> ticker.instant().plus(Duration.parse(step)));
      remake(1);
      ticker.advance(SOFT_AGE.plus(TICK));
      assertThat(provider.get(KEY).asString()).isEqualTo("new 1");
      assertThat(rotated).hasSize(1);
    }
  }

  /** Of the same time too, as where the backend counts in seconds or tells none. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1_700_000_000})
  void otherBytesUnderTheSameIdAreARotation(long second) {
    store.clock(() -> Instant.ofEpochSecond(second));
    try (SecretProvider provider = openServing(1)) {
      remake(1);
      ticker.advance(SOFT_AGE.plus(TICK));
      assertThat(provider.get(KEY).asString()).isEqualTo("new 1");
      assertThat(rotated).hasSize(1);
    }
  }

  @Test
  void sameBytesUnderTheSameIdAreNone() {
    try (SecretProvider provider = openServing(1)) {
      store.losing(KEY);
      put("old 1");
      ticker.advance(SOFT_AGE.plus(TICK));
      assertThat(provider.get(KEY).created())
          .contains(ticker.instant().minus(SOFT_AGE).minus(TICK));
      assertThat(rotated).isEmpty();
    }
  }

  /** After it followed, an answer of a replica that lags behind is recognised as before. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void answerFromBeforeThePurgeIsNotServedAgain(int before) {
    put("old 1");
    Replica replica = new Replica();
    try (SecretProvider provider = open(replica)) {
      provider.get(KEY);
      for (int i = 2; i <= before; i++) {
        put("old " + i);
        assertThat(provider.refresh(KEY).asString()).isEqualTo("old " + i);
      }
      StoredSecret old = store.fetch(KEY);
      List<SecretVersion> oldList = store.versions(KEY);
      remake(1);
      assertThat(provider.get(KEY, Duration.ZERO).asString()).isEqualTo("new 1");
      replica.lagsAt(old, oldList);
      ticker.advance(SOFT_AGE.plus(TICK));
      assertThat(provider.get(KEY).asString()).isEqualTo("new 1");
      assertThat(provider.get(KEY).staleReason())
          .hasValueSatisfying(reason -> assertThat(reason).contains("UNAVAILABLE"));
      replica.catchesUp();
      put("new 2");
      ticker.advance(SOFT_AGE.multipliedBy(4));
      assertThat(provider.get(KEY).asString()).isEqualTo("new 2");
    }
  }

  @Test
  void failureBetweenPurgeAndPutIsOvercome() {
    try (SecretProvider provider = openServing(3)) {
      store.losing(KEY);
      ticker.advance(SOFT_AGE.plus(TICK));
      store.always(Op.FETCH, KEY, FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(SOFT_AGE.plus(TICK));
      store.recover();
      put("new 1");
      ticker.advance(SOFT_AGE.plus(TICK));
      assertThat(provider.get(KEY).asString()).isEqualTo("new 1");
    }
  }

  /** A replica that may show the backend as it was once. */
  private final class Replica implements VersionedStore {
    private @Nullable StoredSecret current;
    private List<SecretVersion> listed = List.of();

    void lagsAt(StoredSecret old, List<SecretVersion> oldList) {
      current = old;
      listed = oldList;
    }

    void catchesUp() {
      current = null;
    }

    @Override
    public Set<Capability> capabilities() {
      return store.capabilities();
    }

    @Override
    public StoredSecret fetch(String name) {
      StoredSecret old = current;
      return old == null
          ? store.fetch(name)
          : new StoredSecret(old.value().copy(), old.version(), old.created());
    }

    @Override
    public StoredSecret fetchVersion(String name, String version) {
      return store.fetchVersion(name, version);
    }

    @Override
    public List<SecretVersion> versions(String name) {
      return current == null ? store.versions(name) : listed;
    }

    @Override
    public Map<String, String> describe(String name) {
      return store.describe(name);
    }

    @Override
    public Map<String, String> check() {
      return store.check();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
