package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A store that can ask first is asked, and an unchanged value is served on. */
final class RevalidationTest {
  private static final String KEY = "LTC_SECRET_KEY";

  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store =
      FakeStore.create().numberingEachName().clock(ticker).holding(KEY, "one");
  private final List<String> asked = new ArrayList<>();

  /** Reads only what changed. */
  private final class Asking implements RevalidatingStore {
    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public StoredSecret fetch(String name) {
      asked.add("fetch");
      return store.fetch(name);
    }

    @Override
    public Optional<StoredSecret> fetchUnless(
        String name, String version, Instant created, int size) {
      asked.add("fetchUnless " + size);
      return Optional.of(store.fetch(name))
          .filter(now -> !now.version().equals(version) || !now.created().equals(created));
    }

    @Override
    public Map<String, String> describe(String name) {
      return Map.of();
    }

    @Override
    public Map<String, String> check() {
      return Map.of();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private SecretProvider provider() {
    return SecretProvider.builder()
        .store(new Asking())
        .environment(Map.of())
        .set("jitter", "0")
        .clock(ticker)
        .executor(ticker.workers())
        .build();
  }

  @Test
  void unchangedValueIsServedOnWithoutBeingRead() {
    try (SecretProvider provider = provider()) {
      Secret first = provider.get(KEY);
      Secret again = provider.refresh(KEY);
      assertThat(asked).containsExactly("fetch", "fetchUnless 3");
      assertThat(again.asString()).isEqualTo("one");
      assertThat(again.version()).isEqualTo(first.version());
      assertThat(again.origin()).isEqualTo(Secret.Origin.BACKEND);
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
    }
  }

  @Test
  void unchangedValueIsFreshAgain() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      for (int i = 0; i < 20; i++) {
        ticker.advance(Duration.ofMinutes(4));
        assertThat(provider.get(KEY).origin()).isEqualTo(Secret.Origin.CACHE);
      }
      assertThat(asked).hasSizeGreaterThan(8);
      assertThat(asked.subList(1, asked.size())).containsOnly("fetchUnless 3");
    }
  }

  @Test
  void nameThatWasMadeAgainIsReadAndServed() {
    try (SecretProvider provider = provider()) {
      String first = provider.get(KEY).version();
      store.losing(KEY);
      ticker.advance(Duration.ofSeconds(1));
      store.secondClient().put(PutRequest.always(KEY, SecretValue.of("new")));
      assertThat(provider.refresh(KEY).asString()).isEqualTo("new");
      assertThat(provider.get(KEY).version()).isEqualTo(first);
    }
  }

  @Test
  void changedValueIsReadAndServed() {
    try (SecretProvider provider = provider()) {
      provider.get(KEY);
      store.secondClient().put(PutRequest.always(KEY, SecretValue.of("two")));
      assertThat(provider.refresh(KEY).asString()).isEqualTo("two");
      assertThat(asked).containsExactly("fetch", "fetchUnless 3");
    }
  }
}
