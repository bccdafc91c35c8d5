package de.lifetimecircle.secrets.cli.moving;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.MissingStore;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.inventory.AwsManagedSecrets;
import java.util.ArrayList;
import java.util.List;
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
        AwsManagedSecrets.without(listed, prefix, name -> tellLeftOut(name, session));
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

  /** Returns the given names as the stores have them. */
  List<String> given(CommandSession session) {
    return names.stream().map(name -> inventory.stored(session, name)).toList();
  }

  /** Prints that a secret was left out, so that no reader believes the whole store was handled. */
  static void tellLeftOut(String name, CommandSession session) {
    session.hint(
        "NOTE  " + name + " is left out: an AWS service manages it. To include it, add its name.");
  }
}
