package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PartSearchTest {

  @Test
  void agreesWithOneSearchForEachPart() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 5_000; round++) {
      Map<String, Set<String>> parts = new LinkedHashMap<>();
      for (String form : new String[] {"one", "two", "three"}) {
        parts.put(form, Set.of(word(random, 8 + random.nextInt(4)), word(random, 8) + "~"));
      }
      String text = word(random, random.nextInt(600));
      Optional<String> expected =
          parts.keySet().stream()
              .filter(form -> parts.get(form).stream().anyMatch(text::contains))
              .findFirst();
      assertThat(new PartSearch(parts).firstIn(text)).isEqualTo(expected);
    }
  }

  /** Of two letters, so that about half of the texts hold a part. */
  private static String word(SplittableRandom random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(2)));
    }
    return word.toString();
  }

  @Test
  void findsAtBothEnds() {
    PartSearch search = new PartSearch(Map.of("plain", Set.of("abcdefgh")));
    assertThat(search.firstIn("abcdefgh")).contains("plain");
    assertThat(search.firstIn("abcdefgh and more")).contains("plain");
    assertThat(search.firstIn("more and abcdefgh")).contains("plain");
    assertThat(search.firstIn("abcdefg")).isEmpty();
    assertThat(search.firstIn("")).isEmpty();
  }

  @Test
  void refusesPartsThatAreTooShort() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PartSearch(Map.of("plain", Set.of("abcdefg"))))
        .withMessage("part: too short (expected: >= 8 characters)");
  }
}
