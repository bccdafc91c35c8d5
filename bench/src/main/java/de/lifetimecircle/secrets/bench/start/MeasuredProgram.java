package de.lifetimecircle.secrets.bench.start;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that is run as a process of its own, again and again. Immutable.
 *
 * @param command the program and its arguments
 * @param environment variables added to an environment without our settings
 * @param expected the output that it has to print; a program with another output is not measured
 */
record MeasuredProgram(List<String> command, Map<String, String> environment, String expected) {
  private static final int PATIENCE_SECONDS = 60;

  MeasuredProgram {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** A class of this module in a JVM without options, with that class path. */
  static MeasuredProgram java(String classPath, Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(args));
    return new MeasuredProgram(command, Map.of(), "");
  }

  /** The same program of Java with options of the JVM. */
  MeasuredProgram with(String... options) {
    List<String> all = new ArrayList<>(command);
    all.addAll(1, List.of(options));
    return new MeasuredProgram(all, environment, expected);
  }

  /** The same with one more argument. */
  MeasuredProgram and(String argument) {
    List<String> all = new ArrayList<>(command);
    all.add(argument);
    return new MeasuredProgram(all, environment, expected);
  }

  /** Returns the same, which has to print this. */
  MeasuredProgram printing(String text) {
    return new MeasuredProgram(command, environment, text);
  }

  /** Returns the same in an environment with these variables. */
  MeasuredProgram in(Map<String, String> variables) {
    return new MeasuredProgram(command, variables, expected);
  }

  /** The milliseconds from its start to its end. Blocks. */
  double millis() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    String printed = run("");
    long ended = System.nanoTime();
    if (!printed.equals(expected)) {
      throw new IOException(command.get(0) + " printed something else than expected");
    }
    return (ended - begun) / 1e6;
  }

  /**
   * Runs it once and returns its output.
   *
   * @param input its input
   * @throws IOException if it fails, or does not end within a minute
   */
  String run(String input) throws IOException, InterruptedException {
    Ended ended = ended(input);
    if (ended.code() != 0) {
      throw new IOException(command.get(0) + " ended with " + ended.code());
    }
    return ended.printed();
  }

  /** How it ended: its exit code and its output. */
  record Ended(int code, String printed) {}

  /**
   * Runs it once, however it ends.
   *
   * @param input its input
   * @throws IOException if it does not end within a minute
   */
  Ended ended(String input) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not another backend, and no options of a JVM that cost time.
    builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
    new HashMap<>(environment).forEach(builder.environment()::put);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command.get(0) + " did not end");
    }
    return new Ended(process.exitValue(), printed);
  }
}
