package de.lifetimecircle.secrets;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a name: never holds a value. Immutable.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * secrets.onEvent(
 *     "DB_PASSWORD",
 *     event -> {
 *       switch (event.type()) {
 *         case ROTATED -> System.out.println("now " + event.newVersion().orElseThrow());
 *         case EXPIRED -> System.err.println(event.name() + " is no longer served");
 *         default -> System.err.println(event.name() + ": " + event.failure().orElseThrow());
 *       }
 *     });
 * }</pre>
 *
 * <p>Events of one name are delivered in order, after the change can be read.
 */
public final class SecretEvent {
  /** The kind of an event. */
  public enum Type {
    /** The current version is another one than before. */
    ROTATED,
    /** A refresh failed; the held value is served until it expires. */
    REFRESH_FAILED,
    /** A refresh brought a value that breaks a rule; the held value stays. */
    VALUE_REJECTED,
    /** The held value passed {@code max-stale} and is no longer served. */
    EXPIRED
  }

  private final Type type;
  private final String name;
  private final @Nullable String oldVersion;
  private final @Nullable String newVersion;
  private final SecretException.@Nullable Kind failure;

  /** For the engine; {@link AccessForEngine} calls it. */
  SecretEvent(
      Type type,
      String name,
      @Nullable String oldVersion,
      @Nullable String newVersion,
      SecretException.@Nullable Kind failure) {
    this.type = type;
    this.name = name;
    this.oldVersion = oldVersion;
    this.newVersion = newVersion;
    this.failure = failure;
  }

  /**
   * The kind of this event, which says what the other parts mean.
   *
   * @return a change for {@code ROTATED}; a failure for the others
   */
  public Type type() {
    return type;
  }

  /**
   * The name it happened to.
   *
   * @return the name without the setting {@code prefix}
   */
  public String name() {
    return name;
  }

  /**
   * The version held before.
   *
   * @return the id of the version that the cache held when it happened
   */
  public Optional<String> oldVersion() {
    return Optional.ofNullable(oldVersion);
  }

  /**
   * The version held now, when it is another one.
   *
   * @return present exactly for {@code ROTATED}
   */
  public Optional<String> newVersion() {
    return Optional.ofNullable(newVersion);
  }

  /**
   * The reason why a refresh failed, when it did.
   *
   * @return present exactly for {@code REFRESH_FAILED} and {@code VALUE_REJECTED}
   */
  public Optional<SecretException.Kind> failure() {
    return Optional.ofNullable(failure);
  }

  /** Everything the event holds; none of it is a value. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "SecretEvent[%s %s, oldVersion=%s, newVersion=%s, failure=%s]",
        type,
        name,
        oldVersion,
        newVersion,
        failure);
  }
}
