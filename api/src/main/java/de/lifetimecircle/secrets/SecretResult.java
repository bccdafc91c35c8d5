package de.lifetimecircle.secrets;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer for one name of many: either the secret or the reason why there is none. Immutable.
 */
public final class SecretResult {
  private final String name;
  private final @Nullable Secret secret;
  private final @Nullable SecretException error;

  private SecretResult(String name, @Nullable Secret secret, @Nullable SecretException error) {
    this.name = name;
    this.secret = secret;
    this.error = error;
  }

  static SecretResult of(Secret secret) {
    return new SecretResult(secret.name(), secret, null);
  }

  static SecretResult failed(String name, SecretException error) {
    return new SecretResult(name, null, error);
  }

  /** The name that was asked for. */
  public String name() {
    return name;
  }

  /** The secret, when it could be had. */
  public Optional<Secret> secret() {
    return Optional.ofNullable(secret);
  }

  /** The reason, when it could not. */
  public Optional<SecretException> error() {
    return Optional.ofNullable(error);
  }

  /**
   * The secret.
   *
   * @throws SecretException the reason, when there is no secret
   */
  public Secret orElseThrow() {
    if (secret != null) {
      return secret;
    }
    throw error != null ? error : new IllegalStateException("a result without an answer");
  }

  /** Name and outcome; never the value. */
  @Override
  public String toString() {
    return secret != null
        ? secret.toString()
        : "SecretResult[name=" + name + ", error=" + error + "]";
  }
}
