package de.lifetimecircle.secrets.springboot;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Shows {@link SecretsHealth} in Spring Boot 3.5, where health is a part of the actuator. */
final class ActuatorHealthIndicator implements HealthIndicator {
  private final SecretsHealth health;

  ActuatorHealthIndicator(SecretsHealth health) {
    this.health = health;
  }

  @Override
  public Health health() {
    SecretsHealth.State state = health.state();
    return (state.up() ? Health.up() : Health.down()).withDetails(state.details()).build();
  }
}
