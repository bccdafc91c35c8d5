package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs the most common commands once, so that the launcher's class-data archive gets their classes.
 *
 * <p>It uses a temporary store in a folder that the launcher removes, with a key and values made
 * for this run. It reads nothing of the user's, so the archive cannot contain any of it.
 */
@Command(name = "warm-up", hidden = true, description = "Load the usual classes.")
final class WarmUpCommand implements Runnable {
  private static final String INVENTORY =
      """
      version: 1
      service: warm
      owner: warm
      environments: {warm: {prefix: warm/}}
      secrets:
        UP:
          description: warm
          validation: {min-length: 4}
        MADE: {description: made, generator: hex 16}
      """;

  @Parameters(paramLabel = "FOLDER", description = "An empty folder for the temporary store.")
  String folder = "";

  @Override
  public void run() {
    CommandLineRun cli = new CommandLineRun(new Silence(), environment());
    cli.run("init");
    cli.run("generate", "warm/UP");
    cli.run("get", "warm/UP");
    cli.run("get", "warm/UP", "--json");
    cli.run("put", "warm/UP");
    cli.run("get", "warm/DOWN");
    getFromNamedStore();
    cli.run("list");
    cli.run("versions", "warm/UP");
    cli.run("exec", "--all", "warm/", "--", "true");
    cli.run("exec", "--file", "warm/UP=UP", "--", "true");
    cli.run("export", "--format", "json", "--secret", "warm/UP");
    cli.run("describe", "warm/UP");
    cli.run("history", "warm/UP");
    cli.run("edit", "warm/UP", "--editor", "true", "--trust-editor");
    cli.run("rotate", "warm/UP", "--plain", "--type", "hex");
    cli.run("rollback", "warm/UP");
    cli.run("whoami", "--no-read");
    followInventory(cli);
    askAws();
  }

  /** A server names the store and its key in the environment. */
  private void getFromNamedStore() {
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("SECRETS_GPG_STORE", folder + "/data/lifetimecircle-secrets/store");
    environment.put("SECRETS_GPG_KEY_FILE", folder + "/config/lifetimecircle-secrets/key.pgp");
    new CommandLineRun(new Silence(), environment).run("get", "warm/UP");
  }

  private void followInventory(CommandLineRun cli) {
    Path file = Path.of(folder, "secrets.yaml");
    try {
      Files.createDirectory(
          Path.of(folder, ".git")); // 'rename' searches the repository, so this one
      Files.writeString(file, INVENTORY);
    } catch (IOException e) {
      return; // as in askAws
    }
    cli.run("put", "UP", "--inventory", file.toString());
    cli.run("generate", "MADE", "--inventory", file.toString());
    cli.run("rename", "UP", "OVER", "--dry-run", "--inventory", file.toString());
  }

  private void askAws() {
    try (WarmUpServer server = new WarmUpServer()) {
      Map<String, String> environment = new HashMap<>(environment());
      environment.putAll(server.environment());
      new CommandLineRun(new Silence(), environment).run("get", "warm/UP");
    } catch (IOException e) {
      // Where no server may listen, the archive works without these classes, only slower.
    }
  }

  private Map<String, String> environment() {
    return Map.of(
        "HOME",
        folder,
        "XDG_DATA_HOME",
        folder + "/data",
        "XDG_CONFIG_HOME",
        folder + "/config",
        "XDG_STATE_HOME",
        folder + "/state");
  }

  /** A terminal that discards output and whose input is one word. */
  private static final class Silence implements Terminal {
    private final PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    @Override
    public InputStream in() {
      return new ByteArrayInputStream("warm".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public PrintStream out() {
      return nowhere;
    }

    @Override
    public PrintStream err() {
      return nowhere;
    }

    @Override
    public boolean inputIsTerminal() {
      return false;
    }

    @Override
    public boolean outputIsTerminal() {
      return false;
    }

    @Override
    public boolean errorIsTerminal() {
      return false;
    }

    @Override
    public void progress(String line) {}

    @Override
    public char[] askHidden(String question) {
      return new char[0];
    }

    @Override
    public Optional<String> ask(String question) {
      return Optional.empty();
    }
  }
}
