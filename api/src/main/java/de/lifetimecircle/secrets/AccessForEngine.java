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
      String scheme) {
    return Secret.fetched(name, value, version, created, fetchedAt, scheme);
  }

  @Override
  public Secret override(String name, SecretValue value, Instant now) {
    return Secret.override(name, value, now);
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
  public SecretEvent rotated(String name, String oldVersion, String newVersion) {
    return SecretEvent.rotated(name, oldVersion, newVersion);
  }

  @Override
  public SecretEvent failed(String name, String heldVersion, SecretException.Kind kind) {
    return SecretEvent.failed(name, heldVersion, kind);
  }

  @Override
  public SecretEvent expired(String name, String heldVersion) {
    return SecretEvent.expired(name, heldVersion);
  }

  @Override
  public SecretException again(SecretException failure) {
    return failure.again();
  }

  @Override
  public SecretException ofName(SecretException failure, String name) {
    return failure.of(name);
  }

  @Override
  public SecretResult result(Secret secret) {
    return SecretResult.of(secret);
  }

  @Override
  public SecretResult result(String name, SecretException failure) {
    return SecretResult.failed(name, failure);
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
