package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Opens the public types to the engine, and to nothing else. Stateless. */
final class AccessForEngine extends EngineAccess {
  /** Version and scheme of an override, which no backend numbered. */
  private static final String OVERRIDE = "override";

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
    return new Secret(name, value, version, created, fetchedAt, scheme, Secret.Origin.BACKEND);
  }

  @Override
  public Secret override(String name, SecretValue value, Instant now) {
    return new Secret(name, value, OVERRIDE, Instant.EPOCH, now, OVERRIDE, Secret.Origin.OVERRIDE);
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
    return new SecretEvent(SecretEvent.Type.ROTATED, name, oldVersion, newVersion, null);
  }

  @Override
  public SecretEvent failed(String name, String heldVersion, SecretException.Kind kind) {
    SecretEvent.Type type =
        kind == SecretException.Kind.INVALID_VALUE
            ? SecretEvent.Type.VALUE_REJECTED
            : SecretEvent.Type.REFRESH_FAILED;
    return new SecretEvent(type, name, heldVersion, null, kind);
  }

  @Override
  public SecretEvent expired(String name, String heldVersion) {
    return new SecretEvent(SecretEvent.Type.EXPIRED, name, heldVersion, null, null);
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
