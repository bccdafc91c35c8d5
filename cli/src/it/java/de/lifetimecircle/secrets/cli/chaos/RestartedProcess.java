package de.lifetimecircle.secrets.cli.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that is stopped, killed and started again. For one thread. */
final class RestartedProcess implements AutoCloseable {
  private final ProcessBuilder command;
  private Process process;

  private RestartedProcess(ProcessBuilder command) throws IOException {
    this.command = command;
    this.process = command.start();
  }

  static RestartedProcess start(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new RestartedProcess(builder);
  }

  /** Waits for a line, and discards what follows. */
  void awaitLine(String part) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      all.append(line).append('\n');
      if (line.contains(part)) {
        discard(lines);
        return;
      }
    }
    throw new AssertionError("the process ended without '" + part + "': " + all);
  }

  private static void discard(BufferedReader lines) {
    Thread reader =
        new Thread(
            () -> {
              try {
                while (lines.readLine() != null) {
                  // Nobody needs it.
                }
              } catch (IOException ended) {
                // It was killed.
              }
            },
            "chaos-output");
    reader.setDaemon(true);
    reader.start();
  }

  void killAndRestart() throws IOException, InterruptedException {
    close();
    process = command.start();
    discard(
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
  }

  /** Stops it where it is, perhaps with a lock in its hand. */
  void stop() throws IOException, InterruptedException {
    signal("STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** By the shell's own kill: a bare system has no such program. */
  private void signal(String name) throws IOException, InterruptedException {
    String line = "kill -" + name + " " + process.pid();
    int code = new ProcessBuilder("sh", "-c", line).inheritIO().start().waitFor();
    if (code != 0) {
      throw new AssertionError(line + " ended with " + code);
    }
  }

  /** Kills it. */
  @Override
  public void close() throws InterruptedException {
    if (!process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("a killed process does not end");
    }
  }
}
