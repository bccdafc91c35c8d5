package de.lifetimecircle.secrets.springboot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataResource;

/**
 * The one source of secrets. All of its kind are equal, so that Boot makes one source of several
 * imports.
 */
final class SecretsResource extends ConfigDataResource {
  private final PropertyReads reads;

  /**
   * Makes the resource of one import.
   *
   * @param mayFail whether this import says {@code optional:}
   * @param reads what all imports of one start share
   */
  SecretsResource(boolean mayFail, PropertyReads reads) {
    super(mayFail);
    this.reads = reads;
  }

  PropertyReads reads() {
    return reads;
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
