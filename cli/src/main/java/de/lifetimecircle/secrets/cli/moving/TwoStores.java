package de.lifetimecircle.secrets.cli.moving;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.MissingStore;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.StorePlace;
import de.lifetimecircle.secrets.operations.inventory.AwsManagedSecrets;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.operations.inventory.SecretInEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of commands that work on two stores: the stores and the names in them. */
final class TwoStores implements InventoryOptions.Owner {
  private static final String STORE =
      " a configuration file, or a scheme (gpg, aws, azure, vault) that is configured as usual.";

  @Parameters(index = "0", paramLabel = "A", description = "The first store:" + STORE)
  String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "The second store, in the same form.")
  String second = "";

  @Parameters(
      index = "2..*",
      paramLabel = "NAME",
      description = {
        "The names of the secrets. Default: all that the stores list, except those that AWS"
            + " services manage (rds!db-…), because a copy of one goes stale."
      })
  List<String> names = new ArrayList<>();

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only secrets with this prefix.")
  String prefix = "";

  /** Knows the short names of secrets, and their purposes. */
  final InventoryOptions inventory = new InventoryOptions();

  /** The setting of each store, read once. */
  private final Map<String, NamePrefix> prefixes = new HashMap<>();

  @Override
  public InventoryOptions inventory() {
    return inventory;
  }

  void requireSense(CommandSession session) {
    if (session.backend != null || session.configFile != null) {
      throw CommandFailure.usage("Cannot use --backend or --config here: A and B name the stores.");
    }
    if (!names.isEmpty() && !prefix.isEmpty()) {
      throw CommandFailure.usage("Cannot use --prefix with names: use one of the two.");
    }
  }

  /** Returns a builder of the first store. */
  SecretProviderBuilder first(CommandSession session) {
    return side(session, first);
  }

  /** Returns a builder of the second store. */
  SecretProviderBuilder second(CommandSession session) {
    return side(session, second);
  }

  private SecretProviderBuilder side(CommandSession session, String store) {
    SecretProviderBuilder side = session.side(store);
    return areWhole(session) ? side.wholeNames() : side;
  }

  /**
   * Returns whether both stores take whole names: their prefixes are the same, or the inventory
   * knows a given name. Otherwise each puts its own prefix before a name, so that a secret can move
   * from one to the other.
   */
  private boolean areWhole(CommandSession session) {
    return prefix(session, first).value().equals(prefix(session, second).value())
        || names.stream().anyMatch(each -> known(session, each).isPresent());
  }

  private NamePrefix prefix(CommandSession session, String store) {
    return prefixes.computeIfAbsent(
        store,
        side -> session.side(side).setting("prefix").map(NamePrefix::of).orElse(NamePrefix.NONE));
  }

  private Optional<SecretInEnvironment> known(CommandSession session, String typed) {
    return inventory.resolveUsable(session, typed).known();
  }

  /**
   * Rejects stores that contradict the inventory, for a command that changes the second one: a
   * prefix that is not that of the environment, or two places of which the inventory names neither.
   *
   * @throws SecretException {@code CONFIGURATION} that names both
   */
  void requireNamed(CommandSession session, SecretProvider from, SecretProvider to) {
    for (InventoryLocation site : sites(session)) {
      StorePlace.requireConfigured(site, from, to);
      if (!names.isEmpty()) {
        prefix(session, first).requireAgreement(site.inventory(), site.environment());
        prefix(session, second).requireAgreement(site.inventory(), site.environment());
      }
    }
  }

  /** Returns the environments of the given names; without names, the only or chosen one. */
  private List<InventoryLocation> sites(CommandSession session) {
    List<InventoryLocation> all = inventory.knownSites(session);
    Set<String> named =
        names.stream()
            .flatMap(each -> known(session, each).stream())
            .map(each -> each.environment().name())
            .collect(Collectors.toSet());
    return names.isEmpty()
        ? all.size() == 1 ? all : List.of()
        : all.stream().filter(each -> named.contains(each.environment().name())).toList();
  }

  /**
   * Returns the given names, or else those that the store lists and no AWS service manages.
   *
   * @throws CommandFailure if there is no store
   */
  List<String> names(SecretProvider listed, CommandSession session) {
    if (!names.isEmpty()) {
      return given(session);
    }
    List<String> all =
        AwsManagedSecrets.without(listed, listed(session), name -> tellLeftOut(name, session));
    if (all.isEmpty()) {
      requireStore(listed);
    }
    return all;
  }

  /**
   * Two stores that are not there would be the same, and nothing to copy would be a success. The
   * second store may be missing: a migration without names does not make it.
   */
  static void requireStore(SecretProvider listed) {
    MissingStore.reject(
        listed,
        place ->
            "Cannot read a store: there is none in "
                + place
                + " yet. Correct its settings, or name another one.");
  }

  /** Returns the given names as the stores take them. */
  List<String> given(CommandSession session) {
    return names.stream()
        .map(
            name ->
                known(session, name)
                    .map(SecretInEnvironment::stored)
                    .orElseGet(() -> taken(session, name)))
        .toList();
  }

  /** Returns the prefix of the names to list, as the stores take it. */
  String listed(CommandSession session) {
    return taken(session, prefix);
  }

  private String taken(CommandSession session, String typed) {
    return areWhole(session) ? prefix(session, first).whole(typed, List.of()) : typed;
  }

  /** Prints that a secret was left out, so that no reader believes the whole store was handled. */
  static void tellLeftOut(String name, CommandSession session) {
    session.hint(
        "NOTE  " + name + " is left out: an AWS service manages it. To include it, add its name.");
  }
}
