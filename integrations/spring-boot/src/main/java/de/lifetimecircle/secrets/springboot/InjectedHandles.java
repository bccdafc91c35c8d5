package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;

/** Opens a handle for each place that asks for one, and closes them with the context. */
final class InjectedHandles implements AutoCloseable {
  private final SecretProvider provider;
  private final PropertyReads reads;
  private final List<SecretHandle> open = new CopyOnWriteArrayList<>();

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
    open.add(handle);
    if (provider.equals(reads.provider())) {
      reads.watch(name.value());
    }
    return handle;
  }

  @Override
  public void close() {
    open.forEach(SecretHandle::close);
  }
}
