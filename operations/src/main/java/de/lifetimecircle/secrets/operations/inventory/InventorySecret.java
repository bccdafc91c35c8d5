package de.lifetimecircle.secrets.operations.inventory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the inventory says of one secret. Immutable.
 *
 * @param name without the prefix of an environment
 * @param description what it is for
 * @param owner who answers for it
 * @param environments where it exists
 * @param shape what a made value looks like; nothing where people bring it or a template makes it
 * @param template how it is put together from others
 * @param rules what its value has to be
 * @param rotation when it is replaced
 * @param opens what else it opens, which has to learn a new value; nothing where it opens nothing
 * @param hooks programs with their arguments, by the step that calls them
 * @param declined the reason why a step has no program on purpose, by the step
 * @param localOverride the variable that stands for it on a developer's machine
 * @param readers who may read it
 */
public record InventorySecret(
    String name,
    String description,
    String owner,
    Set<String> environments,
    @Nullable ValueShape shape,
    @Nullable Template template,
    ValueRules rules,
    @Nullable RotationRule rotation,
    @Nullable String opens,
    Map<String, List<String>> hooks,
    Map<String, String> declined,
    @Nullable String localOverride,
    List<String> readers) {
  private static final Pattern DATABASE =
      Pattern.compile("(jdbc:)?postgres(ql)?([+][a-z0-9]+)?://.*");

  /**
   * Whether it opens something that no hook {@code apply} tells the new value, so that a rotation
   * would leave the old value valid there and lock the service out.
   */
  public boolean lacksApply() {
    return opens != null && !hooks.containsKey("apply") && !declined.containsKey("apply");
  }

  /** Whether a template makes it the URL of a PostgreSQL database, so that its parts open that. */
  public boolean isDatabaseUrl() {
    return template != null
        && ("postgresql-url".equals(rules.check())
            || DATABASE.matcher(template.beginning()).matches());
  }

  InventorySecret opening(String what) {
    return new InventorySecret(
        name,
        description,
        owner,
        environments,
        shape,
        template,
        rules,
        rotation,
        what,
        hooks,
        declined,
        localOverride,
        readers);
  }

  /** The same without any program: it is only a value in a store then, such as for a drill. */
  public InventorySecret valueOnly() {
    return new InventorySecret(
        name,
        description,
        owner,
        environments,
        shape,
        template,
        rules,
        rotation,
        null,
        Map.of(),
        Map.of(),
        localOverride,
        readers);
  }
}
