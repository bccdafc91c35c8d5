package de.lifetimecircle.secrets.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests on one test server for a class, which each finds empty and without a fault. */
abstract class AzureOnTestVault {
  @TempDir static Path folder;

  static VaultBehindProxy vault;

  @BeforeAll
  static void start() {
    vault = new VaultBehindProxy(folder);
  }

  @AfterAll
  static void stop() {
    vault.close();
  }

  @BeforeEach
  void reset() {
    vault.reset();
  }

  /** How a call fails. */
  static SecretException failure(ThrowingCallable call) {
    SecretException failure = catchThrowableOfType(SecretException.class, call);
    assertThat(failure).as("an exception").isNotNull();
    assertThat(failure).hasMessageStartingWith("Cannot ");
    return failure;
  }

  /** How a call fails, which must be in that way. */
  static SecretException failure(Kind kind, ThrowingCallable call) {
    SecretException failure = failure(call);
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    return failure;
  }
}
