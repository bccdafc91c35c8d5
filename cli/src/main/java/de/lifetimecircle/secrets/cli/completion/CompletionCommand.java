package de.lifetimecircle.secrets.cli.completion;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints or installs a script that lets a shell complete the command line. */
@Command(
    name = "completion",
    description = {
      "Print a script that lets a shell complete commands, options, and names of secrets and"
          + " environments; 'completion install' puts it where the shell looks.",
      "Names come from the inventory, from the files of the default store and from the last"
          + " 'secrets list'. It never asks a backend."
    },
    sortOptions = false)
public final class CompletionCommand extends SessionCommand implements Runnable {
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private final Supplier<CommandLine> root;

  /**
   * Creates the command for one call of the program.
   *
   * @param root makes the root with all commands
   */
  public CompletionCommand(Supplier<CommandLine> root) {
    this.root = root;
  }

  @Parameters(
      index = "0",
      paramLabel = "SHELL",
      description = "The shell: bash, zsh or fish; or 'install'.")
  String what = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SHELL",
      description = "With 'install': the shell. Default: the one in the variable SHELL.")
  @Nullable String of;

  @Override
  public void run() {
    boolean install = what.equals("install");
    String shell = install ? of == null ? own() : of : what;
    if (!SHELLS.contains(shell) || (!install && of != null)) {
      throw CommandFailure.usage(
          "Cannot write a completion script for that shell (expected: bash, zsh or fish).");
    }
    String script = CompletionScripts.of(shell, root.get());
    if (install) {
      install(shell, script);
    } else {
      session.terminal.out().print(script);
      session.output().finish();
    }
  }

  private String own() {
    String shell = session.environment.getOrDefault("SHELL", "");
    return shell.substring(shell.lastIndexOf('/') + 1);
  }

  private void install(String shell, String script) {
    Path file = place(shell);
    try {
      if (Files.exists(file)
          && !Files.readString(file, StandardCharsets.UTF_8).contains(CompletionScripts.MARK)) {
        throw CommandFailure.invalid(
            "Cannot install the completion: "
                + file
                + " was written by another program. Remove it, or print the script:"
                + " secrets completion "
                + shell);
      }
      TrustedPath.requireNoForeignLink(file); // sudo may keep the HOME of another user
      Files.createDirectories(file.resolveSibling("."));
      AtomicFile.write(file, script, AtomicFile.Readers.USUAL);
    } catch (IOException e) {
      throw CommandFailure.io("install the completion", e);
    }
    session
        .output()
        .result(
            "Wrote " + file + "\n" + next(shell, file),
            Output.object("shell", shell, "file", file.toString()));
  }

  /** Returns the file in which a shell looks for the completion of a command. */
  private Path place(String shell) {
    Map<String, String> environment = session.environment;
    String home = environment.getOrDefault("HOME", "");
    if (home.isEmpty()) {
      throw CommandFailure.usage("Cannot install the completion: the variable HOME is not set.");
    }
    String data = environment.getOrDefault("XDG_DATA_HOME", home + "/.local/share");
    String config = environment.getOrDefault("XDG_CONFIG_HOME", home + "/.config");
    return switch (shell) {
      case "bash" ->
          Path.of(
              environment.getOrDefault("BASH_COMPLETION_USER_DIR", data + "/bash-completion"),
              "completions",
              "secrets");
      case "zsh" -> Path.of(data, "zsh", "site-functions", "_secrets");
      default -> Path.of(config, "fish", "completions", "secrets.fish");
    };
  }

  private static String next(String shell, Path file) {
    return switch (shell) {
      case "bash" ->
          "New shells use it if the package bash-completion is installed; else add this to"
              + " ~/.bashrc: source "
              + file;
      case "zsh" ->
          "Add this to ~/.zshrc, before 'compinit': fpath=("
              + file.resolveSibling("").normalize()
              + " $fpath)";
      default -> "New shells use it.";
    };
  }
}
