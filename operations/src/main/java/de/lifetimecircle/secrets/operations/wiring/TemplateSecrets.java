package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.ResolvedName;
import de.lifetimecircle.secrets.operations.inventory.SecretInEnvironment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The secrets that a template names, and their rules. Immutable. */
public final class TemplateSecrets {
  private static final String PLACE = "a configuration file";

  private final ConfigTemplate template;

  /** In place of a variable, which no process gets, each has the name that the template gives. */
  private final ProgramWiring wiring;

  private TemplateSecrets(ConfigTemplate template, ProgramWiring wiring) {
    this.template = template;
    this.wiring = wiring;
  }

  /** The meaning of a name that the inventory does not have. */
  public enum Others {
    /** A mistake. */
    REFUSED,
    /** The name of a secret in the store, for which there is no rule. */
    NAMES_OF_THE_STORE
  }

  /**
   * Returns the secrets of a template. Values of the inventory's secrets must obey its rules.
   *
   * @param inventory finds what a name means
   * @throws SecretException {@code CONFIGURATION} with every name that is refused
   */
  public static TemplateSecrets of(
      ConfigTemplate template, Function<String, ResolvedName> inventory, Others others) {
    List<SecretVariable> wires = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String name : template.names()) {
      ResolvedName meant = inventory.apply(name);
      Optional<SecretInEnvironment> known = meant.known();
      if (known.isEmpty() && others == Others.REFUSED) {
        problems.add("'" + name + "' is not in the inventory");
      }
      wires.add(
          known
              .map(each -> new SecretVariable(name, each.stored(), each.secret().rules(), null))
              .orElseGet(() -> SecretVariable.of(name, meant.stored())));
    }
    if (!problems.isEmpty()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "render the template")
          .reason(problems.size() + " of its names are unknown")
          .problems(problems)
          .build();
    }
    return new TemplateSecrets(template, new ProgramWiring(wires));
  }

  /** Returns the names in the store. */
  public List<String> stored() {
    return wiring.wires().stream().map(SecretVariable::name).distinct().toList();
  }

  /**
   * Returns the rendered file in UTF-8. Blocks for the backend.
   *
   * @throws SecretException the backend's failure; {@code INVALID_VALUE} if a value breaks a rule,
   *     is empty or not a text, or has no such field
   */
  public byte[] render(SecretProvider provider) {
    Map<String, VariableValue> values = new LinkedHashMap<>();
    wiring.read(provider, Map.of()).forEach(value -> values.put(value.variable(), value));
    return template
        .render(
            gap ->
                text(gap, Objects.requireNonNull(values.get(gap.name()), "a value of each name")))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ConfigTemplate.Gap gap, VariableValue value) {
    String text = gap.field() == null ? value.text(PLACE) : field(gap.field(), value);
    if (text.isEmpty()) {
      throw value.unfit(PLACE, "its value is empty");
    }
    return text;
  }

  private static String field(String field, VariableValue value) {
    try {
      return value.value().json(field);
    } catch (SecretException e) { // which does not know the name
      throw SecretException.of(e.kind(), "read field '" + field + "' of secret")
          .name(value.name())
          .reason("its value is no JSON object with such a string, number or boolean")
          .advice("Store a JSON object that has the field")
          .cause(e)
          .build();
    }
  }
}
