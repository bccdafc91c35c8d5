package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretListener;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Publishes each rotation in the application context: first the changed properties for those who
 * bind them, then {@link SecretRotatedEvent}. Runs on the provider's thread for the listener, which
 * may take long; never refreshes a context.
 */
final class RotationEvents implements SmartInitializingSingleton, DisposableBean {
  private final ConfigurableApplicationContext context;
  private final PropertyReads reads;
  private final DependentProperties dependents;
  private final Consumer<Set<String>> changed;
  private SecretListener.@Nullable Registration listening;

  /**
   * Makes the events of one application.
   *
   * @param changed gets the names of the properties that depend on the rotated secret
   */
  RotationEvents(
      ConfigurableApplicationContext context,
      PropertyReads reads,
      DependentProperties dependents,
      Consumer<Set<String>> changed) {
    this.context = context;
    this.reads = reads;
    this.dependents = dependents;
    this.changed = changed;
  }

  /** Subscribes to the rotations, once the listeners of the application are known. */
  @Override
  public void afterSingletonsInstantiated() {
    listening = reads.onRotation(this::rotated);
  }

  /** The reads may be those of a parent context, which lives on. */
  @Override
  public void destroy() {
    if (listening != null) {
      listening.close();
    }
  }

  private void rotated(SecretEvent event) {
    if (!context.isActive()) {
      return; // closing: no listener is left
    }
    Set<String> properties = dependents.of(event.name());
    try {
      if (!properties.isEmpty()) {
        changed.accept(properties);
      }
    } finally { // a bean that rejects its new value keeps no other bean from the rotation
      context.publishEvent(
          new SecretRotatedEvent(
              context,
              event.name(),
              event.oldVersion().orElse(null),
              event.newVersion().orElse(null)));
    }
  }
}
