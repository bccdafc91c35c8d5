package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program whose secrets change while the backend is slow, or whose new start fails. */
class WatchedProgramTest {
  private static final String NAME = "A";
  private static final long PATIENCE_SECONDS = 20;
  private static final String RUNS = "echo $$ > pid; echo start >> log; ";
  private static final String FOREVER = "while :; do sleep 0.05; done";

  @TempDir private Path folder;

  private final FakeStore store = FakeStore.create().holding(NAME, "one");
  private final SecretProvider provider =
      SecretProvider.builder()
          .store(store.secondClient())
          .environment(Map.of())
          .set("retries", "0")
          .build();
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final ExecutorService runner = Executors.newSingleThreadExecutor();

  /** The read after a change has begun, and may end. */
  private final CountDownLatch reading = new CountDownLatch(1);

  private final CountDownLatch answered = new CountDownLatch(1);

  @AfterEach
  void close() {
    answered.countDown();
    runner.shutdownNow();
    provider.close();
  }

  private WatchedProgram program(String script) {
    return new WatchedProgram(
        List.of("sh", "-c", "cd \"$1\"; " + script, "sh", folder.toString()),
        WatchedProgram.Reaction.RESTART,
        new ReactionDelay(Duration.ofMillis(10), Duration.ofMillis(100)),
        Duration.ofSeconds(2),
        notes::add,
        ProgramOutput.inherited());
  }

  private Future<Integer> run(WatchedProgram program) {
    Future<Integer> code = runner.submit(() -> program.run(provider, List.of(NAME), this::read));
    until("started", () -> starts() == 1);
    return code;
  }

  /** Reads, late or with a long value if the value of the store says so. */
  private Map<String, String> read() {
    String value = provider.get(NAME).value().asString();
    if (value.equals("late")) {
      reading.countDown();
      try {
        assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    // Linux takes 128 KiB for a variable; the store of this test takes less for a value.
    return Map.of(NAME, value.equals("long") ? "x".repeat(200_000) : value);
  }

  private void rotate(String text) {
    try (SecretValue value = SecretValue.of(text)) {
      store.secondClient().put(PutRequest.always(NAME, value));
    }
    provider.refresh(NAME);
  }

  private void awaitRead() throws InterruptedException {
    assertThat(reading.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private List<String> lines(String file) {
    try {
      Path path = folder.resolve(file);
      return Files.exists(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int starts() {
    return lines("log").size();
  }

  private void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what + ": " + notes).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Test
  void aProgramThatEndsWhileItsNewValuesAreReadIsNotRunAgain() throws Exception {
    Future<Integer> code = run(program(RUNS + "until [ -e end ]; do sleep 0.05; done"));
    long pid = Long.parseLong(lines("pid").get(0));
    rotate("late");
    awaitRead();
    Files.createFile(folder.resolve("end"));
    until("ended", () -> ProcessHandle.of(pid).isEmpty());
    answered.countDown();
    assertThat(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isZero();
    assertThat(starts()).isEqualTo(1);
    assertThat(notes).isEmpty();
  }

  @Test
  void aSignalReachesTheProgramWhileItsNewValuesAreRead() throws Exception {
    WatchedProgram program = program("trap 'exit 7' TERM; " + RUNS + FOREVER);
    Future<Integer> code = run(program);
    rotate("late");
    awaitRead();
    program.signal("TERM");
    assertThat(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(7);
    assertThat(answered.getCount()).as("the backend has not answered").isEqualTo(1);
  }

  @Test
  void aStartThatFailsIsRepeatedWithTheNextValues() throws Exception {
    WatchedProgram program = program("trap 'exit 7' TERM; " + RUNS + FOREVER);
    Future<Integer> code = run(program);
    rotate("long");
    until("noted", () -> notes.stream().anyMatch(note -> note.contains("cannot be started")));
    rotate("short");
    until("started again", () -> starts() == 2);
    program.signal("TERM");
    assertThat(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(7);
    assertThat(notes).noneMatch(note -> note.contains("xx"));
  }

  @Test
  void aSignalEndsTheWaitForAnotherStart() throws Exception {
    WatchedProgram program = program(RUNS + FOREVER);
    Future<Integer> code = run(program);
    rotate("long");
    until("noted", () -> notes.stream().anyMatch(note -> note.contains("in 2 s")));
    program.signal("TERM");
    assertThat(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("cannot be run").isEqualTo(126);
  }

  @Test
  void aSignalThatDoesNotAskToEndLeavesTheReactionsAsTheyAre() throws Exception {
    WatchedProgram program =
        program("trap 'echo usr1 > heard' USR1; trap 'exit 7' TERM; " + RUNS + FOREVER);
    Future<Integer> code = run(program);
    program.signal("USR1");
    until("heard", () -> lines("heard").contains("usr1"));
    rotate("two");
    until("restarted", () -> starts() == 2);
    program.signal("TERM");
    assertThat(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(7);
  }
}
