package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.CodingAgent;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.FolderUntilExit;
import de.lifetimecircle.secrets.cli.console.ForegroundProcess;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.console.ValueInput;
import de.lifetimecircle.secrets.cli.inventory.RotationGuard;
import de.lifetimecircle.secrets.cli.inventory.SecretArgument;
import de.lifetimecircle.secrets.operations.files.MemoryFolder;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import de.lifetimecircle.secrets.operations.generation.SystemRandom;
import de.lifetimecircle.secrets.operations.inventory.ResolvedName;
import de.lifetimecircle.secrets.operations.inventory.SecretInEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets a person change a value in an editor. */
@Command(
    name = "edit",
    description = {
      "Change a value in an editor, on a file in memory that only you can read.",
      "Stores it only if it passes the rules of the inventory and no other writer has changed the"
          + " secret meanwhile. Switches off whatever the editor would leave behind: swap, undo,"
          + " backup, history, and your own configuration of it."
    },
    sortOptions = false)
public final class EditCommand extends SessionCommand implements Runnable {
  @Mixin SecretArgument name = new SecretArgument();
  @Mixin RotationGuard guard = new RotationGuard();

  @Option(
      names = "--editor",
      paramLabel = "PROGRAM",
      description = "The editor: vim, nvim, nano or emacs. Default: VISUAL, EDITOR.")
  @Nullable String editor;

  @Option(
      names = "--trust-editor",
      description = "Accept another editor; you know that it leaves no copy of the text.")
  boolean trust;

  @Option(names = "--show", description = "Give the value even to the editor of a coding agent.")
  boolean show;

  @Override
  public void run() {
    if (!show) {
      String exec = "exec --secret " + ShellWord.of(name.typed);
      CodingAgent.requireNone(session, "give a secret", exec);
    }
    ResolvedName meant = name.select(session);
    Optional<SecretInEnvironment> known = meant.known();
    String stored = meant.stored();
    try (SecretWriter writer = session.openWriter()) {
      guard.require("edit secret", session, name.inventory, writer, List.of(stored));
      ConditionalWrite opened = ConditionalWrite.existing(writer, stored);
      Secret read = opened.secret().orElseThrow();
      if (known.isPresent() && known.get().secret().template() != null) {
        rules(writer).requireSuppliable(known.get().name(), read.value()); // says how instead
      }
      EditorProgram program = program();
      try (MemoryFolder folder = FolderUntilExit.open(session.environment);
          SecretValue edited = edited(folder, program, read, known, writer)) {
        if (edited.equals(read.value())) {
          session.output().result("Unchanged: '" + stored + "'", document(stored, read.version()));
          return;
        }
        PutResult result = opened.write(edited);
        session
            .output()
            .result(PutResultText.text(stored, result), PutResultText.document(stored, result));
        known.ifPresent(
            each -> OutdatedTemplates.hint(session, rules(writer), List.of(each.name())));
      }
    }
  }

  /** Finds the editor before there is a file for it. */
  private EditorProgram program() {
    EditorProgram.Trust vouched = trust ? EditorProgram.Trust.GIVEN : EditorProgram.Trust.NONE;
    EditorProgram program = EditorProgram.of(editor, vouched, session.environment);
    if (program.needsTerminal() && !ForegroundProcess.hasTerminal(session)) {
      throw CommandFailure.usage(
          "Cannot edit with '"
              + program.words().get(0)
              + "': there is no terminal. In a script, store a value with '"
              + session.command("put " + ShellWord.of(name.typed) + " --stdin")
              + "'.");
    }
    return program;
  }

  private static Map<String, Object> document(String stored, String version) {
    return Output.object("name", stored, "version", version, "outcome", "unchanged");
  }

  private SecretGeneration rules(SecretWriter writer) {
    return new SecretGeneration(
        name.inventory.read(), name.inventory.environment, writer, SystemRandom.open());
  }

  /** Returns the text once it passes the rules; the caller closes it. */
  private SecretValue edited(
      MemoryFolder folder,
      EditorProgram program,
      Secret read,
      Optional<SecretInEnvironment> known,
      SecretWriter writer) {
    byte[] before = read.value().asBytes();
    Path file = folder.write("secret", before);
    boolean newline = ValueInput.endsWith(before, '\n');
    boolean carriageReturn = ValueInput.endsWith(before, '\r');
    Arrays.fill(before, (byte) 0);
    List<String> line = program.command(file);
    while (true) {
      int code =
          folder.lend(
              () -> ForegroundProcess.onTerminal(session).run(line, Map.of(), folder::close, null));
      if (code != 0) {
        throw CommandFailure.internal(
            "Cannot use the text: the editor ended with " + code + ". Nothing was stored.");
      }
      byte[] bytes = ValueInput.fromFile(file.toString(), "the edited file");
      // Editors end the last line; the value gets a newline only if it had one.
      SecretValue value =
          ValueInput.taken(
              newline
                  ? bytes
                  : carriageReturn
                      ? ValueInput.trimLineFeed(bytes)
                      : ValueInput.trimNewline(bytes));
      if (isAccepted(value, known, writer)) {
        return value;
      }
    }
  }

  /** Asks a person whether to edit again; fails if there is none, or the answer is no. */
  private boolean isAccepted(
      SecretValue value, Optional<SecretInEnvironment> known, SecretWriter writer) {
    try {
      if (value.isEmpty()) {
        throw SecretException.of(SecretException.Kind.INVALID_VALUE, "store the value")
            .reason("it is empty")
            .build();
      }
      known.ifPresent(each -> rules(writer).requireSuppliable(each.name(), value));
      return true;
    } catch (SecretException e) {
      value.close();
      if (!session.terminal.inputIsTerminal()) {
        throw e;
      }
      session.hint(ErrorReport.message(e));
      session.confirm("Edit it again?");
      return false;
    }
  }
}
