package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testservers.Backend;
import java.nio.file.Path;
import java.util.Map;

/** A running backend and the commands of its administrator. */
record ServedBackend(Backend backend) implements AutoCloseable {

  /** Starts it, empty; the folder is for its files. */
  static ServedBackend start(String scheme, Path folder) {
    return new ServedBackend(Backend.start(scheme, folder));
  }

  /** The variables of its administrator. */
  Map<String, String> environment() {
    return backend.environment();
  }

  /**
   * Runs a command in this JVM as its administrator.
   *
   * @return what it wrote to standard output
   */
  String secrets(String input, String... args) {
    FakeTerminal terminal = new FakeTerminal().input(CommandTest.utf8(input));
    int code = new CommandLineRun(terminal, environment()).run(args);
    if (code != 0) {
      throw new AssertionError(args[0] + " ended with " + code + ": " + terminal.errText());
    }
    return terminal.outText();
  }

  @Override
  public void close() {
    backend.close();
  }
}
