package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.console.ValueInput;
import de.lifetimecircle.secrets.cli.inventory.NewNames;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.SecretInEnvironment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stores a value that the caller supplies. */
@Command(
    name = "put",
    description = {
      "Store a value: from a prompt without echo, from standard input or from a file.",
      "It never takes a value from an argument, which every user of the machine can see.",
      "A secret of the inventory is stored only if the value passes the rules there."
    },
    sortOptions = false)
public final class PutCommand extends SessionCommand implements Runnable {
  @Mixin SecretArgument name = new SecretArgument();
  @Mixin RotationGuard guard = new RotationGuard();

  @Option(
      names = "--plain",
      description =
          "Store without the rules of the inventory, even if it knows the secret or a similar"
              + " name.")
  boolean plain;

  @Option(names = "--stdin", description = "Read the value from standard input, to its end.")
  boolean stdin;

  @Option(names = "--file", paramLabel = "FILE", description = "Read the value from this file.")
  @Nullable String file;

  @Option(names = "--trim-newline", description = "Remove the newline at the end of the value.")
  boolean trimNewline;

  @Option(names = "--allow-empty", description = "Allow a value without any bytes.")
  boolean allowEmpty;

  @Option(names = "--create", description = "Store only if the name does not exist.")
  boolean create;

  @Option(
      names = "--if-version",
      paramLabel = "V",
      description = "Store only if this is still the current version.")
  @Nullable String ifVersion;

  /** Whether the value ends with a newline that was not typed at the prompt. */
  private boolean newline;

  @Override
  public void run() {
    if (stdin && file != null) {
      throw CommandFailure.usage("Cannot use --stdin and --file together: give one of them.");
    }
    if (create && ifVersion != null) {
      throw CommandFailure.usage("Cannot use --create and --if-version together: give one.");
    }
    Optional<SecretInEnvironment> known = plain ? Optional.empty() : name.select(session).known();
    String stored = known.map(SecretInEnvironment::stored).orElseGet(() -> name.stored(session));
    if (known.isEmpty() && !plain) {
      NewNames.confirm(session, name.inventory, List.of(stored));
    }
    try (SecretWriter writer =
        known.isPresent()
            ? session.openWriter(name.inventory::description)
            : session.openWriter()) {
      guard.require("store secret", session, name.inventory, writer, List.of(stored));
      put(writer, stored, known);
    }
  }

  private void put(SecretWriter writer, String stored, Optional<SecretInEnvironment> known) {
    try (SecretValue value = ValueInput.taken(bytes(stored))) {
      if (value.isEmpty() && !allowEmpty) {
        throw CommandFailure.invalid(
            "Cannot store the value: it is empty, which usually means that a pipe failed. If that"
                + " is intended, add --allow-empty --set limits=backend.");
      }
      PutResult result = store(writer, stored, known, value);
      if (newline) {
        session.hint(
            "the value was stored with the newline at its end; --trim-newline removes it.");
      }
      session
          .output()
          .result(PutResultText.text(stored, result), PutResultText.document(stored, result));
    }
  }

  private byte[] bytes(String stored) {
    if (file == null && session.terminal.inputIsTerminal()) {
      return ValueInput.fromPrompt(session.terminal, stored);
    }
    byte[] bytes =
        file != null
            ? ValueInput.fromFile(file, "the file of --file")
            : ValueInput.fromStream(session.terminal.in());
    if (trimNewline) {
      return ValueInput.trimNewline(bytes);
    }
    newline = ValueInput.endsWith(bytes, '\n');
    return bytes;
  }

  private PutResult store(
      SecretWriter writer, String stored, Optional<SecretInEnvironment> known, SecretValue value) {
    if (known.isEmpty()) {
      return store(writer, stored, value);
    }
    SecretGeneration rules =
        new SecretGeneration(
            name.inventory.read(), name.inventory.environment, writer, SystemRandom.open());
    String secret = known.get().name();
    rules.requireSuppliable(secret, value);
    PutResult result = store(writer, stored, value);
    if (result.outcome() == PutResult.Outcome.UPDATED) {
      OutdatedTemplates.hint(session, rules, List.of(secret));
    }
    return result;
  }

  private PutResult store(SecretWriter writer, String stored, SecretValue value) {
    if (create) {
      return writer.create(stored, value);
    }
    return ifVersion != null
        ? writer.putIfVersion(stored, ifVersion, value)
        : writer.put(stored, value);
  }
}
