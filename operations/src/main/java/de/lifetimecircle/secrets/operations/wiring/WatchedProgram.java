package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.files.UserLocale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program with secrets in its environment, and reacts when their values change.
 *
 * <p>One thread, that of {@link #run}, decides everything. Others only put events into its queue:
 * the provider a change, the JVM the end of a child, the caller a signal, and a reader the values
 * after a change. A backend may answer a reader late: signals and the end of the program do not
 * wait for it. A change is a change of a value: a new version with the same value does not count.
 *
 * <p>A program that ends by itself ends {@link #run} with its exit code. The exception is a program
 * that fails within ten seconds after a restart that a rotation caused, or that cannot be started
 * then: it is started again, up to five times, after a wait that doubles from one second, because
 * the other side of a rotated password may follow a little later.
 */
public final class WatchedProgram {
  /** The reaction to a changed value. */
  public enum Reaction {
    /** SIGTERM, SIGKILL to the group after the grace, and a start with the new values. */
    RESTART,
    /** SIGHUP; its environment keeps the old values. */
    HUP,
    /** SIGTERM, SIGKILL to the group after the grace; whoever started us starts it again. */
    TERM
  }

  private static final Duration YOUNG = Duration.ofSeconds(10);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final int MOST_RETRIES = 5;

  private static final String NO_SHELL =
      "no shell can be started. Check the limits of processes and memory.";

  private static final String KEEPS_RUNNING =
      " The program keeps running with the values that it has.";

  private static final long LONGEST_WAIT = TimeUnit.DAYS.toNanos(1);

  /** The exit code for a program that cannot be started, as of a shell. */
  private static final int CANNOT_START = 126;

  private sealed interface Event {}

  /** Only wakes the thread of run: the watch knows when a reaction is due. */
  private record Change() implements Event {}

  private record Ended(Process process) implements Event {}

  private record Signal(String name) implements Event {
    boolean asksToEnd() {
      return name.equals("TERM") || name.equals("INT");
    }
  }

  /** The values after a change, or why they could not be read. */
  private record Read(Map<String, String> values, @Nullable Throwable failure) implements Event {}

  private final List<String> program;
  private final Reaction reaction;
  private final ReactionDelay timing;
  private final Duration grace;
  private final Consumer<String> note;
  private final ProgramOutput output;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  // The fields below belong to the thread of run.
  private Map<String, String> given = Map.of();

  /** Null while the program waits for another start. */
  private @Nullable ProcessGroup child;

  /** The time of that start, and the exit code of the program before it. */
  private long startAt;

  private int lastCode;

  /** Whether the program was asked to end, by a signal or by the reaction. */
  private boolean ending;

  /** Whether a reader is on its way. */
  private boolean reading;

  /** When the program was last started because of a rotation; 0 if it never was. */
  private long restartedAt;

  private int retries;

  /**
   * Prepares a program.
   *
   * @param grace the time between SIGTERM and SIGKILL
   * @param note takes a sentence for people about each reaction, without a value
   * @param output where its output goes
   */
  public WatchedProgram(
      List<String> program,
      Reaction reaction,
      ReactionDelay timing,
      Duration grace,
      Consumer<String> note,
      ProgramOutput output) {
    this.program = List.copyOf(program);
    this.reaction = reaction;
    this.timing = timing;
    this.grace = grace;
    this.note = note;
    this.output = output;
  }

  /**
   * Passes a signal on to the program; {@link #run} ends when the program does. Callable from any
   * thread, such as that of a signal handler; returns at once.
   *
   * @param signal its name, such as {@code TERM}
   */
  public void signal(String signal) {
    events.add(new Signal(signal));
  }

  /**
   * Runs the program until it ends. Called once.
   *
   * @param watched the names whose changes count
   * @param variables reads the current values; called again after each change, on another thread
   * @return its exit code, 128 + n if signal n ended it, 126 if it could not be started again
   * @throws IOException if the program cannot be started
   * @throws SecretException if the first values cannot be read
   */
  public int run(
      SecretProvider provider, List<String> watched, Supplier<Map<String, String>> variables)
      throws IOException, InterruptedException {
    try (ChangeWatch watch =
        new ChangeWatch(provider, watched, timing, () -> events.add(new Change()))) {
      given = variables.get();
      start();
      OptionalInt code = OptionalInt.empty();
      while (code.isEmpty()) {
        long wait = reading || ending ? LONGEST_WAIT : remaining(watch);
        if (wait == 0) {
          read(watch, variables);
        } else {
          code = handle(events.poll(wait, TimeUnit.NANOSECONDS), watch);
        }
      }
      output.await();
      return code.getAsInt();
    } catch (InterruptedException | IOException | RuntimeException | Error e) {
      if (child != null) {
        child.leader().destroy(); // without a waiting parent no process would end it
      }
      throw e;
    }
  }

  /** Returns the time until the values are needed. */
  private long remaining(ChangeWatch watch) {
    return child == null ? Math.max(0, startAt - System.nanoTime()) : watch.remaining();
  }

  /** Returns the code to end with, if this event is the end. */
  private OptionalInt handle(@Nullable Event event, ChangeWatch watch) throws InterruptedException {
    if (event instanceof Signal signal) {
      return pass(signal);
    }
    if (event instanceof Ended ended) {
      return ended(ended.process());
    }
    return event instanceof Read read ? react(read, watch) : OptionalInt.empty();
  }

  private void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder().inheritIO();
    UserLocale.restore(builder.environment());
    builder.environment().putAll(given);
    output.prepare(builder);
    ProcessGroup started = ProcessGroup.start(builder, program);
    child = started;
    Map<String, byte[]> hidden = new LinkedHashMap<>();
    given.forEach((name, value) -> hidden.put(name, value.getBytes(StandardCharsets.UTF_8)));
    output.begin(started.leader(), hidden);
    var unused = started.leader().onExit().thenAccept(process -> events.add(new Ended(process)));
  }

  private OptionalInt pass(Signal signal) {
    // A program that was asked to end must not come back because of a rotation.
    ending = ending || signal.asksToEnd();
    if (child != null) {
      try {
        child.signal(signal.name());
      } catch (IOException e) {
        note.accept("cannot pass SIG" + signal.name() + " on to the program: " + NO_SHELL);
      }
    }
    return ending && child == null ? OptionalInt.of(lastCode) : OptionalInt.empty();
  }

  private OptionalInt ended(Process process) {
    if (child == null || !process.equals(child.leader())) {
      return OptionalInt.empty(); // the one before the last restart
    }
    int code = process.exitValue();
    if (ending) {
      child.killGroup(); // a program that was asked to end leaves nothing behind
    }
    boolean young =
        restartedAt != 0 && System.nanoTime() - restartedAt < YOUNG.toNanos() && code != 0;
    return ending || !young
        ? OptionalInt.of(code)
        : startLater(code, "the program ended with code " + code + " right after a restart");
  }

  /** Returns the code to end with if there were enough attempts. */
  private OptionalInt startLater(int code, String reason) {
    if (retries == MOST_RETRIES) {
      return OptionalInt.of(code);
    }
    Duration wait = FIRST_WAIT.multipliedBy(1L << retries++);
    note.accept(reason + "; it is started again in " + wait.toSeconds() + " s.");
    child = null;
    lastCode = code;
    startAt = System.nanoTime() + wait.toNanos();
    return OptionalInt.empty();
  }

  private OptionalInt startAgain() {
    restartedAt = System.nanoTime();
    try {
      start();
      return OptionalInt.empty();
    } catch (IOException e) { // its text is not shown, because it can repeat arguments
      return startLater(
          CANNOT_START,
          "the program cannot be started; a value may be too long for a variable, or the program"
              + " is being replaced");
    }
  }

  /** Reads on another thread, whose result is an event. */
  private void read(ChangeWatch watch, Supplier<Map<String, String>> variables) {
    Thread reader =
        new Thread(
            () -> {
              try {
                var unused = watch.takeDue();
                events.add(new Read(variables.get(), null));
              } catch (Throwable e) { // the thread of run throws what is no failure of a read
                events.add(new Read(Map.of(), e));
              }
            },
            "secrets-watch-read");
    reader.setDaemon(true);
    try {
      reader.start();
      reading = true;
    } catch (OutOfMemoryError e) { // Java's word for no room for another thread
      watch.failed();
      startAt = System.nanoTime() + FIRST_WAIT.toNanos();
      note.accept(
          "cannot read the values, and tries again: this machine has no room for another thread."
              + (child == null ? "" : KEEPS_RUNNING));
    }
  }

  private OptionalInt react(Read read, ChangeWatch watch) throws InterruptedException {
    reading = false;
    if (read.failure() instanceof SecretException e) {
      watch.failed();
      note.accept(e.getMessage() + (child == null ? "" : KEEPS_RUNNING));
    } else if (read.failure() instanceof Error e) {
      throw e;
    } else if (read.failure() instanceof RuntimeException e) {
      throw e;
    }
    Map<String, String> current = read.failure() == null ? read.values() : given;
    if (child == null) {
      succeed(read, watch);
      given = current;
      return remaining(watch) == 0 ? startAgain() : OptionalInt.empty();
    }
    // The end of a program that runs no more is an event to come, and no rotation undoes it. The
    // system knows of that end before the JDK's object does.
    if (ending || current.equals(given) || !child.leader().toHandle().isAlive()) {
      succeed(read, watch);
      return OptionalInt.empty();
    }
    return act(child, current, watch);
  }

  private static void succeed(Read read, ChangeWatch watch) {
    if (read.failure() == null) {
      watch.succeeded();
    }
  }

  private OptionalInt act(ProcessGroup running, Map<String, String> current, ChangeWatch watch)
      throws InterruptedException {
    String changed = changed(current);
    if (reaction == Reaction.HUP) {
      try {
        running.signal("HUP");
      } catch (IOException e) {
        watch.failed();
        note.accept("cannot send SIGHUP to the program, and tries again: " + NO_SHELL);
        return OptionalInt.empty();
      }
    }
    watch.succeeded();
    given = current;
    switch (reaction) {
      case HUP -> note.accept("sent SIGHUP to the program: " + changed + " changed.");
      case TERM -> {
        note.accept("ends the program: " + changed + " changed.");
        ending = true;
        running.stop(grace.toMillis());
      }
      case RESTART -> {
        note.accept("restarts the program: " + changed + " changed.");
        running.stop(grace.toMillis());
        child = null;
        lastCode = running.leader().exitValue();
        retries = 0;
        // Others ask for what the restart does, or would end a program that is not ready for them.
        events.removeIf(event -> event instanceof Signal signal && !signal.asksToEnd());
        ending = events.stream().anyMatch(Signal.class::isInstance); // its end is the answer
        return ending ? OptionalInt.of(lastCode) : startAgain();
      }
    }
    return OptionalInt.empty();
  }

  private String changed(Map<String, String> current) {
    return current.entrySet().stream()
        .filter(each -> !each.getValue().equals(given.get(each.getKey())))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }
}
