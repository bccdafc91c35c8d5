package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.NearestName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the secret that a person means by a name: with the prefix of an environment, as the store
 * and every output have it, or without, as the inventory has it. Immutable; does no I/O.
 */
public final class InventoryNames {
  private final Inventory inventory;
  private final List<ServiceEnvironment> environments;
  private final NamePrefix prefix;

  /**
   * Creates the names of an inventory.
   *
   * @param environment the only environment to look in; empty for all
   * @param prefix the setting of this run
   * @throws SecretException {@code CONFIGURATION} if there is no such environment
   */
  public InventoryNames(Inventory inventory, String environment, NamePrefix prefix) {
    this.inventory = inventory;
    this.environments = inventory.environments(environment);
    this.prefix = prefix;
  }

  /**
   * Returns the secret that the name means; empty if the inventory has none of that name. Of
   * several environments that have it, the setting {@code prefix} chooses one.
   *
   * @throws SecretException {@code CONFIGURATION} if the name means a secret in each of several
   *     environments
   */
  public Optional<SecretInEnvironment> find(String typed) {
    List<SecretInEnvironment> found = all(typed);
    if (found.size() > 1) {
      return Optional.of(
          found.stream()
              .filter(each -> each.environment().prefix().equals(prefix.value()))
              .findFirst()
              .orElseThrow(() -> ambiguous(typed, found)));
    }
    return found.stream().findFirst();
  }

  /**
   * Returns what the name means: a secret of the inventory, or another one of the store.
   *
   * @throws SecretException as {@link #find}
   */
  public ResolvedName resolve(String typed) {
    Optional<SecretInEnvironment> known = find(typed);
    if (known.isPresent()) {
      return new ResolvedName(known.get().stored(), Optional.of(known.get().environment()), known);
    }
    String stored =
        prefix.whole(
            typed, inventory.environments().stream().map(ServiceEnvironment::prefix).toList());
    Optional<ServiceEnvironment> environment =
        environments.stream()
            .filter(each -> stored.startsWith(each.prefix()))
            .max(Comparator.comparingInt(each -> each.prefix().length()));
    return new ResolvedName(stored, environment, known);
  }

  private List<SecretInEnvironment> all(String typed) {
    return all().stream()
        .filter(each -> typed.equals(each.name()) || typed.equals(each.stored()))
        .toList();
  }

  private List<SecretInEnvironment> all() {
    List<SecretInEnvironment> all = new ArrayList<>();
    for (ServiceEnvironment environment : environments) {
      inventory
          .secrets(environment)
          .forEach(each -> all.add(new SecretInEnvironment(environment, each)));
    }
    return all;
  }

  /**
   * Returns the names in the inventory that the name means, in whatever environments.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has none
   */
  public Set<String> names(String typed) {
    List<SecretInEnvironment> found = all(typed);
    if (found.isEmpty()) {
      throw unknown(typed);
    }
    return found.stream().map(SecretInEnvironment::name).collect(Collectors.toSet());
  }

  private static SecretException ambiguous(String typed, List<SecretInEnvironment> found) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, "choose the environment of")
        .name(typed)
        .reason("the inventory has it in several")
        .advice(
            "Give --environment with one of: "
                + String.join(", ", found.stream().map(each -> each.environment().name()).toList()))
        .build();
  }

  /**
   * Returns the secret that the name means.
   *
   * @throws SecretException {@code CONFIGURATION} if the inventory has none, or several
   */
  public SecretInEnvironment require(String typed) {
    return find(typed).orElseThrow(() -> unknown(typed));
  }

  private SecretException unknown(String typed) {
    String where =
        environments.size() == 1 ? environments.get(0).name() : "any of its environments";
    return SecretException.of(SecretException.Kind.CONFIGURATION, "use secret")
        .name(typed)
        .reason("the inventory of " + inventory.service() + " has none of that name in " + where)
        .advice(
            nearest(typed)
                .map(known -> "Did you mean '" + known + "'?")
                .orElse("Add it to " + inventory.source()))
        .build();
  }

  /** Returns the name in the store that a mistyped name probably stands for. */
  public Optional<String> nearest(String typed) {
    List<SecretInEnvironment> all = all();
    String last = typed.substring(typed.lastIndexOf('/') + 1);
    // A wrong prefix first: it makes a full name far from every other.
    return stored(all, last)
        .or(
            () ->
                NearestName.of(typed, all.stream().map(SecretInEnvironment::stored).toList())
                    .or(
                        () ->
                            NearestName.of(
                                    last, all.stream().map(SecretInEnvironment::name).toList())
                                .flatMap(name -> stored(all, name))));
  }

  /**
   * Returns the name in the store that a new one may be a mistyping of. Stricter than {@link
   * #nearest}, which suggests something after a miss: a prefix that resembles none of the inventory
   * has names of its own.
   */
  public Optional<String> resembled(String stored) {
    int end = stored.lastIndexOf('/') + 1;
    String prefix = stored.substring(0, end);
    List<SecretInEnvironment> there =
        all().stream()
            .filter(
                each ->
                    end == 0
                        || NearestName.of(prefix, Set.of(each.environment().prefix())).isPresent())
            .toList();
    String last = stored.substring(end);
    return NearestName.of(last, there.stream().map(SecretInEnvironment::name).toList())
        .flatMap(name -> stored(there, name));
  }

  private static Optional<String> stored(List<SecretInEnvironment> all, String name) {
    return all.stream()
        .filter(each -> each.name().equals(name))
        .map(SecretInEnvironment::stored)
        .findFirst();
  }
}
