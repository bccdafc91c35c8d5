package de.lifetimecircle.secrets.internal.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.NoStore;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import org.junit.jupiter.api.Test;

class ValueSizeLimitTest {
  private static void fails(Kind kind, int size) {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> put(ValueSizeLimit.PORTABLE, size))
        .matches(e -> e.kind() == kind)
        .withMessageStartingWith("Cannot put secret 'NAME': the value is ")
        .withMessageContaining("Set limits=backend");
  }

  private static void put(ValueSizeLimit limits, int size) {
    limits.require("put secret", "NAME", SecretValue.of(new byte[size]));
  }

  @Test
  void portableIsWhatEveryBackendTakes() {
    fails(Kind.INVALID_VALUE, 0);
    fails(Kind.TOO_LARGE, 25_601);
    assertThatCode(() -> put(ValueSizeLimit.PORTABLE, 1)).doesNotThrowAnyException();
    assertThatCode(() -> put(ValueSizeLimit.PORTABLE, 25_600)).doesNotThrowAnyException();
  }

  @Test
  void backendDecidesWhereItIsToldTo() {
    assertThatCode(() -> put(ValueSizeLimit.BACKEND, 0)).doesNotThrowAnyException();
    assertThatCode(() -> put(ValueSizeLimit.BACKEND, 1_000_000)).doesNotThrowAnyException();
  }

  @Test
  void settingIsOneOfTheTwo() {
    assertThatExceptionOfType(SecretException.class)
        .isThrownBy(
            () ->
                SecretProvider.builder()
                    .store(new NoStore())
                    .environment(java.util.Map.of())
                    .set("limits", "none")
                    .build())
        .withMessageContaining("limits: none (expected: portable or backend)");
  }
}
