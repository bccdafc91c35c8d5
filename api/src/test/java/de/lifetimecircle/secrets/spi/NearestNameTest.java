package de.lifetimecircle.secrets.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("region", "endpoint", "max-connections", "a");

  @ParameterizedTest
  @CsvSource({
    "regoin,region",
    "regin,region",
    "endpiont,endpoint",
    "max-conections,max-connections",
    "max-,max-connections",
    "b,a"
  })
  void findsWhatWasMeant(String typed, String meant) {
    assertThat(NearestName.of(typed, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"password", "ma", "zzzzzzzzzzzzzzzzzzzzzzzzz"})
  void suggestsNothingThatIsFar(String typed) {
    assertThat(NearestName.of(typed, List.of("region", "endpoint"))).isEmpty();
    assertThat(NearestName.hint(typed, List.of("region", "endpoint"))).isEmpty();
  }

  @Test
  void hintsInWordsForTheEndOfAMessage() {
    assertThat(NearestName.hint("regoin", KNOWN)).isEqualTo("; did you mean 'region'?");
    assertThat(NearestName.hint("region", List.of())).isEmpty();
  }

  @Test
  void aLongTextIsNotComparedLetterByLetter() {
    String text = "x".repeat(1_000_000);

    assertThat(NearestName.of(text, KNOWN)).isEmpty();
  }
}
