package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.policy.ValueReader;
import de.lifetimecircle.secrets.operations.wiring.ProgramWiring;
import de.lifetimecircle.secrets.operations.wiring.SecretVariable;
import de.lifetimecircle.secrets.operations.wiring.VariableValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that select secrets and name the variables for them. */
final class WiredOptions {
  @Option(
      names = "--for",
      paramLabel = "READER",
      description = {
        "Select every secret that the inventory grants to this reader: service or ci. Each variable"
            + " has the name of its secret without the prefix of the environment."
      })
  @Nullable ValueReader reader;

  @Option(
      names = "--secret",
      paramLabel = "NAME[=ENVVAR]",
      description = {
        "Set ENVVAR to the value of NAME; repeatable.",
        "Default: the last segment of NAME in upper case, with '_' for other characters."
      })
  List<String> secrets = new ArrayList<>();

  @Option(
      names = "--all",
      paramLabel = "PREFIX",
      description = "Set a variable for each secret with this prefix.")
  @Nullable String all;

  @Mixin InventoryOptions inventory = new InventoryOptions();

  /** Rejects a command line that selects no secret, or has an inventory without a reader. */
  void require(String action) {
    if (secrets.isEmpty() && all == null && reader == null) {
      throw CommandFailure.usage(
          "Cannot " + action + " without secrets: add --for, --secret or --all.");
    }
    if (reader == null && secrets.isEmpty() && inventory.given()) {
      throw CommandFailure.usage("Cannot use an inventory: add --for with service or ci.");
    }
  }

  /** Returns whether the options select a secret for a variable. */
  boolean given() {
    return !secrets.isEmpty() || all != null || reader != null;
  }

  /** Reads the secret of one {@code NAME=ENVVAR}, which must have both parts. */
  VariableValue one(CommandSession session, SecretProvider provider, String named) {
    int equals = named.lastIndexOf('=');
    if (equals < 1) {
      throw CommandFailure.usage("Cannot use --file: it needs a variable (expected: NAME=ENVVAR).");
    }
    try {
      SecretVariable wire =
          SecretVariable.of(
              named.substring(equals + 1), inventory.stored(session, named.substring(0, equals)));
      return ProgramWiring.of(List.of(wire)).read(provider, session.environment).get(0);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  /** Returns the variables; it asks the backend for names only if {@code --all} was given. */
  ProgramWiring wiring(CommandSession session, SecretProvider provider) {
    List<SecretVariable> wires = new ArrayList<>();
    if (reader != null) {
      wires.addAll(
          ProgramWiring.of(inventory.use(), inventory.environment, reader.audience()).wires());
    }
    try {
      if (all != null) {
        wires.addAll(ProgramWiring.ofPrefix(provider, inventory.wholePrefix(session, all)));
      }
      for (String secret : secrets) {
        int equals = secret.lastIndexOf('=');
        String name = equals < 0 ? secret : secret.substring(0, equals);
        String variable =
            equals < 0 ? ProgramWiring.variable(secret) : secret.substring(equals + 1);
        wires.add(SecretVariable.of(variable, inventory.stored(session, name)));
      }
      return ProgramWiring.of(wires);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }
}
