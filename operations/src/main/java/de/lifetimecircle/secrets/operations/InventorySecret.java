package de.lifetimecircle.secrets.operations;

import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param hooks programs with their arguments, by the step that calls them
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
    @Nullable Rotation rotation,
    Map<String, List<String>> hooks,
    @Nullable String localOverride,
    List<String> readers) {}
