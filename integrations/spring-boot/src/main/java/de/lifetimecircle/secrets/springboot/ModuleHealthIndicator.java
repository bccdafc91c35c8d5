package de.lifetimecircle.secrets.springboot;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Shows {@link SecretsHealth} in Spring Boot 4, where health is a module of its own. */
final class ModuleHealthIndicator implements HealthIndicator {
  private final SecretsHealth health;

  ModuleHealthIndicator(SecretsHealth health) {
    this.health = health;
  }

  @Override
  public Health health() {
    SecretsHealth.State state = health.state();
    return (state.up() ? Health.up() : Health.down()).withDetails(state.details()).build();
  }
}
