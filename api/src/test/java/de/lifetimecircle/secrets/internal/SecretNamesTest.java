package de.lifetimecircle.secrets.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.internal.config.LocalOverrides;
import de.lifetimecircle.secrets.internal.types.SecretNames;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "LTC_SECRET_KEY",
        "prod/LTC_SECRET_KEY",
        "a",
        "a.b",
        "..a",
        "ключ",
        "a b",
        "loc/\u00fc",
        "\ud83d\udd11"
      })
  void takesWhatSomeBackendMayTake(String name) {
    SecretNames.require(name);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "/",
        "/a",
        "a/",
        "a//b",
        "..",
        "a/../b",
        "./a",
        "a\u0000b",
        "a\nb",
        "a\\b",
        "loc/\ufffd\ufffd",
        "\ufffd",
        "a\ud83d",
        "\udd11a",
        "\udd11\ud83d"
      })
  void refusesWhatNoBackendMayGet(String name) {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> SecretNames.require(name))
        .matches(e -> e.kind() == SecretException.Kind.BAD_NAME)
        .matches(e -> e.getMessage().chars().noneMatch(Character::isISOControl));
  }

  @Test
  void refusesAnEndlessNameAndDoesNotRepeatIt() {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> SecretNames.require("n".repeat(513)))
        .matches(e -> e.getMessage().length() < 400);
    SecretNames.require("n".repeat(512));
  }

  @Test
  void anOverrideIsNamedByTheLastSegment() {
    LocalOverrides overrides = new LocalOverrides("{NAME}_LOCAL", java.util.Map.of());
    assertThat(overrides.variable("prod/ltc-secret.key")).contains("LTC_SECRET_KEY_LOCAL");
    assertThat(new LocalOverrides(null, java.util.Map.of("A_LOCAL", "x")).find("A")).isEmpty();
    Map<String, String> environment = Map.of("A_LOCAL", "local");
    LocalOverrides set = new LocalOverrides("{NAME}_LOCAL", environment);
    assertThat(set.find("A").map(SecretValue::asString)).contains("local");
    assertThat(set.find("B")).isEmpty();
    assertThat(set.isSet("A")).isTrue();
    assertThat(set.isSet("B")).isFalse();
  }

  @Test
  void anEmptyOverrideIsRefusedByItsName() {
    LocalOverrides empty = new LocalOverrides("{NAME}_LOCAL", Map.of("DB_PASSWORD_LOCAL", ""));
    assertThat(empty.isSet("prod/db-password")).isTrue();
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> empty.find("prod/db-password"))
        .matches(e -> e.kind() == SecretException.Kind.INVALID_VALUE)
        .withMessageContaining("DB_PASSWORD_LOCAL is empty");
  }
}
