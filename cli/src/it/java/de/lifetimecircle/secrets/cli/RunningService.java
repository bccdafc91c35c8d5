package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.testservers.LocalServer;
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

/** A Python service under {@code secrets exec}, on loopback and a port that the system chose. */
final class RunningService implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final Pattern LISTENS =
      Pattern.compile("running on (http://127\\.0\\.0\\.1:[1-9][0-9]*)");

  private final Process process;
  private final StringBuilder output = new StringBuilder();
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final List<Thread> readers = new ArrayList<>();

  private RunningService(Process process) {
    this.process = process;
    readers.add(new Thread(() -> read(process.getInputStream()), "service-out"));
    readers.add(new Thread(() -> read(process.getErrorStream()), "service-err"));
    readers.forEach(Thread::start);
  }

  /** Starts it with what its inventory lets a service have; waits until it listens. */
  static RunningService start(Installation installed, Map<String, String> environment, Path example)
      throws IOException {
    installed.environment.putAll(environment);
    try {
      RunningService service =
          new RunningService(
              installed.start(
                  installed.command(),
                  "exec",
                  "--for",
                  "service",
                  "--inventory",
                  example.resolve("secrets.yaml").toString(),
                  "--",
                  python(),
                  "-m",
                  "uvicorn",
                  "--app-dir",
                  example.toString(),
                  "--port",
                  "0",
                  "server.main:app"));
      service.awaitAddress();
      return service;
    } finally {
      installed.environment.keySet().removeAll(environment.keySet());
    }
  }

  /** The Python that has FastAPI. */
  static String python() {
    return LocalServer.find("fastapi/bin/python")
        .orElseThrow(() -> new IllegalStateException("fastapi is not installed. Run ./verify"))
        .toString();
  }

  private void awaitAddress() {
    try {
      address.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new AssertionError("the service does not listen: " + output(), e);
    } catch (InterruptedException e) {
      close();
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
        Matcher found = LISTENS.matcher(line);
        if (found.find()) {
          address.complete(found.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      address.completeExceptionally(new IllegalStateException("it has ended"));
    }
  }

  String address() {
    return address.join();
  }

  /** All that it and the command printed; complete once it is closed. */
  String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  /** Asks the command to end, which asks the service; waits for both. */
  @Override
  public void close() {
    // By its handle: Process.destroy would close the streams before their last lines are read.
    boolean asked = process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("the service does not end; asked: " + asked);
      }
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
