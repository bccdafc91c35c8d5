package de.lifetimecircle.secrets.operations.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretValue;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueShapeTest {
  private static final int SEED = 20260301;

  @ParameterizedTest
  @CsvSource({
    "HEX, 32, '[0-9a-f]{64}', 256",
    "HEX_UPPER, 16, '[0-9A-F]{32}', 128",
    "BASE64, 32, '[A-Za-z0-9+/]{43}=', 256",
    "BASE64URL, 32, '[A-Za-z0-9_-]{43}', 256",
    "ALPHANUMERIC, 32, '[A-Za-z0-9]{32}', 190",
    "PASSPHRASE, 7, '([bdfghklmnprstvwz][aeiou]){3}(-([bdfghklmnprstvwz][aeiou]){3}){6}', 132",
  })
  void makesTheAlphabetItNames(ValueShape.Type type, int amount, String pattern, int bits) {
    ValueShape shape = new ValueShape(type, amount);
    Set<String> made = new HashSet<>();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 200; i++) {
      try (SecretValue value = shape.make(random)) {
        assertThat(value.asString()).matches(pattern);
        made.add(value.asString());
      }
    }
    assertThat(made).hasSize(200);
    assertThat(shape.bits()).isEqualTo(bits);
  }

  @Test
  void encodesAsManyBytesAsAsked() {
    try (SecretValue value =
        new ValueShape(ValueShape.Type.BASE64, 33).make(new SplittableRandom(SEED))) {
      assertThat(Base64.getDecoder().decode(value.asString())).hasSize(33);
    }
  }

  @ParameterizedTest
  @EnumSource(ValueShape.Type.class)
  void refusesWhatIsWeakerThan16Bytes(ValueShape.Type type) {
    assertThat(new ValueShape(type, type.minimum()).bits()).isGreaterThanOrEqualTo(128);
    assertThatThrownBy(() -> new ValueShape(type, type.minimum() - 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least " + type.unit() + " " + type.minimum());
    assertThatThrownBy(() -> new ValueShape(type, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ValueShape(type, 4097))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** What is recognised makes values of the same length and alphabet again. */
  @ParameterizedTest
  @EnumSource(value = ValueShape.Type.class, names = "PASSPHRASE", mode = EnumSource.Mode.EXCLUDE)
  void recognisesWhatItMakes(ValueShape.Type type) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int amount = Math.max(24, type.minimum()); amount < 70; amount++) {
      try (SecretValue value = new ValueShape(type, amount).make(random)) {
        ValueShape shape = ValueShape.recognise(value);
        assertThat(shape).as(value.asString()).isNotNull();
        try (SecretValue next = shape.make(random)) {
          assertThat(next.size()).isEqualTo(value.size());
        }
        boolean narrower =
            type.name().startsWith("BASE64") && shape.type() == ValueShape.Type.ALPHANUMERIC;
        assertThat(shape.type() == type || narrower).as(value.asString()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short1A",
        "550e8400-e29b-41d4-a716-446655440000",
        "12345678901234567890123456789012",
        "bakitu-moresa-dolige-fanuvi-zezepo-hahoru-kidowa",
        "correcthorsebatterystaplecorrect",
        "CORRECTHORSEBATTERYSTAPLECORRECT",
        "postgresql://user:Passw0rd@host:5432/db",
        "Passw0rd with spaces and 3 Words",
        "0123456789abcdef0123456789abcde",
        "AKIAIOSFODNN7EXAMPLEAKIA1",
        "ünïcödeÜNÏCÖDE1234567890",
      })
  void leavesAloneWhatItIsNotSureOf(String text) {
    try (SecretValue value = SecretValue.of(text)) {
      assertThat(ValueShape.recognise(value)).isNull();
    }
  }
}
