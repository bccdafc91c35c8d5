package de.lifetimecircle.secrets;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of a secret as it was read: its name, value and version, when it was fetched, and
 * where this answer came from.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * Secret secret = secrets.get("DB_PASSWORD");
 * String password = secret.asString();
 * if (secret.origin() == Secret.Origin.STALE) {
 *   System.err.println(secret.name() + ": " + secret.staleReason().orElseThrow());
 * }
 * }</pre>
 *
 * <p>Immutable and safe to share; {@code toString} shows everything but the value.
 */
public final class Secret {
  /** Where an answer came from. */
  public enum Origin {
    /** Fetched from the backend for this call. */
    BACKEND,
    /** Held by the cache and within its age. */
    CACHE,
    /** Held by the cache past its age, because no newer answer could be had; see the reason. */
    STALE,
    /** Taken from a local override instead of the backend. */
    OVERRIDE
  }

  private final String name;
  private final SecretValue value;
  private final String version;
  private final Instant created;

  // An instant, without the object: every answer that is held has one.
  private final long fetchedSecond;
  private final int fetchedNano;

  private final String scheme;

  /** The origin; where that is STALE, the reason, so that one field is enough for both. */
  private final Object originOrReason;

  /** For the engine; {@link AccessForEngine} calls it. */
  Secret(
      String name,
      SecretValue value,
      String version,
      Instant created,
      Instant fetchedAt,
      String scheme,
      Object originOrReason) {
    this.name = name;
    this.value = value;
    this.version = version;
    this.created = created;
    this.fetchedSecond = fetchedAt.getEpochSecond();
    this.fetchedNano = fetchedAt.getNano();
    this.scheme = scheme;
    this.originOrReason = originOrReason;
  }

  /** The same version, seen in the backend again at that time. */
  Secret seenAgain(Instant at) {
    return new Secret(name, value, version, created, at, scheme, Origin.BACKEND);
  }

  Secret cached() {
    return originOrReason == Origin.CACHE
        ? this
        : new Secret(name, value, version, created, fetchedAt(), scheme, Origin.CACHE);
  }

  Secret asStale(String reason) {
    return new Secret(name, value, version, created, fetchedAt(), scheme, reason);
  }

  /**
   * The name it was asked for.
   *
   * @return the name as the caller wrote it, without the setting {@code prefix}
   */
  public String name() {
    return name;
  }

  /**
   * The value of this version.
   *
   * @return bytes that all readers of the version share; closing them has no effect. They are
   *     overwritten when the provider is closed
   */
  public SecretValue value() {
    return value;
  }

  /**
   * Decodes the value as UTF-8; short for {@code value().asString()}.
   *
   * @return the text, which stays on the heap until the garbage collector takes it
   * @throws SecretException {@code INVALID_VALUE} if the bytes are not UTF-8, {@code CLOSED} after
   *     the provider was closed
   */
  public String asString() {
    return value.asString();
  }

  /**
   * The opaque id of the version.
   *
   * @return the id as the backend gave it, to compare or to hand back; {@code override} for a local
   *     override
   */
  public String version() {
    return version;
  }

  /**
   * The time when the version was made, by the backend's clock.
   *
   * @return the time; empty if the backend does not give it, and for a local override
   */
  public Optional<Instant> created() {
    return created.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(created);
  }

  /**
   * The backend that the value is from.
   *
   * @return its scheme, such as {@code aws}; {@code override} for a local override
   */
  public String scheme() {
    return scheme;
  }

  /**
   * The time when the backend gave this answer, or confirmed that it is current still.
   *
   * @return the time of day by the provider's clock, which may have been set since
   */
  public Instant fetchedAt() {
    return Instant.ofEpochSecond(fetchedSecond, fetchedNano);
  }

  /**
   * The place where this answer came from.
   *
   * @return {@code STALE} for an answer past its age, which is served because the backend fails
   */
  public Origin origin() {
    return originOrReason instanceof Origin origin ? origin : Origin.STALE;
  }

  /**
   * The reason why the answer is stale, in words for a log.
   *
   * @return present exactly when the origin is {@code STALE}
   */
  public Optional<String> staleReason() {
    return originOrReason instanceof String reason ? Optional.of(reason) : Optional.empty();
  }

  /** Equality of name, version and value. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret that
        && name.equals(that.name)
        && version.equals(that.version)
        && value.equals(that.value);
  }

  /** A hash of name and version. */
  @Override
  public int hashCode() {
    return 31 * name.hashCode() + version.hashCode();
  }

  /** Name, version, time and origin; never the value. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Secret[name=%s, version=%s, fetchedAt=%s, origin=%s, value=redacted]",
        name,
        version,
        fetchedAt(),
        origin());
  }
}
