package de.lifetimecircle.secrets.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SupportedBootTest {
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"3.5.0", "3.5.7", "3.9.1-SNAPSHOT", "4.0.7", "4.1.2", "unknown"})
  void fits(String version) {
    assertThatCode(() -> SupportedBoot.require(version)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.7.18", "3.4.12", "5.0.0-M1", "10.0.0"})
  void doesNotFit(String version) {
    assertThatThrownBy(() -> SupportedBoot.require(version))
        .isInstanceOfSatisfying(
            SecretException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .contains(version, "3.5 or 4.x", "secrets-api"));
  }
}
