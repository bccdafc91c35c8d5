package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.NamedSecret;
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
  private final Map<String, WiredVariable> byName;

  private TemplateSecrets(ConfigTemplate template, Map<String, WiredVariable> byName) {
    this.template = template;
    this.byName = byName;
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
   * @param inventory finds a secret of the inventory by either of its names
   * @throws SecretException {@code CONFIGURATION} with every name that is refused
   */
  public static TemplateSecrets of(
      ConfigTemplate template, Function<String, Optional<NamedSecret>> inventory, Others others) {
    Map<String, WiredVariable> byName = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (String name : template.names()) {
      Optional<NamedSecret> known = inventory.apply(name);
      if (known.isEmpty() && others == Others.REFUSED) {
        problems.add("'" + name + "' is not in the inventory");
      }
      byName.put(
          name,
          known
              .map(
                  secret ->
                      new WiredVariable(
                          variable(byName), secret.stored(), secret.secret().rules(), null))
              .orElseGet(() -> WiredVariable.of(variable(byName), name)));
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
