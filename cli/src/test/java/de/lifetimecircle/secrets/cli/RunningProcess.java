package de.lifetimecircle.secrets.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that says in a line of its output that it serves. */
final class RunningProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 90;

  private final Process process;
  private final Pattern serves;
  private final StringBuilder output = new StringBuilder();
  private final CompletableFuture<String> place = new CompletableFuture<>();
  private final List<Thread> readers = new ArrayList<>();

  private RunningProcess(Process process, Pattern serves) {
    this.process = process;
    this.serves = serves;
    readers.add(new Thread(() -> read(process.getInputStream()), "process-out"));
    readers.add(new Thread(() -> read(process.getErrorStream()), "process-err"));
    readers.forEach(Thread::start);
  }

  /**
   * Starts a program and waits for that line.
   *
   * @param environment all of its variables
   * @param serves what the line has; its first group is the place
   */
  static RunningProcess start(
      Path folder, Map<String, String> environment, Pattern serves, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    RunningProcess running = new RunningProcess(builder.start(), serves);
    try {
      String unused = running.place.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return running;
    } catch (ExecutionException | TimeoutException e) {
      running.close();
      throw new AssertionError(command[0] + " does not serve: " + running.output(), e);
    } catch (InterruptedException e) {
      running.close();
      throw new AssertionError(e);
    }
  }

  private void read(InputStream stream) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          output.append(line).append('\n');
        }
        Matcher found = serves.matcher(line);
        if (found.find()) {
          place.complete(found.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      place.completeExceptionally(new IllegalStateException("it has ended"));
    }
  }

  /** What the first group of the line has. */
  String place() {
    return place.join();
  }

  long pid() {
    return process.pid();
  }

  /** All that it printed; complete once it has ended. */
  String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  /** Ends it as a crash does. */
  void kill() {
    boolean asked = process.toHandle().destroyForcibly();
    await("killed: " + asked);
  }

  /** Asks it to end, and waits. */
  @Override
  public void close() {
    boolean asked = process.toHandle().destroy();
    await("asked: " + asked);
  }

  private void await(String how) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end; " + how);
      }
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
