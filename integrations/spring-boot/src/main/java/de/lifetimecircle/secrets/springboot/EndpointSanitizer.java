package de.lifetimecircle.secrets.springboot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides secrets in {@code /env} and {@code /configprops}, whatever {@code show-values} says: a
 * property that leads to a secret, every text that contains a value that was read by a property,
 * the values before a rotation included, and the library's own settings that bear a secret.
 */
record EndpointSanitizer(PropertyReads reads, DependentProperties dependents)
    implements SanitizingFunction {
  @Override
  public SanitizableData apply(SanitizableData data) {
    @Nullable Object value = data.getValue();
    if (value == null
        || !(EnvironmentSettings.mayBearSecret(data.getKey())
            || dependents.needsSecret(data.getKey())
            || reads.handedOut(value.toString()))) {
      return data;
    }
    return data.withValue(SanitizableData.SANITIZED_VALUE);
  }
}
