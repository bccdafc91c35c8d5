package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.policy.ReaderOption;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.operations.wiring.ProgramWiring;
import de.lifetimecircle.secrets.operations.wiring.WiredVariable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say which secrets are meant, and how the variables are called that they fill.
 */
final class WiredOptions {
  @Option(
      names = "--for",
      paramLabel = "READER",
      description = {
        "All that the inventory lets the reader have, service or ci; each variable is named after"
            + " its secret, without the prefix of the environment."
      })
  @Nullable String reader;

  @Option(
      names = "--secret",
      paramLabel = "NAME[=ENVVAR]",
      description = {
        "Set ENVVAR to the value of NAME; can be given several times.",
        "Default: the last segment of NAME, upper case, other characters as '_'."
      })
  List<String> secrets = new ArrayList<>();

  @Option(
      names = "--all",
      paramLabel = "PREFIX",
      description = "Set a variable for each secret whose name begins with PREFIX.")
  @Nullable String all;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  /** Refuses a command line that names no secret, or an inventory that nobody would read. */
  void require(String action) {
    if (secrets.isEmpty() && all == null && reader == null) {
      throw CommandFailure.usage(
          "Cannot " + action + " without secrets: give --for, --secret or --all.");
    }
    if (reader == null && inventory.given()) {
      throw CommandFailure.usage("Cannot use an inventory: give --for with service or ci too.");
    }
  }

  /** What is meant; asks the backend for names only where a prefix is given. */
  ProgramWiring wiring(SecretProvider provider) {
    List<WiredVariable> wires = new ArrayList<>();
    if (reader != null) {
      AccessPolicy.Audience audience =
          ReaderOption.of(reader, AccessPolicy.Audience.SERVICE, AccessPolicy.Audience.CI);
      wires.addAll(ProgramWiring.of(inventory.read(), inventory.environment, audience).wires());
    }
    if (all != null) {
      for (String name : provider.list(all)) {
        wires.add(WiredVariable.of(ProgramWiring.variable(name), name));
      }
    }
    for (String secret : secrets) {
      int equals = secret.lastIndexOf('=');
      wires.add(
          equals < 0
              ? WiredVariable.of(ProgramWiring.variable(secret), secret)
              : WiredVariable.of(secret.substring(equals + 1), secret.substring(0, equals)));
    }
    try {
      return ProgramWiring.of(wires);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }
}
