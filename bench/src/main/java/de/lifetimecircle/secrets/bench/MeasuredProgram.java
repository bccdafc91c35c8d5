package de.lifetimecircle.secrets.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that is run as a process of its own, again and again. Immutable.
 *
 * @param command the program and its arguments
 * @param environment variables added to an environment without our settings
 * @param expected the output that it has to print; a program with another output is not measured
 * @param errors where its standard error goes
 */
public record MeasuredProgram(
    List<String> command, Map<String, String> environment, String expected, Redirect errors) {
  /** A herd is asked for half a minute on a quiet machine. */
  private static final int PATIENCE_SECONDS = 300;

  /** Copies the collections. */
  public MeasuredProgram {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Returns a command that may print nothing. */
  public static MeasuredProgram of(List<String> command) {
    return new MeasuredProgram(command, Map.of(), "", Redirect.INHERIT);
  }

  /** Returns a class of this module in a JVM without options, with that class path. */
  public static MeasuredProgram java(String classPath, Class<?> main, String... args) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return java(java, classPath, main, args);
  }

  /** Returns the same in another JVM. */
  public static MeasuredProgram java(Path java, String classPath, Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java.toString(), "-cp", classPath, main.getName()));
    command.addAll(List.of(args));
    return of(command);
  }

  /** Returns the same program of Java with options of the JVM. */
  public MeasuredProgram with(String... options) {
    List<String> all = new ArrayList<>(command);
    all.addAll(1, List.of(options));
    return new MeasuredProgram(all, environment, expected, errors);
  }

  /** Returns the same with one more argument. */
  public MeasuredProgram and(String argument) {
    List<String> all = new ArrayList<>(command);
    all.add(argument);
    return new MeasuredProgram(all, environment, expected, errors);
  }

  /** Returns the same, which has to print this. */
  public MeasuredProgram printing(String text) {
    return new MeasuredProgram(command, environment, text, errors);
  }

  /** Returns the same in an environment with these variables. */
  public MeasuredProgram in(Map<String, String> variables) {
    return new MeasuredProgram(command, variables, expected, errors);
  }

  /** Returns the same without what it says on standard error. */
  public MeasuredProgram quiet() {
    return new MeasuredProgram(command, environment, expected, Redirect.DISCARD);
  }

  /** Returns the milliseconds from its start to its end. Blocks. */
  public double millis() throws IOException, InterruptedException {
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
   * @throws IOException if it fails, or does not end within five minutes
   */
  public String run(String input) throws IOException, InterruptedException {
    Ended ended = ended(input);
    if (ended.code() != 0) {
      throw new IOException(command.get(0) + " ended with " + ended.code());
    }
    return ended.printed();
  }

  /** How it ended: its exit code and its output. */
  public record Ended(int code, String printed) {}

  /**
   * Runs it once, however it ends.
   *
   * @param input its input
   * @throws IOException if it does not end within five minutes
   */
  public Ended ended(String input) throws IOException, InterruptedException {
    Process process = start();
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

  /** Starts it, and leaves the rest to the caller. */
  public Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors);
    // Not another backend, and no options of a JVM that cost time.
    builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
    builder.environment().putAll(environment);
    return builder.start();
  }
}
