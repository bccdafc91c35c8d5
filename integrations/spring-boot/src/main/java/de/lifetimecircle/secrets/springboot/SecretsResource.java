package de.lifetimecircle.secrets.springboot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataResource;

/** The one source of secrets. All of its kind are equal, so that two imports make one source. */
final class SecretsResource extends ConfigDataResource {
  private final boolean mayFail;

  SecretsResource(boolean mayFail) {
    super(mayFail);
    this.mayFail = mayFail;
  }

  /** Whether the import says {@code optional:}. */
  boolean mayFail() {
    return mayFail;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SecretsResource;
  }

  @Override
  public int hashCode() {
    return SecretsResource.class.hashCode();
  }

  @Override
  public String toString() {
    return "secrets:";
  }
}
