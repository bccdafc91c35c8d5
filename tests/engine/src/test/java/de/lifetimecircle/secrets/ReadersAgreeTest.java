package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret.Origin;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every way to read a name gives the same answer, whichever way was taken before. */
class ReadersAgreeTest {
  private static final String KEY = "LTC_SECRET_KEY";

  /** Each way to read; a way that answers nothing gives null. */
  private static Map<String, Function<SecretProvider, @Nullable Secret>> ways() {
    Map<String, Function<SecretProvider, @Nullable Secret>> ways = new LinkedHashMap<>();
    ways.put("get", p -> p.get(KEY));
    ways.put("get at any age", p -> p.get(KEY, Duration.ofDays(9)));
    ways.put("get at once", p -> p.get(KEY, Duration.ZERO));
    ways.put("getAsync", p -> p.getAsync(KEY).join());
    ways.put("getAll", p -> p.getAll(List.of(KEY)).values().iterator().next().orElseThrow());
    ways.put("handle", p -> p.handle(KEY).get());
    ways.put("find", p -> p.find(KEY).orElseThrow());
    ways.put("refresh", p -> p.refresh(KEY));
    ways.put("valid versions", p -> p.validVersions(KEY).get(0));
    ways.put("stage CURRENT", p -> p.get(KEY, VersionSelector.stage(Stage.CURRENT)));
    ways.put("previous(0)", p -> p.get(KEY, VersionSelector.previous(0)));
    ways.put(
        "a listener",
        p -> {
          p.onChange(KEY, event -> {});
          return null;
        });
    ways.put(
        "prefetch",
        p -> {
          p.prefetch(List.of(KEY));
          return null;
        });
    ways.put(
        "the previous version",
        p -> {
          p.get(KEY, VersionSelector.stage(Stage.PREVIOUS));
          return null;
        });
    return ways;
  }

  @TestFactory
  Stream<DynamicTest> overriddenNameIsReadFromTheOverrideWhateverWasReadBefore() {
    return inEveryOrder(Map.of("LTC_SECRET_KEY_LOCAL", "local"), "local", Origin.OVERRIDE);
  }

  @TestFactory
  Stream<DynamicTest> storedNameIsReadFromTheBackendWhateverWasReadBefore() {
    return inEveryOrder(Map.of(), "two", null);
  }

  /** Two ways cover every order: what the first leaves behind, the second meets. */
  private static Stream<DynamicTest> inEveryOrder(
      Map<String, String> environment, String expected, @Nullable Origin origin) {
    List<DynamicTest> tests = new ArrayList<>();
    for (var first : ways().entrySet()) {
      for (var second : ways().entrySet()) {
        tests.add(
            DynamicTest.dynamicTest(
                first.getKey() + ", then " + second.getKey(),
                () -> {
                  FakeTicker ticker = FakeTicker.inline();
                  FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
                  ticker.advance(Duration.ofSeconds(1));
                  store.holding(KEY, "two");
                  try (SecretProvider provider =
                      SecretProvider.builder()
                          .store(store)
                          .environment(environment)
                          .clock(ticker)
                          .executor(ticker.workers())
                          .build()) {
                    for (var way : List.of(first, second, first)) {
                      Secret read = way.getValue().apply(provider);
                      ticker.advance(Duration.ofMinutes(7)); // what a refresh brings counts too
                      if (read != null) {
                        assertThat(read.asString()).as(way.getKey()).isEqualTo(expected);
                        assertThat(origin == null || read.origin() == origin)
                            .as("%s: %s", way.getKey(), read)
                            .isTrue();
                      }
                    }
                  }
                }));
      }
    }
    return tests.stream();
  }
}
