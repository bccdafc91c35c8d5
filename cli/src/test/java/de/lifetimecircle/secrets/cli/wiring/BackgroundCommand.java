package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.CliProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The command as a process that keeps running, over a store of OpenPGP files in a folder. */
final class BackgroundCommand implements AutoCloseable {
  final Process process;
  private final Path output;

  private BackgroundCommand(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static Map<String, String> files(Path folder) {
    return Map.of(
        "SECRETS_BACKEND",
        "gpg",
        "SECRETS_GPG_STORE",
        folder.resolve("store").toString(),
        "SECRETS_GPG_KEY_FILE",
        folder.resolve("key.pgp").toString(),
        "SECRETS_SOFT_AGE",
        "1s",
        "SECRETS_TIMEOUT",
        "60s");
  }

  static void put(Path folder, String name, String text) {
    put(folder, Map.of(name, text));
  }

  /** Stores several values, one soon after the other. */
  static void put(Path folder, Map<String, String> texts) {
    try (SecretWriter writer = SecretProvider.builder().environment(files(folder)).buildWriter()) {
      texts.forEach(
          (name, text) -> {
            try (SecretValue value = SecretValue.of(text)) {
              writer.put(name, value);
            }
          });
    }
  }

  /**
   * Starts {@code secrets} with these arguments, after the words of another program if there are.
   */
  static BackgroundCommand start(Path folder, List<String> before, String... args)
      throws IOException {
    CliProcess programs = CliProcess.in(folder);
    List<String> command = new ArrayList<>(before);
    command.add(folder.resolve("programs").resolve("secrets").toString());
    command.addAll(List.of(args));
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
    builder.environment().putAll(files(folder));
    builder.environment().putAll(programs.environment);
    return new BackgroundCommand(builder.start(), output);
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void signal(String signal) throws IOException, InterruptedException {
    String line = "kill -" + signal + " " + process.pid();
    assertThat(new ProcessBuilder("sh", "-c", line).start().waitFor()).isZero();
  }

  int await() {
    until("ended", () -> !process.isAlive());
    return process.exitValue();
  }

  /**
   * Waits until it holds, for as long as the command runs. The limit of all tests ends what hangs:
   * a limit of time here would also judge the machine, which may pause.
   */
  void until(String what, BooleanSupplier holds) {
    boolean running = true;
    while (!holds.getAsBoolean()) {
      assertThat(running).as(what + ", before the command ended: " + output()).isTrue();
      running = process.isAlive(); // asked before the last look, which sees all that it did
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      assertThat(Thread.currentThread().isInterrupted()).as(what + ": " + output()).isFalse();
    }
  }

  static void pause(long seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (long left = 1; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
