package de.lifetimecircle.secrets.springboot;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Shows {@link SecretsHealth} in Spring Boot 3.5, where health is a part of the actuator. */
record ActuatorHealthIndicator(SecretsHealth secrets) implements HealthIndicator {
  @Override
  public Health health() {
    SecretsHealth.State state = secrets.state();
    return (state.up() ? Health.up() : Health.down()).withDetails(state.details()).build();
  }
}
