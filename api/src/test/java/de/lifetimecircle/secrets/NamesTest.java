package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"LTC_SECRET_KEY", "prod/LTC_SECRET_KEY", "a", "a.b", "..a", "ключ", "a b"})
  void takesWhatSomeBackendMayTake(String name) {
    Names.require(name);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {"/", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\u0000b", "a\nb", "a\\b"})
  void refusesWhatNoBackendMayGet(String name) {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> Names.require(name))
        .matches(e -> e.kind() == SecretException.Kind.BAD_NAME)
        .matches(e -> e.getMessage().chars().noneMatch(Character::isISOControl));
  }

  @Test
  void refusesAnEndlessNameAndDoesNotRepeatIt() {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> Names.require("n".repeat(513)))
        .matches(e -> e.getMessage().length() < 400);
    Names.require("n".repeat(512));
  }

  @Test
  void anOverrideIsNamedByTheLastSegment() {
    Overrides overrides = new Overrides("{NAME}_LOCAL", java.util.Map.of());
    assertThat(overrides.variable("prod/ltc-secret.key")).contains("LTC_SECRET_KEY_LOCAL");
    assertThat(new Overrides(null, java.util.Map.of("A_LOCAL", "x")).find("A")).isEmpty();
    Map<String, String> environment = Map.of("A_LOCAL", "local");
    Overrides set = new Overrides("{NAME}_LOCAL", environment);
    assertThat(set.find("A").map(SecretValue::asString)).contains("local");
    assertThat(set.find("B")).isEmpty();
  }
}
