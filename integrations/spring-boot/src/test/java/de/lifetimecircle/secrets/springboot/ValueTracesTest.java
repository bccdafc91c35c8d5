package de.lifetimecircle.secrets.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ValueTracesTest {
  private final ValueTraces traces = new ValueTraces();

  private static String text(SplittableRandom random, int length) {
    return random
        .ints(length, 0, 3)
        .collect(
            StringBuilder::new,
            (s, i) -> s.append("a\u00e9\uffff".charAt(i)),
            StringBuilder::append)
        .toString();
  }

  @Test
  void findsExactlyTheTextsThatContainAValue() {
    SplittableRandom random = new SplittableRandom(17);
    int found = 0;
    for (int round = 0; round < 5_000; round++) {
      ValueTraces some = new ValueTraces();
      String one = text(random, random.nextInt(6, 9));
      String two = text(random, random.nextInt(6, 12));
      some.add(one);
      some.add(two);
      String shown = text(random, random.nextInt(0, 400));
      boolean contains = shown.contains(one) || shown.contains(two);
      assertThat(some.foundIn(shown)).as("round %d", round).isEqualTo(contains);
      found += contains ? 1 : 0;
    }
    assertThat(found).as("both answers occur").isBetween(500, 4_500);
  }

  @Test
  void aShortValueIsFoundAsAWholeOnly() {
    traces.add("abc");
    assertThat(traces.foundIn("abc")).isTrue();
    assertThat(traces.foundIn("xabcx")).isFalse();
    assertThat(traces.foundIn("abd")).isFalse();
  }

  @Test
  void anEmptyValueIsNowhere() {
    traces.add("");
    assertThat(traces.foundIn("")).isFalse();
    assertThat(traces.foundIn("anything")).isFalse();
  }
}
