package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.spi.NearestName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The secrets that a template names, and their rules. Immutable. */
public final class TemplateSecrets {
  private static final String PLACE = "a configuration file";

  private final ConfigTemplate template;
  private final Map<String, WiredVariable> byName;

  private TemplateSecrets(ConfigTemplate template, Map<String, WiredVariable> byName) {
    this.template = template;
    this.byName = byName;
  }

  /** Returns the secrets of a template without an inventory: its names are those in the store. */
  public static TemplateSecrets of(ConfigTemplate template) {
    Map<String, WiredVariable> byName = new LinkedHashMap<>();
    template.names().forEach(name -> byName.put(name, WiredVariable.of(variable(byName), name)));
    return new TemplateSecrets(template, byName);
  }

  /**
   * Returns the secrets of a template whose names are those of an inventory, and whose values must
   * obey its rules.
   *
   * @param environment its name; empty if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} with every name that the inventory does not have
   */
  public static TemplateSecrets of(
      ConfigTemplate template, Inventory inventory, String environment) {
    ServiceEnvironment where = inventory.environment(environment);
    Map<String, InventorySecret> known = inventory.byName(where);
    Map<String, WiredVariable> byName = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (String name : template.names()) {
      InventorySecret secret = known.get(name);
      if (secret == null) {
        problems.add(
            "'" + name + "' is not in the inventory" + NearestName.hint(name, known.keySet()));
      } else {
        byName.put(
            name, new WiredVariable(variable(byName), where.stored(name), secret.rules(), null));
      }
    }
    if (!problems.isEmpty()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "render the template")
          .reason(problems.size() + " of its names are unknown")
          .problems(problems)
          .build();
    }
    return new TemplateSecrets(template, byName);
  }

  /** A name for the checks that variables of programs go through; no process ever gets it. */
  private static String variable(Map<String, WiredVariable> earlier) {
    return "GAP_" + earlier.size();
  }

  /** Returns the names in the store. */
  public List<String> stored() {
    return byName.values().stream().map(WiredVariable::name).distinct().toList();
  }

  /**
   * Returns the rendered file in UTF-8. Blocks for the backend.
   *
   * @throws SecretException the backend's failure; {@code INVALID_VALUE} if a value breaks a rule,
   *     is empty or not a text, or has no such field
   */
  public byte[] render(SecretProvider provider) {
    Map<String, WiredValue> values = new LinkedHashMap<>();
    ProgramWiring.of(List.copyOf(byName.values()))
        .read(provider, Map.of())
        .forEach(value -> values.put(value.variable(), value));
    return template
        .render(
            gap ->
                text(
                    gap,
                    Objects.requireNonNull(
                        values.get(
                            Objects.requireNonNull(byName.get(gap.name()), "a known name")
                                .variable()),
                        "a value of each name")))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ConfigTemplate.Gap gap, WiredValue value) {
    String text = gap.field() == null ? value.text(PLACE) : value.value().json(gap.field());
    if (text.isEmpty()) {
      throw value.unfit(PLACE, "its value is empty");
    }
    return text;
  }
}
