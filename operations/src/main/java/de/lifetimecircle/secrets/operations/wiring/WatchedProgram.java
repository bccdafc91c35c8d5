package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import java.io.IOException;
import java.time.Duration;
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
 * the provider a change, the JVM the end of a child, the caller a signal. A change is a change of a
 * value: a new version with the same value does not count.
 *
 * <p>A program that ends by itself ends {@link #run} with its exit code. The exception is a program
 * that fails within ten seconds after a restart that a rotation caused: it is started again, up to
 * five times, after a wait that doubles from one second, because the other side of a rotated
 * password may follow a little later.
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

  /** A change if there is neither a signal nor the end of a process. */
  private record Event(@Nullable String signal, @Nullable Process ended) {
    static final Event CHANGE = new Event(null, null);
  }

  private final List<String> program;
  private final Reaction reaction;
  private final ChangeTiming timing;
  private final Duration grace;
  private final Consumer<String> note;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  // The fields below belong to the thread of run.
  private Map<String, String> given = Map.of();
  private @Nullable ProcessGroup child;

  /** Whether the program was asked to end, by a signal or by the reaction. */
  private boolean ending;

  /** When the program was last started because of a rotation; 0 if it never was. */
  private long restartedAt;

  private int retries;

  /**
   * Prepares a program.
   *
   * @param grace the time between SIGTERM and SIGKILL
   * @param note takes a sentence for people about each reaction, without a value
   */
  public WatchedProgram(
      List<String> program,
      Reaction reaction,
      ChangeTiming timing,
      Duration grace,
      Consumer<String> note) {
    this.program = List.copyOf(program);
    this.reaction = reaction;
    this.timing = timing;
    this.grace = grace;
    this.note = note;
  }

  /**
   * Passes a signal on to the program; {@link #run} ends when the program does. Callable from any
   * thread, such as that of a signal handler; returns at once.
   *
   * @param signal its name, such as {@code TERM}
   */
  public void signal(String signal) {
    events.add(new Event(signal, null));
  }

  /**
   * Runs the program until it ends. Called once.
   *
   * @param watched the names whose changes count
   * @param variables reads the current values; called again after each change
   * @return its exit code, 128 + n if signal n ended it
   * @throws IOException if the program cannot be started
   * @throws SecretException if the first values cannot be read
   */
  public int run(
      SecretProvider provider, List<String> watched, Supplier<Map<String, String>> variables)
      throws IOException, InterruptedException {
    given = variables.get();
    try (ChangeWatch watch =
        new ChangeWatch(provider, watched, timing, () -> events.add(Event.CHANGE))) {
      start();
      while (true) {
        Event event = events.poll(watch.remaining(), TimeUnit.NANOSECONDS);
        if (event != null && event.signal() != null) {
          pass(event.signal());
        }
        if (event != null && event.ended() != null) {
          OptionalInt code = ended(event.ended(), variables);
          if (code.isPresent()) {
            return code.getAsInt();
          }
        }
        if (!ending) {
          react(watch, variables);
        }
      }
    } catch (InterruptedException | IOException | RuntimeException e) {
      if (child != null) {
        child.leader().destroy(); // without a waiting parent nobody would end it
      }
      throw e;
    }
  }

  private void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder().inheritIO();
    builder.environment().putAll(given);
    ProcessGroup started = ProcessGroup.start(builder, program);
    child = started;
    var unused =
        started.leader().onExit().thenAccept(process -> events.add(new Event(null, process)));
  }

  private void pass(String signal) {
    // A program that was asked to end must not come back because of a rotation.
    ending = ending || !signal.equals("HUP");
    if (child != null) {
      child.signal(signal);
    }
  }

  /** Returns the code to end with; empty if the program was started again, or another one ended. */
  private OptionalInt ended(Process process, Supplier<Map<String, String>> variables)
      throws IOException, InterruptedException {
    if (child == null || !process.equals(child.leader())) {
      return OptionalInt.empty(); // the one before the last restart
    }
    int code = process.exitValue();
    if (ending) {
      child.killGroup(); // a program that was asked to end leaves nothing behind
    }
    boolean young =
        restartedAt != 0 && System.nanoTime() - restartedAt < YOUNG.toNanos() && code != 0;
    if (ending || !young || retries == MOST_RETRIES) {
      return OptionalInt.of(code);
    }
    Duration wait = FIRST_WAIT.multipliedBy(1L << retries++);
    note.accept(
        "the program ended with code "
            + code
            + " right after a restart; it is started again in "
            + wait.toSeconds()
            + " s.");
    if (isEndedWithin(wait)) {
      return OptionalInt.of(code);
    }
    readIfPossible(variables);
    restartedAt = System.nanoTime();
    start();
    return OptionalInt.empty();
  }

  /** Waits; returns whether a signal to end came in that time. */
  private boolean isEndedWithin(Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    for (long left = wait.toNanos(); left > 0; left = end - System.nanoTime()) {
      Event event = events.poll(left, TimeUnit.NANOSECONDS);
      if (event != null && event.signal() != null && !event.signal().equals("HUP")) {
        return true;
      }
    }
    return false;
  }

  private void readIfPossible(Supplier<Map<String, String>> variables) {
    try {
      given = variables.get();
    } catch (SecretException e) {
      note.accept(String.valueOf(e.getMessage()));
    }
  }

  private void react(ChangeWatch watch, Supplier<Map<String, String>> variables)
      throws IOException, InterruptedException {
    Map<String, String> current;
    try {
      if (!watch.takeDue()) {
        return;
      }
      current = variables.get();
      watch.succeeded();
    } catch (SecretException e) {
      watch.failed();
      note.accept(e.getMessage() + " The program keeps running with the values that it has.");
      return;
    }
    if (!current.equals(given) && child != null) {
      String changed = changed(current);
      given = current;
      act(child, changed);
    }
  }

  private void act(ProcessGroup running, String changed) throws IOException, InterruptedException {
    switch (reaction) {
      case HUP -> {
        note.accept("sends SIGHUP to the program: " + changed + " changed.");
        running.signal("HUP");
      }
      case TERM -> {
        note.accept("ends the program: " + changed + " changed.");
        ending = true;
        running.stop(grace.toMillis());
      }
      case RESTART -> {
        note.accept("restarts the program: " + changed + " changed.");
        running.stop(grace.toMillis());
        // SIGHUP asks for what the restart does, and would end a program that is not ready for it.
        events.removeIf(event -> "HUP".equals(event.signal()));
        if (events.stream().noneMatch(event -> event.signal() != null)) {
          retries = 0;
          restartedAt = System.nanoTime();
          start();
        } else {
          ending = true; // a signal came while it ended: its end is the answer
        }
      }
    }
  }

  private String changed(Map<String, String> current) {
    return current.entrySet().stream()
        .filter(each -> !each.getValue().equals(given.get(each.getKey())))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }
}
