package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.SecretException.Kind;

/** Expects a failure of one kind. */
final class Failing {
  private Failing() {}

  static SecretException fails(Kind kind, Runnable action) {
    return assertThatExceptionOfType(SecretException.class)
        .isThrownBy(action::run)
        .matches(e -> e.kind() == kind, "kind " + kind)
        .actual();
  }
}
