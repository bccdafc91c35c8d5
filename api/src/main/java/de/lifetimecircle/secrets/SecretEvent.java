package de.lifetimecircle.secrets;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a name: never holds a value. Immutable.
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

  private SecretEvent(
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

  static SecretEvent rotated(String name, String oldVersion, String newVersion) {
    return new SecretEvent(Type.ROTATED, name, oldVersion, newVersion, null);
  }

  static SecretEvent failed(String name, String heldVersion, SecretException.Kind failure) {
    Type type =
        failure == SecretException.Kind.INVALID_VALUE ? Type.VALUE_REJECTED : Type.REFRESH_FAILED;
    return new SecretEvent(type, name, heldVersion, null, failure);
  }

  static SecretEvent expired(String name, String heldVersion) {
    return new SecretEvent(Type.EXPIRED, name, heldVersion, null, null);
  }

  /** Returns the kind of this event. */
  public Type type() {
    return type;
  }

  /** The name it happened to. */
  public String name() {
    return name;
  }

  /** The version held before. */
  public Optional<String> oldVersion() {
    return Optional.ofNullable(oldVersion);
  }

  /** The version held now, when it is another one. */
  public Optional<String> newVersion() {
    return Optional.ofNullable(newVersion);
  }

  /** Why a refresh failed, when it did. */
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
