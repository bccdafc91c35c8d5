package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedTest {
  private final Published published = new Published();

  private static Secret answer(String name) {
    SecretValue value = SecretValue.of("value").toShared();
    return Secret.fetched(name, value, "1", Instant.EPOCH, Instant.EPOCH, "test");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void answersWhatAMapWould(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Secret> model = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      // First few names, then many, so that the table grows and is cleared of old names.
      String name = "team/SECRET_" + random.nextInt(1 + i / 10);
      switch (random.nextInt(3)) {
        case 0 -> {
          Secret answer = answer(name);
          published.put(name, answer);
          model.put(name, answer);
        }
        case 1 -> {
          published.put(name, null);
          model.remove(name);
        }
        default -> assertThat(published.get(name)).isSameAs(model.get(name));
      }
    }
    model.forEach((name, answer) -> assertThat(published.get(name)).isSameAs(answer));
  }

  @Test
  void aNameThatWasNeverThereHasNoAnswer() {
    assertThat(published.get("no")).isNull();
    published.put("no", null);
    assertThat(published.get("no")).isNull();
  }

  @Test
  void namesOfOneHashAreKeptApart() {
    // The same hash code: 31 * 'A' + 'a' = 31 * 'B' + 'B'.
    Secret first = answer("Aa");
    Secret second = answer("BB");
    published.put("Aa", first);
    published.put("BB", second);
    published.put("Aa", null);
    assertThat(published.get("BB")).isSameAs(second);
    assertThat(published.get("Aa")).isNull();
    published.put("Aa", first);
    assertThat(published.get("Aa")).isSameAs(first);
  }

  @Test
  void namesThatCameAndWentTakeNoRoom() {
    for (int i = 0; i < 100_000; i++) {
      published.put("name-" + i, answer("name"));
      published.put("name-" + i, null);
    }
    assertThat(published.slots()).isEqualTo(16);
  }
}
