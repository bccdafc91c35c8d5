package de.lifetimecircle.secrets.operations.inventory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entry of one secret in the inventory. Immutable.
 *
 * @param name without the prefix of an environment
 * @param description its purpose
 * @param owner the person or team that is responsible for it
 * @param environments the environments that have it
 * @param shape the form of a generated value; null if a person supplies it or a template makes it
 * @param template the template that makes it from other secrets
 * @param rules the rules for its value
 * @param rotation its rotations
 * @param opens the system that it opens and that must learn a new value; null if there is none
 * @param issuer the page where a person gets a new value and revokes the old one; null if the
 *     inventory names none
 * @param hooks the programs with their arguments, by the step that calls them
 * @param declined the reason why a step deliberately has no program, by the step
 * @param localOverride the variable that replaces it on a developer's machine
 * @param readers the roles that may read it
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
    @Nullable String issuer,
    Map<String, List<String>> hooks,
    Map<String, String> declined,
    @Nullable String localOverride,
    List<String> readers) {
  /** The beginning of a derived {@link #opens}; the name of the database's URL follows. */
  public static final String DATABASE_OF = "the database of ";

  /**
   * Returns whether it opens a system and no hook {@code apply} sets the new value there. A
   * rotation would then leave the old value valid and lock the service out.
   */
  public boolean lacksApply() {
    return opens != null && !hooks.containsKey("apply") && !declined.containsKey("apply");
  }

  /** Returns whether a template makes it the URL of a PostgreSQL database, which its parts open. */
  public boolean isDatabaseUrl() {
    return template != null && ("postgresql-url".equals(rules.check()) || template.isDatabaseUrl());
  }

  /** Returns whether a generator or a template makes its value; otherwise a person supplies it. */
  public boolean isMade() {
    return shape != null || template != null;
  }

  /** Returns the names of the secrets that its template fills in; none without a template. */
  public Set<String> parts() {
    return template == null ? Set.of() : template.parts();
  }

  /** Returns the users that take turns in its rotations; null if there are none. */
  public RotationRule.@Nullable Alternate alternate() {
    return rotation == null ? null : rotation.alternate();
  }

  InventorySecret opening(String what) {
    return with(what, hooks, declined);
  }

  /** Returns a copy without hooks, for example for a drill: it is only a value in a store. */
  public InventorySecret valueOnly() {
    return with(null, Map.of(), Map.of());
  }

  private InventorySecret with(
      @Nullable String what, Map<String, List<String>> programs, Map<String, String> reasons) {
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
        issuer,
        programs,
        reasons,
        localOverride,
        readers);
  }
}
