package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.operations.files.SearchPath;
import de.lifetimecircle.secrets.operations.files.UserLocale;
import de.lifetimecircle.secrets.operations.wiring.ProgramOutput;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a child program with the streams of this process and forwards its own termination to it.
 * Java cannot replace its process image as {@code exec} does, so this process stays as the parent.
 *
 * <p>Two threads take part. The calling thread waits for the child. The JVM starts the shutdown
 * hook on SIGTERM, SIGINT and SIGHUP; the hook sends the child SIGTERM, waits for it too, and halts
 * the JVM with the child's code. In that case only the hook can set the exit code, because {@code
 * Runtime.exit} of the calling thread blocks while hooks run.
 */
public final class ForegroundProcess {
  // 126, 127 and 128 + n are what shells return, so scripts can treat 'secrets exec' like a shell.
  static final int CANNOT_EXECUTE = 126;
  static final int NOT_FOUND = 127;

  private static final File TERMINAL = new File("/dev/tty");
  private static final File NOWHERE = new File("/dev/null");
  private static final int SIGTERM_CODE = 128 + 15;
  // Ctrl-C reaches the whole foreground process group, so the child usually ends by itself. A
  // second signal at once would interrupt its own clean-up.
  private static final long GRACE_MILLIS = 300;

  private final CommandSession session;
  private final ProgramOutput output;
  private final Map<String, byte[]> hidden;

  /** The file of its streams; null for those of this process. */
  private final @Nullable File streams;

  /** Creates a runner that looks for programs in the session's {@code PATH}. */
  public ForegroundProcess(CommandSession session) {
    this(session, ProgramOutput.inherited(), Map.of());
  }

  /**
   * Creates a runner for a program that shows a value to a person: on the terminal, wherever the
   * streams of this process lead. Without a terminal, its output is dropped.
   */
  public static ForegroundProcess onTerminal(CommandSession session) {
    File streams = isOnTerminal(session) ? null : canOpenTerminal() ? TERMINAL : NOWHERE;
    return new ForegroundProcess(session, ProgramOutput.inherited(), Map.of(), streams);
  }

  /** Returns whether {@link #onTerminal} has one. */
  public static boolean hasTerminal(CommandSession session) {
    return isOnTerminal(session) || canOpenTerminal();
  }

  private static boolean isOnTerminal(CommandSession session) {
    return session.terminal.inputIsTerminal()
        && session.terminal.outputIsTerminal()
        && session.terminal.errorIsTerminal();
  }

  private static boolean canOpenTerminal() {
    try (InputStream unused = new FileInputStream(TERMINAL)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Creates a runner for a program whose output may be filtered.
   *
   * @param hidden the values to hide in it, by their names
   */
  public ForegroundProcess(
      CommandSession session, ProgramOutput output, Map<String, byte[]> hidden) {
    this(session, output, hidden, null);
  }

  private ForegroundProcess(
      CommandSession session,
      ProgramOutput output,
      Map<String, byte[]> hidden,
      @Nullable File streams) {
    this.session = session;
    this.output = output;
    this.hidden = hidden;
    this.streams = streams;
  }

  /**
   * Returns where the output of a program goes that was given values: through a filter if a coding
   * agent reads it, and not a person on a terminal.
   */
  public static ProgramOutput output(CommandSession session) {
    if (CodingAgent.marker(session.environment).isEmpty()) {
      return ProgramOutput.inherited();
    }
    Terminal terminal = session.terminal;
    return new ProgramOutput(
        terminal.outputIsTerminal() ? null : new CheckedOutput(terminal.out()),
        terminal.errorIsTerminal() ? null : new CheckedOutput(terminal.err()));
  }

  /** In a thread of its own: a pipe holds 64 KiB, and the program may never read it. */
  private static void feed(Process child, byte[] input) {
    Thread feeder =
        new Thread(
            () -> {
              try (OutputStream out = child.getOutputStream()) {
                out.write(input);
              } catch (IOException e) {
                return; // the program ended, or closed its input, without reading all of it
              } finally {
                Arrays.fill(input, (byte) 0);
              }
            },
            "secrets-exec-input");
    feeder.setDaemon(true);
    feeder.start();
  }

  /**
   * Runs the program and blocks until it ends.
   *
   * @param clearing removes what must not stay, if a signal ends this process before the caller can
   * @param input its standard input, whose array is overwritten; null for that of this process
   * @return its exit code, 128 + n if signal n ended it, or 126 or 127 if it could not be started
   */
  public int run(
      List<String> program,
      Map<String, String> variables,
      Runnable clearing,
      byte @Nullable [] input) {
    ProcessBuilder builder = new ProcessBuilder(program).inheritIO();
    if (input != null) {
      builder.redirectInput(ProcessBuilder.Redirect.PIPE);
    }
    if (streams != null) {
      builder.redirectInput(streams).redirectOutput(streams).redirectError(streams);
    }
    HiddenTyping.end();
    UserLocale.restore(builder.environment());
    builder.environment().putAll(variables);
    output.prepare(builder);
    // The hook is registered before the child starts. A signal that arrives in between would else
    // end only this process and leave the child running without a parent.
    CompletableFuture<Process> started = new CompletableFuture<>();
    Thread forwarder = new Thread(() -> endWith(started, clearing), "secrets-exec-end");
    Runtime.getRuntime().addShutdownHook(forwarder);
    int code;
    try {
      Process child = builder.start();
      started.complete(child);
      if (input != null) {
        feed(child, input);
      }
      output.begin(child, hidden);
      code = waitFor(child);
      output.await();
    } catch (IOException e) {
      started.cancel(false);
      code = cannotRun(program.get(0));
    }
    try {
      Runtime.getRuntime().removeShutdownHook(forwarder);
    } catch (IllegalStateException e) {
      // The hook is already running and will halt the JVM with the child's code.
    }
    return code;
  }

  /** Returns the exit code for a program that is not on the path, and says so; else nothing. */
  public OptionalInt refusal(String program) {
    return isOnPath(program) ? OptionalInt.empty() : OptionalInt.of(cannotRun(program));
  }

  private int cannotRun(String program) {
    // The text of the IOException is not used: on some systems it repeats the arguments.
    boolean found = isOnPath(program);
    session.hint(
        "Cannot run '"
            + program
            + "': "
            + (found
                ? "it is not a program, or you may not run it."
                : "there is no such program."));
    return found ? CANNOT_EXECUTE : NOT_FOUND;
  }

  private static int waitFor(Process child) {
    try {
      return child.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      // Without a waiting parent no process would end the child.
      child.destroy();
      return SIGTERM_CODE;
    }
  }

  private void endWith(CompletableFuture<Process> started, Runnable clearing) {
    int code = SIGTERM_CODE;
    try {
      Process child = started.get();
      if (!child.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        child.destroy();
      }
      code = child.waitFor();
      output.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | CancellationException e) {
      code = NOT_FOUND; // No child was started, so there is nothing to terminate.
    }
    clearing.run();
    // halt, not exit: exit inside a shutdown hook deadlocks.
    Runtime.getRuntime().halt(code);
  }

  /** The JDK reports both cases as the same IOException, so look again to tell 126 from 127. */
  private boolean isOnPath(String program) {
    if (program.contains("/") || program.contains(File.separator)) {
      return new File(program).exists();
    }
    return new SearchPath(session.environment.getOrDefault("PATH", ""))
        .find(program, Files::exists)
        .isPresent();
  }
}
