package de.lifetimecircle.secrets.cli.moving;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.inventory.ManagedNames;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The two stores that a command is about, and the names in them. */
final class TwoStores {
  private static final String STORE =
      " a configuration file, or a scheme (gpg, aws, azure, vault) that is set up as usual.";

  @Parameters(index = "0", paramLabel = "A", description = "The first store:" + STORE)
  String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "The second store, likewise.")
  String second = "";

  @Parameters(
      index = "2..*",
      paramLabel = "NAME",
      description = {
        "The secrets that are meant. Default: all that the stores list, without those that AWS"
            + " services manage (rds!db-…), because a copy of one goes stale."
      })
  List<String> names = new ArrayList<>();

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Only the secrets whose names begin so.")
  String prefix = "";

  void requireSense(CommandSession session) {
    if (session.backend != null || session.configFile != null) {
      throw CommandFailure.usage(
          "Cannot use --backend and --config here: A and B say which stores are meant.");
    }
    if (!names.isEmpty() && !prefix.isEmpty()) {
      throw CommandFailure.usage("Cannot use --prefix beside names.");
    }
  }

  /** The names that were given, or those that the store lists and no AWS service manages. */
  List<String> names(SecretProvider listed, CommandSession session) {
    return names.isEmpty()
        ? ManagedNames.without(listed, prefix, name -> tellLeftOut(name, session))
        : names;
  }

  /** Nobody may take a store for copied, or compared, of which a secret was left out. */
  static void tellLeftOut(String name, CommandSession session) {
    session.hint(
        "NOTE  " + name + " is left out: an AWS service manages it. To include it, give its name.");
  }
}
