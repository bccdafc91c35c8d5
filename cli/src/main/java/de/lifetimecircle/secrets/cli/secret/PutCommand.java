package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ValueInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores a value that the caller supplies. */
@Command(
    name = "put",
    description = {
      "Store a value: from a prompt without echo, from standard input or from a file.",
      "It never takes a value from an argument, which every user of the machine can see."
    },
    sortOptions = false)
public final class PutCommand implements Runnable {
  private final CommandSession session;

  /** Creates the command for one call of the program. */
  public PutCommand(CommandSession session) {
    this.session = session;
  }

  @Parameters(paramLabel = "NAME", description = "The name of the secret.")
  String name = "";

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

  @Override
  public void run() {
    if (stdin && file != null) {
      throw CommandFailure.usage("Cannot use --stdin and --file together: give one of them.");
    }
    if (create && ifVersion != null) {
      throw CommandFailure.usage("Cannot use --create and --if-version together: give one.");
    }
    try (SecretValue value = ValueInput.taken(bytes())) {
      if (value.isEmpty() && !allowEmpty) {
        throw CommandFailure.invalid(
            "Cannot store the value: it is empty, which usually means that a pipe failed. If that"
                + " is intended, add --allow-empty.");
      }
      PutResult result = store(value);
      session
          .output()
          .result(PutResultText.text(name, result), PutResultText.document(name, result));
    }
  }

  private byte[] bytes() {
    if (file == null && session.terminal.inputIsTerminal()) {
      return ValueInput.fromPrompt(session.terminal, name);
    }
    byte[] bytes =
        file != null ? ValueInput.fromFile(file) : ValueInput.fromStream(session.terminal.in());
    if (trimNewline) {
      return ValueInput.trimNewline(bytes);
    }
    if (ValueInput.endsWithNewline(bytes)) {
      session.hint("the value was stored with the newline at its end; --trim-newline removes it.");
    }
    return bytes;
  }

  private PutResult store(SecretValue value) {
    try (SecretWriter writer = session.openWriter()) {
      if (create) {
        return writer.create(name, value);
      }
      if (ifVersion != null) {
        return writer.putIfVersion(name, ifVersion, value);
      }
      return writer.put(name, value);
    }
  }
}
