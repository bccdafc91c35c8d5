package de.lifetimecircle.secrets.cli.console;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program in the place of this one: with its streams, passing on the end that is asked of
 * it.
 *
 * <p>Two threads: the one that called waits for the child; the shutdown hook, which the JVM starts
 * on SIGTERM, SIGINT and SIGHUP, asks the child to end, waits for it too and then ends the JVM with
 * the child's code. Only the hook ends the JVM then, as {@code Runtime.exit} blocks while hooks
 * run.
 */
public final class ForegroundProcess {
  static final int CANNOT_EXECUTE = 126;
  static final int NOT_FOUND = 127;

  private static final int SIGTERM_CODE = 128 + 15;
  // A Ctrl-C reaches the whole foreground group, so the child mostly ends by itself.
  private static final long GRACE_MILLIS = 300;

  private final CommandSession session;

  /** Creates a runner that looks for programs in the session's {@code PATH}. */
  public ForegroundProcess(CommandSession session) {
    this.session = session;
  }

  /** Runs it to its end; its exit code, or 128 and the number of the signal that ended it. */
  public int run(List<String> program, Map<String, String> variables) {
    ProcessBuilder builder = new ProcessBuilder(program).inheritIO();
    builder.environment().putAll(variables);
    // In place before the child runs: an end that is asked for in between would reach only us.
    CompletableFuture<Process> started = new CompletableFuture<>();
    Thread forwarder = new Thread(() -> endWith(started), "secrets-exec-end");
    Runtime.getRuntime().addShutdownHook(forwarder);
    int code;
    try {
      Process child = builder.start();
      started.complete(child);
      code = waitFor(child);
    } catch (IOException e) {
      started.cancel(false);
      code = cannotRun(program.get(0));
    }
    try {
      Runtime.getRuntime().removeShutdownHook(forwarder);
    } catch (IllegalStateException e) {
      // The hook runs already and ends the JVM with the child's code.
    }
    return code;
  }

  private int cannotRun(String program) {
    // Not the system's own text: it repeats the arguments on some systems.
    boolean found = isOnPath(program);
    session.hint(
        "Cannot run '"
            + program
            + "': "
            + (found ? "it is not a program or may not be run." : "there is no such program."));
    return found ? CANNOT_EXECUTE : NOT_FOUND;
  }

  private static int waitFor(Process child) {
    try {
      return child.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      child.destroy();
      return SIGTERM_CODE;
    }
  }

  private static void endWith(CompletableFuture<Process> started) {
    int code = SIGTERM_CODE;
    try {
      Process child = started.get();
      if (!child.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        child.destroy();
      }
      code = child.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | CancellationException e) {
      code = NOT_FOUND; // nothing was started, so there is nothing to end
    }
    Runtime.getRuntime().halt(code);
  }

  private boolean isOnPath(String program) {
    if (program.contains("/") || program.contains(File.separator)) {
      return new File(program).exists();
    }
    String path = session.environment.getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (new File(folder.isEmpty() ? "." : folder, program).exists()) {
        return true;
      }
    }
    return false;
  }
}
