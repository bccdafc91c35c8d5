package de.lifetimecircle.secrets.springboot;

import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Holds unless the health of the secrets is switched off, by itself or with all indicators. Boot's
 * own condition is in another package in each of its versions.
 */
final class HealthIsEnabled implements Condition {
  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    Environment environment = context.getEnvironment();
    @Nullable Boolean own =
        environment.getProperty("management.health.secrets.enabled", Boolean.class);
    return own != null
        ? own
        : environment.getProperty("management.health.defaults.enabled", Boolean.class, true);
  }
}
