package de.lifetimecircle.secrets.applications;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.testcontainers.lifecycle.Startable;

/**
 * A Java program in a process of its own, with the settings of the library that it is given and no
 * others. Its log is a file; a program that converses keeps its output for the test.
 */
public final class JavaProcess implements Startable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path log;
  private final List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC"));
  private final Map<String, String> environment;
  private List<String> program = List.of();
  private Predicate<JavaProcess> ready = started -> true;
  private boolean converses;
  private final StringBuilder output = new StringBuilder();
  private Process process;
  private BufferedReader out;
  private Writer in;

  /**
   * Describes a program.
   *
   * @param log the file for its log; its folder is the program's
   * @param environment added to the variables of this process, without those of the library
   */
  public JavaProcess(Path log, Map<String, String> environment) {
    this.log = log.toAbsolutePath();
    this.environment = environment;
  }

  /** Returns the class path of this process. */
  public static List<String> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(each -> Path.of(each).toAbsolutePath().toString())
        .toList();
  }

  /** Adds options of the JVM. */
  public JavaProcess options(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Compiles only quickly: for programs that do not judge how fast they are. */
  public JavaProcess quick(int megabytes) {
    return options("-XX:TieredStopAtLevel=1", "-Xmx" + megabytes + "m");
  }

  /** Sets the class path, the main class, and its arguments. */
  public JavaProcess main(List<String> classPath, String main, Object... arguments) {
    return program(List.of("-cp", String.join(File.pathSeparator, classPath), main), arguments);
  }

  /** Sets the executable jar, and its arguments. */
  public JavaProcess jar(Path jar, Object... arguments) {
    return program(List.of("-jar", jar.toString()), arguments);
  }

  private JavaProcess program(List<String> words, Object... arguments) {
    program = new ArrayList<>(words);
    for (Object each : arguments) {
      program.add(each.toString());
    }
    return this;
  }

  /** Makes {@link #start} wait, three minutes at most. */
  public JavaProcess readyWhen(Predicate<JavaProcess> condition) {
    ready = condition;
    return this;
  }

  /** Keeps standard output out of the log, for {@link #ask}. */
  public JavaProcess conversing() {
    converses = true;
    return this;
  }

  /** Starts it; returns this. */
  public JavaProcess started() {
    start();
    return this;
  }

  @Override
  public void start() {
    launch();
    awaitReady();
  }

  /** Waits until it is ready; returns this. */
  public JavaProcess awaitReady() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!ready.test(this)) {
      boolean ended = ended(Duration.ofMillis(50));
      if (ended || System.nanoTime() - end > 0) {
        stop();
        throw new IllegalStateException(
            (ended ? "The program ended" : "The program is not ready") + "; see " + log + ":\n" + log());
      }
    }
    return this;
  }

  /** Starts it, and does not wait. */
  public JavaProcess launch() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(program);
    ProcessBuilder builder = new ProcessBuilder(command).directory(log.getParent().toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
    builder.environment().putAll(environment);
    if (converses) {
      builder.redirectError(log.toFile());
    } else {
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    }
    try {
      Files.createDirectories(log.getParent());
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + program, e);
    }
    // A run of the tests that is cut off must not leave it behind.
    Process started = process;
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    if (converses) {
      out = process.inputReader(StandardCharsets.UTF_8);
      in = process.outputWriter(StandardCharsets.UTF_8);
    }
    return this;
  }

  /** Writes a line to it, and returns the next line that it writes. */
  public String ask(String line) {
    try {
      in.write(line + "\n");
      in.flush();
      return answer();
    } catch (IOException e) {
      throw new IllegalStateException("The program ended; see " + log + ":\n" + log(), e);
    }
  }

  /** Returns the next line that it writes. */
  public String answer() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("The program ended; see " + log + ":\n" + log());
      }
      output.append(line).append('\n');
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the output of a program", e);
    }
  }

  /** Returns its log, after everything that it answered. */
  public String log() {
    try {
      return output + (Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + log, e);
    }
  }

  /** Returns the id of its process. */
  public long pid() {
    return process.pid();
  }

  /** Waits until it ends by itself; returns its exit code. */
  public int exitCode() {
    if (!ended(PATIENCE)) {
      throw new IllegalStateException("The program does not end; see " + log);
    }
    return process.exitValue();
  }

  private boolean ended(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a program runs", e);
    }
  }

  @Override
  public void stop() {
    if (process != null) {
      process.destroy();
      if (!ended(Duration.ofSeconds(20))) {
        process.destroyForcibly();
      }
    }
  }
}
