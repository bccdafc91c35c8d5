package de.lifetimecircle.secrets.springboot;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEvent;

/**
 * Tells the beans of an application that a secret has another current version, after the new one
 * can be read. Never holds a value. Immutable.
 *
 * <p>It is published for the names that were read by a property, that a {@link SecretName} injects,
 * that {@code secrets.require} lists, and that {@code secrets.ssl} and {@code secrets.datasource}
 * name. The listener runs on a thread of the provider and may block, for example to open a
 * connection.
 */
public final class SecretRotatedEvent extends ApplicationEvent {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final @Nullable String oldVersion;
  private final @Nullable String newVersion;

  SecretRotatedEvent(
      Object source, String name, @Nullable String oldVersion, @Nullable String newVersion) {
    super(source);
    this.name = name;
    this.oldVersion = oldVersion;
    this.newVersion = newVersion;
  }

  /** Returns the name of the secret. */
  public String name() {
    return name;
  }

  /** Returns the id of the version that was current before. */
  public Optional<String> oldVersion() {
    return Optional.ofNullable(oldVersion);
  }

  /** Returns the id of the version that is current now. */
  public Optional<String> newVersion() {
    return Optional.ofNullable(newVersion);
  }

  /** Shows the name and the versions. */
  @Override
  public String toString() {
    return "SecretRotatedEvent[" + name + ", " + oldVersion + " -> " + newVersion + "]";
  }
}
