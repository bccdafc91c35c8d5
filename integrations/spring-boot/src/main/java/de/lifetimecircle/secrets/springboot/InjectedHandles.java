package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;

/**
 * Opens a handle for each place that asks for one. Keeps none, because a place may be a bean of one
 * request: the provider lets a handle go that no bean has any more, and ends the others when it
 * closes.
 */
final class InjectedHandles {
  private final SecretProvider provider;
  private final PropertyReads reads;

  InjectedHandles(SecretProvider provider, PropertyReads reads) {
    this.provider = provider;
    this.reads = reads;
  }

  /**
   * Opens the handle that the place names.
   *
   * @throws IllegalStateException if it names none
   */
  SecretHandle open(InjectionPoint place) {
    @Nullable SecretName name = place.getAnnotation(SecretName.class);
    if (name == null) {
      throw new IllegalStateException(
          "Cannot inject a SecretHandle into "
              + place.getMember()
              + ": nothing names its secret. Add @SecretName(\"NAME\") to the field or parameter");
    }
    SecretHandle handle = provider.handle(name.value());
    reads.watch(provider, name.value());
    return handle;
  }
}
