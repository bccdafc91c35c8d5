package de.lifetimecircle.secrets.operations.generation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.Template;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Renders templates with values from the store. Stateless. */
public final class TemplateRendering {
  private TemplateRendering() {}

  /**
   * Returns a secret's value from its template and the current parts; the caller closes it.
   *
   * @throws SecretException {@code INVALID_VALUE} if a local override hides a part, and the
   *     failures of reading a part
   */
  public static SecretValue of(
      InventorySecret secret, ServiceEnvironment environment, SecretProvider provider) {
    Template template = Objects.requireNonNull(secret.template(), secret.name());
    Map<String, SecretValue> values = new LinkedHashMap<>();
    for (String part : template.parts()) {
      Secret read = provider.get(environment.stored(part));
      if (read.origin() == Secret.Origin.OVERRIDE) {
        throw SecretException.of(SecretException.Kind.INVALID_VALUE, "put together secret")
            .name(environment.stored(secret.name()))
            .reason("a local override hides its part '" + part + "'")
            .advice("Unset the override")
            .build();
      }
      values.put(part, read.value());
    }
    return template.render(values);
  }
}
