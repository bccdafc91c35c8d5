package de.lifetimecircle.secrets.springboot;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Shows {@link SecretsHealth} in Spring Boot 4, where health is a module of its own. */
record ModuleHealthIndicator(SecretsHealth secrets) implements HealthIndicator {
  @Override
  public Health health() {
    SecretsHealth.State state = secrets.state();
    return (state.up() ? Health.up() : Health.down()).withDetails(state.details()).build();
  }
}
