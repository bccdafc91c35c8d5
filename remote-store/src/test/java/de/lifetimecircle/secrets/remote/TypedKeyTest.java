package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A declaration gives the text for people, the check and the default. */
class TypedKeyTest {
  private static final TypedKey<Integer> AGE = TypedKey.days("age", "Age, %s.", 30, 7, 90);
  private static final TypedKey<Integer> COUNT =
      TypedKey.number("count", "Number, %s.", 16, 1, 500);
  private static final TypedKey<String> LOGIN =
      TypedKey.choice("login", "How to log in: %s.", "token", "cert", "aws");

  private final ConfigProblems problems = new ConfigProblems();

  private <T> T read(TypedKey<T> setting, Map<String, String> values) {
    return setting.read(
        new StoreConfig(
            values, name -> Optional.empty(), Duration.ofSeconds(1), InstantSource.system()),
        "example",
        problems);
  }

  @Test
  void descriptionNamesRangeAndDefault() {
    assertThat(AGE.key().description()).isEqualTo("Age, 7d to 90d; default 30d.");
    assertThat(COUNT.key().description()).isEqualTo("Number, 1 to 500; default 16.");
    assertThat(LOGIN.key().description()).isEqualTo("How to log in: token (default), cert or aws.");
    assertThat(TypedKey.choice("x", "%s: whether.", "on", "off").key().description())
        .isEqualTo("on (default) or off: whether.");
  }

  @Test
  void defaultHoldsWhereNoneIsSet() {
    assertThat(read(AGE, Map.of())).isEqualTo(30);
    assertThat(read(LOGIN, Map.of())).isEqualTo("token");
    assertThat(problems.list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"7d,7", "90d,90", "30,30", "' 8d ',8"})
  void numberOfTheRangeIsTaken(String text, int meant) {
    assertThat(read(AGE, Map.of("age", text))).isEqualTo(meant);
    assertThat(problems.list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6d", "91d", "-8d", "8h", "d", "many", "1234567d", "8 d"})
  void anythingElseIsReportedAndTheDefaultHolds(String text) {
    assertThat(read(AGE, Map.of("age", text))).isEqualTo(30);
    assertThat(problems.list()).containsExactly("example.age: " + text + " (expected: 7d to 90d)");
  }

  @Test
  void wordIsTakenOrReported() {
    assertThat(read(LOGIN, Map.of("login", "aws"))).isEqualTo("aws");
    assertThat(problems.list()).isEmpty();
    assertThat(read(LOGIN, Map.of("login", "AWS"))).isEqualTo("token");
    assertThat(read(COUNT, Map.of("count", ""))).isEqualTo(16);
    assertThat(read(COUNT, Map.of("count", "a\nb" + "c".repeat(100)))).isEqualTo(16);
    assertThat(problems.list())
        .containsExactly(
            "example.login: AWS (expected: token, cert or aws)",
            "example.count: empty (expected: 1 to 500)",
            "example.count: a?b" + "c".repeat(77) + "… (expected: 1 to 500)");
  }

  @ParameterizedTest
  @CsvSource({"6,7,90", "91,7,90", "30,90,7", "0,-1,90", "30,7,1000000"})
  void numberThatIsDeclaredWronglyIsRejected(int standard, int least, int most) {
    String range = least + "d to " + most + "d; default " + standard + "d";
    assertThatThrownBy(() -> TypedKey.days("age", "Age, %s.", standard, least, most))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("age: " + range + " (expected: 0 <= least <= default <= most < 1000000)");
  }

  @Test
  void choiceOfOneWordIsRejected() {
    assertThatThrownBy(() -> TypedKey.choice("login", "How to log in: %s.", "token"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("login: only the word token (expected: at least two words)");
  }
}
