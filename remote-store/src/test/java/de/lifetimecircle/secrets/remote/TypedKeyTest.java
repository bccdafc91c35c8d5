package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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

  private final List<String> problems = new ArrayList<>();

  private <T> T read(TypedKey<T> setting, Map<String, String> values) {
    return read(setting, values, Map.of());
  }

  private <T> T read(
      TypedKey<T> setting, Map<String, String> values, Map<String, String> environment) {
    StoreSettings settings =
        new StoreSettings(
            "example",
            new StoreConfig(
                values,
                name -> Optional.ofNullable(environment.get(name)),
                Duration.ofSeconds(1),
                InstantSource.system()));
    T value = settings.read(setting);
    assertThat(settings.read(setting)).as("read again").isEqualTo(value);
    assertThat(settings.isSet(setting)).isEqualTo(values.containsKey(setting.name()));
    problems.addAll(settings.problems().list());
    return value;
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
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"7d,7", "90d,90", "30,30", "' 8d ',8"})
  void numberOfTheRangeIsTaken(String text, int meant) {
    assertThat(read(AGE, Map.of("age", text))).isEqualTo(meant);
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6d", "91d", "-8d", "8h", "d", "many", "1234567d", "8 d"})
  void anythingElseIsReportedAndTheDefaultHolds(String text) {
    assertThat(read(AGE, Map.of("age", text))).isEqualTo(30);
    assertThat(problems).containsExactly("example.age: " + text + " (expected: 7d to 90d)");
  }

  @Test
  void wordIsTakenOrReported() {
    assertThat(read(LOGIN, Map.of("login", "aws"))).isEqualTo("aws");
    assertThat(problems).isEmpty();
    assertThat(read(LOGIN, Map.of("login", "AWS"))).isEqualTo("token");
    assertThat(read(COUNT, Map.of("count", ""))).isEqualTo(16);
    assertThat(read(COUNT, Map.of("count", "a\nb" + "c".repeat(100)))).isEqualTo(16);
    assertThat(problems)
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

  @Test
  void textIsOptionalAndHasAForm() {
    TypedKey<Optional<String>> any = TypedKey.text("any", "Any.");
    TypedKey<Optional<String>> code = TypedKey.text("code", "Code.", "[a-z]{2}", "two letters");
    assertThat(read(any, Map.of())).isEmpty();
    assertThat(read(any, Map.of("any", " x "))).contains("x");
    assertThat(read(code, Map.of("code", " de "))).contains("de");
    assertThat(problems).isEmpty();
    assertThat(read(any, Map.of("any", " "))).isEmpty();
    assertThat(read(code, Map.of("code", "deu"))).isEmpty();
    assertThat(problems)
        .containsExactly(
            "example.any: empty (expected: a value, or leave it out)",
            "example.code: deu (expected: two letters)");
  }

  @Test
  void secretIsTakenAsItIsAndNotShown() {
    TypedKey<Optional<String>> token = TypedKey.secret("token", "Token.");
    assertThat(read(token, Map.of("token", "canary "))).contains("canary ");
    assertThat(read(token, Map.of("token", " "))).isEmpty();
    assertThat(problems)
        .containsExactly("example.token: empty (expected: a value, or leave it out)");
  }

  @Test
  void fileIsAbsoluteAndMayBeginAtHome() {
    TypedKey<Optional<Path>> file = TypedKey.file("file", "File.");
    Map<String, String> home = Map.of("HOME", "/home/somebody");
    assertThat(read(file, Map.of("file", "~/a.pem"), home))
        .contains(Path.of("/home/somebody/a.pem"));
    assertThat(read(file, Map.of("file", "a.pem"), home).orElseThrow()).isAbsolute();
    assertThat(read(file, Map.of("file", "a\0"))).isEmpty();
    assertThat(problems).containsExactly("example.file: a? (expected: a path)");
  }

  @Test
  void variableHoldsWhereTheSettingIsMissing() {
    TypedKey<Optional<String>> code =
        TypedKey.text("code", "Code.", "[a-z]{2}", "two letters").or("CODE", "OLD_CODE");
    assertThat(read(code, Map.of(), Map.of("CODE", " ", "OLD_CODE", "fr"))).contains("fr");
    assertThat(read(code, Map.of("code", "de"), Map.of("CODE", "fr"))).contains("de");
    assertThat(read(code, Map.of(), Map.of("CODE", "french"))).isEmpty();
    assertThat(problems).containsExactly("$CODE: french (expected: two letters)");
  }

  @Test
  void tagsAreReadInOrderAndWrongOnesAreNamed() {
    TypedKey<Map<String, String>> tags = TypedKey.tags("tags", "Tags.", 2, "own:");
    String expected =
        " (expected: KEY=VALUE, each key once, at most 2, of 1 to 128 and 0 to 256 characters, not"
            + " beginning with own:)";
    assertThat(read(tags, Map.of("tags", " "))).isEmpty();
    assertThat(read(tags, Map.of("tags", "b=1, a = x=y")))
        .containsExactly(Map.entry("b", "1"), Map.entry("a", "x=y"));
    assertThat(problems).isEmpty();
    assertThat(read(tags, Map.of("tags", "a,=x,Own:b=1,c=1,c=2"))).isEmpty();
    assertThat(read(tags, Map.of("tags", "a=1,b=2,c=3"))).isEmpty();
    assertThat(problems)
        .containsExactly(
            "example.tags: a, (empty), Own:b, c" + expected, "example.tags: 3 tags" + expected);
  }
}
