package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.files.UserLocale;
import de.lifetimecircle.secrets.operations.inventory.HookProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs hooks: programs with arguments, without a shell. A hook gets values on standard input and
 * names in its environment, which is otherwise the caller's. Its output, at most 1 MiB, is kept and
 * checked for values.
 *
 * <p>Stateless; {@link #run} blocks until the hook ends or its time limit passes.
 *
 * @param folder the working directory of hooks, to which relative names of programs refer
 * @param limit how long a hook may run
 */
public record HookRunner(Path folder, Duration limit) implements HookCaller {
  /** The variable that each hook has in its environment, with a text of its own. */
  public static final String MARK = HookProcess.VARIABLE;

  private static final int MOST_OUTPUT = 1024 * 1024;
  private static final int MOST_SHOWN = 4096;
  private static final String WITHHELD = "(withheld, because it has a line of a value)";

  /** A terminal shows no more of a line. */
  private static final int LONGEST_LINE = 200;

  private static final long TICK_MILLIS = 1_000;

  /** A background process of a hook may hold the output open for this long. */
  private static final long DRAIN_MILLIS = 2_000;

  /**
   * Runs one hook.
   *
   * @param program the program and its arguments
   * @param variables more variables for its environment; never a value
   * @param input its standard input
   * @param secrets the values that it must not print
   * @param watch receives each second how far it is
   * @throws SecretException {@code INTERRUPTED} if this thread is interrupted; the hook is killed
   */
  public HookResult run(
      List<String> program,
      Map<String, String> variables,
      String input,
      Collection<SecretValue> secrets,
      HookWatch watch) {
    return run(program, variables, input, secrets, process -> {}, watch);
  }

  @Override
  public HookResult run(
      List<String> program,
      Map<String, String> variables,
      String input,
      Collection<SecretValue> secrets,
      Consumer<HookProcess> started,
      HookWatch watch) {
    ProcessBuilder builder = new ProcessBuilder(program).redirectErrorStream(true);
    builder.directory(folder.toAbsolutePath().toFile());
    UserLocale.restore(builder.environment());
    prepare(builder.environment(), variables);
    String mark = HookProcess.newMark();
    builder.environment().put(HookProcess.VARIABLE, mark);
    // The output of a hook is searched for values and reaches no transcript, so it may read them.
    builder.environment().put("SECRETS_CODING_AGENTS", "off");
    long began = System.nanoTime();
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      // Not the system's text, which repeats the arguments on some systems.
      return new HookResult(HookResult.Ending.NOT_STARTED, -1, "");
    }
    HookProcess hook = new HookProcess(process.toHandle(), mark);
    try {
      started.accept(hook);
    } catch (RuntimeException e) {
      hook.kill();
      throw e;
    }
    Output output = new Output(process.getInputStream(), secrets);
    Supplier<Duration> took = () -> Duration.ofNanos(System.nanoTime() - began);
    String step =
        variables.getOrDefault("ROTATION_STEP", variables.getOrDefault("EMERGENCY_STEP", ""));
    Runnable tick = () -> watch.runs(step, took.get(), limit, output.lastLine());
    boolean ended = finish(process, hook, input, output, took, tick);
    return result(ended, ended ? process.exitValue() : -1, output);
  }

  /** Waits for the end or the limit, with a tick each second. */
  private boolean ends(Process process, Supplier<Duration> took, Runnable tick)
      throws InterruptedException {
    for (long left = limit.toMillis(); left > 0; left = limit.minus(took.get()).toMillis()) {
      if (process.waitFor(Math.min(left, TICK_MILLIS), TimeUnit.MILLISECONDS)) {
        return true;
      }
      tick.run();
    }
    return !process.isAlive();
  }

  /** Adds variables to the caller's, whose own one of a check call would stop the real work. */
  static void prepare(Map<String, String> environment, Map<String, String> variables) {
    environment.remove(HookProgram.CHECK);
    environment.putAll(variables);
  }

  /** Returns whether the hook has ended by itself. */
  private boolean finish(
      Process process,
      HookProcess hook,
      String input,
      Output output,
      Supplier<Duration> took,
      Runnable tick) {
    Thread reader = started(output, "secrets-hook-output");
    Thread writer = started(() -> give(process.getOutputStream(), input), "secrets-hook-input");
    try {
      boolean ended = ends(process, took, tick);
      if (!ended) {
        hook.kill();
      }
      reader.join(DRAIN_MILLIS);
      writer.join(DRAIN_MILLIS);
      return ended;
    } catch (InterruptedException e) {
      hook.kill();
      Thread.currentThread().interrupt();
      throw SecretException.of(SecretException.Kind.INTERRUPTED, "wait for a hook").build();
    }
  }

  private static HookResult result(boolean ended, int code, Output output) {
    if (output.tooLoud()) {
      return new HookResult(HookResult.Ending.TOO_LOUD, code, "");
    }
    String said = new String(output.soFar(), StandardCharsets.ISO_8859_1);
    if (OutputLeakCheck.shows(said, output.secrets)) {
      return new HookResult(HookResult.Ending.SHOWED_VALUE, code, "");
    }
    HookResult.Ending ending =
        !ended
            ? HookResult.Ending.TIMED_OUT
            : code == 0 ? HookResult.Ending.DONE : HookResult.Ending.FAILED;
    if (OutputLeakCheck.showsLine(said, output.secrets)) { // alone no failure, such as BEGIN KEY
      return new HookResult(ending, code, WITHHELD);
    }
    // The unfinished last line of a killed hook may be the beginning of a value.
    String whole = ended ? said : said.substring(0, said.lastIndexOf('\n') + 1);
    return new HookResult(ending, code, shown(whole));
  }

  private static String shown(String latin) {
    String text =
        new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
            .replaceAll("[[\\p{Cc}\\p{Cf}]&&[^\n\t]]", "?");
    return text.length() <= MOST_SHOWN ? text : text.substring(text.length() - MOST_SHOWN);
  }

  /** Returns the last whole line; empty if there is none yet, or if the output shows a value. */
  static String lastLine(byte[] output, Collection<SecretValue> values) {
    String latin = new String(output, StandardCharsets.ISO_8859_1);
    if (OutputLeakCheck.shows(latin, values) || OutputLeakCheck.showsLine(latin, values)) {
      return "";
    }
    int whole = latin.lastIndexOf('\n') + 1; // the rest may be the beginning of a value
    List<String> lines =
        new String(output, 0, whole, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
    String printable = last.replaceAll("[\\p{Cc}\\p{Cf}\ufffd]", "?");
    return printable.length() <= LONGEST_LINE
        ? printable
        : printable.substring(0, LONGEST_LINE) + "...";
  }

  private static Thread started(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void give(OutputStream to, String input) {
    try (to) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return; // a hook need not read its input
    }
  }

  /** The output of a hook; one thread writes it, another reads it. */
  private static final class Output implements Runnable {
    private final InputStream from;
    private final Collection<SecretValue> secrets;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean tooLoud;
    private int seen;
    private String said = "";

    Output(InputStream from, Collection<SecretValue> secrets) {
      this.from = from;
      this.secrets = secrets;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[8192];
      try {
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
          add(buffer, n);
        }
      } catch (IOException e) {
        return; // the hook was killed
      }
    }

    private synchronized void add(byte[] buffer, int n) {
      if (bytes.size() + n > MOST_OUTPUT) {
        tooLoud = true;
      } else {
        bytes.write(buffer, 0, n);
      }
    }

    synchronized boolean tooLoud() {
      return tooLoud;
    }

    /** Looks for values without the lock, so that the hook need not wait. */
    String lastLine() {
      byte[] output = soFar();
      if (output.length != seen) {
        seen = output.length;
        said = HookRunner.lastLine(output, secrets);
      }
      return said;
    }

    synchronized byte[] soFar() {
      return bytes.toByteArray();
    }
  }
}
