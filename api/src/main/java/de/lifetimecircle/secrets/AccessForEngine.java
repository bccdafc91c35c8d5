package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Opens the public types to the engine, and to nothing else. Stateless. */
final class AccessForEngine extends EngineAccess {
  private AccessForEngine() {}

  /** Called where a provider begins to be built. */
  static void offer() {
    offer(new AccessForEngine());
  }

  @Override
  public Secret fetched(
      String name,
      SecretValue value,
      String version,
      Instant created,
      Instant fetchedAt,
      String scheme,
      Secret.Origin origin) {
    return new Secret(name, value, version, created, fetchedAt, scheme, origin);
  }

  @Override
  public Secret seenAgain(Secret secret, Instant at) {
    return secret.seenAgain(at);
  }

  @Override
  public Secret cached(Secret secret) {
    return secret.cached();
  }

  @Override
  public Secret asStale(Secret secret, String reason) {
    return secret.asStale(reason);
  }

  @Override
  public SecretEvent event(
      SecretEvent.Type type,
      String name,
      String heldVersion,
      @Nullable String newVersion,
      SecretException.@Nullable Kind failure) {
    return new SecretEvent(type, name, heldVersion, newVersion, failure);
  }

  @Override
  public SecretException again(SecretException failure) {
    return new SecretException(failure, failure.name().orElse(null));
  }

  @Override
  public SecretException ofName(SecretException failure, String name) {
    return new SecretException(failure, name);
  }

  @Override
  public SecretResult result(Secret secret) {
    return new SecretResult(secret.name(), secret, null);
  }

  @Override
  public SecretResult result(String name, SecretException failure) {
    return new SecretResult(name, null, failure);
  }

  @Override
  public SecretValue toShared(SecretValue value) {
    return value.toShared();
  }

  @Override
  public byte[] sharedBytes(SecretValue value) {
    return value.sharedBytes();
  }

  @Override
  public void overwrite(SecretValue value) {
    value.overwrite();
  }

  @Override
  public @Nullable Object watch(SecretValue value) {
    return value.watch();
  }

  @Override
  public void watch(SecretValue value, @Nullable Object noted) {
    value.watch(noted);
  }
}
