package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.cli.console.CodingAgent;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Writes the value of a secret. Common calls do not wait for the parser; see {@link QuickGet}. Not
 * thread-safe.
 */
@Command(
    name = "get",
    description = "Write the value of a secret, byte by byte, to a pipe or a file.",
    sortOptions = false)
public final class GetCommand extends SessionCommand implements Runnable {
  @Parameters(
      paramLabel = "NAME",
      description = "The name of the secret; with an inventory also without prefix.")
  String name = "";

  @Mixin InventoryOptions inventory = new InventoryOptions();

  @Option(names = "--version", paramLabel = "V", description = "Read this version.")
  @Nullable String version;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "Read the version at this stage: current, previous or pending.")
  @Nullable Stage stage;

  @Option(
      names = "--field",
      paramLabel = "FIELD",
      description = "Print this field of a JSON object.")
  @Nullable String field;

  @Option(
      names = "--show",
      description = "Show the value even on a terminal, or to a coding agent.")
  boolean show;

  /** Returns the inventory that the name of the secret may be in. */
  public InventoryOptions inventory() {
    return inventory;
  }

  /** Runs without the parser, which would have given it the session. */
  public void run(CommandSession own) {
    session = own;
    run();
  }

  /** Reads the secret and writes its value; overwrites its copy of the bytes afterwards. */
  @Override
  public void run() {
    Output output = session.output();
    boolean terminal = session.terminal.outputIsTerminal();
    if (terminal && !show) {
      throw CommandFailure.usage(
          "Cannot show a secret on a terminal without --show. Add it, or use a pipe.");
    }
    if (!show) {
      CodingAgent.requireNone(session, "show a secret", "exec --secret " + ShellWord.of(name));
    }
    VersionSelector selector = selector();
    String stored = inventory.stored(session, name);
    try (SecretProvider provider = session.openProvider()) {
      Secret secret = selector == null ? provider.get(stored) : provider.get(stored, selector);
      byte[] bytes = bytes(secret.value());
      try {
        if (output.json()) {
          output.document(document(secret, bytes));
        } else {
          output.bytes(bytes);
          if (terminal && (bytes.length == 0 || bytes[bytes.length - 1] != '\n')) {
            // Only on a terminal, for the prompt to start on a new line: a pipe gets the exact
            // bytes.
            output.bytes(new byte[] {'\n'});
          }
        }
        output.finish();
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  private @Nullable VersionSelector selector() {
    if (version != null && stage != null) {
      throw CommandFailure.usage("Cannot use --version and --stage together: give one of them.");
    }
    if (version != null) {
      if (version.isEmpty()) {
        throw CommandFailure.usage(
            "Cannot use --version: its argument is empty (expected: a version id).");
      }
      return VersionSelector.id(version);
    }
    return stage == null ? null : VersionSelector.stage(stage);
  }

  private byte[] bytes(SecretValue value) {
    return field == null ? value.asBytes() : value.json(field).getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> document(Secret secret, byte[] bytes) {
    Map<String, Object> document =
        Output.object(
            "name", secret.name(),
            "version", secret.version(),
            "origin", secret.origin());
    try (SecretValue value = SecretValue.of(bytes)) {
      document.put("value", value.asString());
    } catch (SecretException e) {
      // The value is not UTF-8 text, and JSON has no other way to carry bytes.
      document.put("base64", Base64.getEncoder().encodeToString(bytes));
    }
    return document;
  }
}
