package de.lifetimecircle.secrets;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer for one name of many: either the secret or the reason why there is none. Immutable.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * for (SecretResult result : secrets.getAll(List.of("DB_PASSWORD", "API_TOKEN")).values()) {
 *   result
 *       .error()
 *       .ifPresentOrElse(
 *           error -> System.err.println(error.getMessage()),
 *           () -> System.out.println(result.name() + " is at " + result.orElseThrow().version()));
 * }
 * }</pre>
 */
public final class SecretResult {
  private final String name;
  private final @Nullable Secret secret;
  private final @Nullable SecretException error;

  /** For the engine; {@link AccessForEngine} calls it. */
  SecretResult(String name, @Nullable Secret secret, @Nullable SecretException error) {
    this.name = name;
    this.secret = secret;
    this.error = error;
  }

  /**
   * The name that was asked for.
   *
   * @return the name as the caller wrote it, a bad one too
   */
  public String name() {
    return name;
  }

  /**
   * The secret, when the read succeeded.
   *
   * @return empty exactly when {@link #error} is present
   */
  public Optional<Secret> secret() {
    return Optional.ofNullable(secret);
  }

  /**
   * The failure, when the read failed.
   *
   * @return empty exactly when {@link #secret} is present
   */
  public Optional<SecretException> error() {
    return Optional.ofNullable(error);
  }

  /**
   * Unpacks the result, for code that handles no failure by itself.
   *
   * @return the secret
   * @throws SecretException the exception of {@link #error}, when there is no secret
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
