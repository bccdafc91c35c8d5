package de.lifetimecircle.secrets.cli.wiring;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code secrets exec --watch} with real processes: every count and code that it promises. */
class WatchedExecTest {
  private static final List<String> NAMES = List.of("A", "B", "C", "D", "E");

  @TempDir private Path folder;
  private Path log;

  @BeforeEach
  void fill() throws IOException {
    log = Files.createFile(folder.resolve("log"));
    putEach(NAMES, "1");
  }

  private void putEach(List<String> names, String version) {
    BackgroundCommand.put(
        folder,
        names.stream().collect(toMap(name -> name, name -> "canary-" + name + "-" + version)));
  }

  /** A second apart, so that the command sees some of them before the others. */
  private void rotateAll() {
    putEach(NAMES.subList(0, 3), "2");
    BackgroundCommand.pause(1);
    putEach(NAMES.subList(3, 5), "2");
  }

  private long count(String line) {
    return count(log, line);
  }

  private static long count(Path file, String line) {
    try {
      return Files.readAllLines(file).stream().filter(each -> each.startsWith(line)).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A program that writes what it gets, and leaves a process of its own behind. */
  private String program(String traps) {
    return traps
        + "; echo \"start $A $B $C $D $E\" >> log; sleep 1000 & echo $! >> left;"
        + " while :; do sleep 0.1; done";
  }

  private BackgroundCommand watch(List<String> before, String reaction, String script)
      throws IOException {
    return BackgroundCommand.start(
        folder,
        before,
        "exec",
        "--watch=" + reaction,
        "--debounce=4s",
        "--grace=2s",
        "--all=",
        "--",
        "sh",
        "-c",
        script);
  }

  /** Whether a process runs that a program has left; one that nobody has waited for does not. */
  private boolean lives(int line) {
    try {
      String pid = Files.readAllLines(folder.resolve("left")).get(line);
      return !Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fiveNamesRotatedTogetherAreOneRestartAndEqualValuesAreNone() throws Exception {
    Path trace = folder.resolve("trace");
    List<String> strace =
        List.of("strace", "-f", "-qq", "-s", "9999", "-e", "trace=execve", "-o", trace.toString());
    try (BackgroundCommand command =
        watch(strace, "restart", program("trap 'echo term >> log; exit 7' TERM"))) {
      command.until("started", () -> count("start") == 1);
      rotateAll();
      command.until("restarted", () -> count("start") == 2);
      assertThat(Files.readAllLines(log))
          .contains("start canary-A-2 canary-B-2 canary-C-2 canary-D-2 canary-E-2");
      command.until("the group has ended", () -> !lives(0));
      // Two more versions, of which the last has the value that the program has.
      BackgroundCommand.put(folder, "A", "canary-A-3");
      BackgroundCommand.put(folder, "A", "canary-A-2");
      BackgroundCommand.pause(9);
      assertThat(count("start")).as("nothing changed").isEqualTo(2);
      assertThat(count("term")).isEqualTo(1);
      // strace does not pass a signal on: it goes to the command itself.
      ProcessHandle java = command.process.toHandle().children().findFirst().orElseThrow();
      assertThat(new ProcessBuilder("sh", "-c", "kill -TERM " + java.pid()).start().waitFor())
          .isZero();
      assertThat(command.await()).as("the code of the program").isEqualTo(7);
      assertThat(count("term")).isEqualTo(2);
      assertThat(command.output()).contains("restarts the program: ").doesNotContain("canary");
    }
    assertThat(Files.readString(trace)).contains("setsid").doesNotContain("canary");
  }

  @Test
  void hupIsSentOnceAndTheEndOfTheProgramIsOurs() throws Exception {
    // A shell cannot trap a signal that was ignored when it began, as under nohup.
    String perl =
        "exec perl -e '$| = 1; $SIG{HUP} = sub { say(q(hup)) }; $SIG{INT} = sub { exit 9 };"
            + " sub say { open(F, q(>>log)); print F shift, qq(\\n); close F }"
            + " say(q(start)); select(undef, undef, undef, 0.1) while 1'";
    // A background job of a script ignores SIGINT, and so would all that it starts.
    List<String> notIgnoringInt =
        List.of("perl", "-e", "$SIG{INT} = q(DEFAULT); exec { $ARGV[0] } @ARGV");
    try (BackgroundCommand command = watch(notIgnoringInt, "hup", perl)) {
      command.until("started", () -> count("start") == 1);
      rotateAll();
      command.until("told", () -> count("hup") >= 1);
      BackgroundCommand.pause(9);
      assertThat(count("hup")).isEqualTo(1);
      assertThat(count("start")).isEqualTo(1);
      command.signal("INT");
      assertThat(command.await()).as("SIGINT was passed on").isEqualTo(9);
    }
  }

  /** An override that is named but not set, or not allowed, replaces nothing. */
  @ParameterizedTest
  @CsvSource({
    "on, A, start canary-A-1 of-B, start canary-A-2 of-B",
    "off, B, start canary-A-1 canary-B-1, start canary-A-1 canary-B-2"
  })
  void secretsThatNoLocalOverrideReplacesAreWatched(
      String overrides, String rotated, String before, String after) throws Exception {
    Path inventory =
        Files.writeString(
            folder.resolve("secrets.yaml"),
            """
            version: 1
            service: shop
            owner: backend
            contact: a@shop.example
            time-zone: UTC
            environments:
              prod: {}
            secrets:
              A: {description: a, owner: backend, readers: [service], local-override: A_LOCAL}
              B: {description: b, owner: backend, readers: [service], local-override: B_LOCAL}
            """);
    try (BackgroundCommand command =
        BackgroundCommand.start(
            folder,
            List.of("/usr/bin/env", "B_LOCAL=of-B", "SECRETS_OVERRIDES=" + overrides),
            "exec",
            "--watch=restart",
            "--debounce=2s",
            "--for=service",
            "--inventory=" + inventory,
            "--",
            "sh",
            "-c",
            "trap 'exit 0' TERM; echo \"start $A $B\" >> log; while :; do sleep 0.1; done")) {
      command.until("started", () -> count("start") == 1);
      BackgroundCommand.put(folder, rotated, "canary-" + rotated + "-2");
      command.until("restarted", () -> count("start") == 2);
      assertThat(Files.readAllLines(log)).containsExactly(before, after);
      command.signal("TERM");
      assertThat(command.await()).isZero();
    }
  }

  /** As where the table of processes is full: a reaction that is not possible ends no service. */
  @Test
  void aSignalThatCannotBeSentIsSentLater() throws Exception {
    Path programs = Files.createDirectory(folder.resolve("programs"));
    Files.createSymbolicLink(programs.resolve("setsid"), Path.of("/usr/bin/setsid"));
    String script =
        "PATH=/usr/bin:/bin; trap 'echo hup >> log' HUP; trap 'exit 9' TERM; echo start >> log;"
            + " while :; do sleep 0.1; done";
    for (String reaction : List.of("hup", "restart")) {
      Files.writeString(log, "");
      Files.deleteIfExists(programs.resolve("sh"));
      try (BackgroundCommand command =
          BackgroundCommand.start(
              folder,
              List.of("/usr/bin/env", "PATH=" + programs),
              "exec",
              "--watch=" + reaction,
              "--debounce=2s",
              "--secret=A",
              "--",
              "/bin/sh",
              "-c",
              script)) {
        command.until("started", () -> count("start") == 1);
        BackgroundCommand.put(folder, "A", "canary-A-for-" + reaction);
        if (reaction.equals("hup")) {
          command.until("told", () -> command.output().contains("cannot send SIGHUP"));
          Files.createSymbolicLink(programs.resolve("sh"), Path.of("/bin/sh"));
          command.until("sent", () -> count("hup") == 1);
          assertThat(count("start")).isEqualTo(1);
        } else {
          command.until("restarted", () -> count("start") == 2);
        }
        command.signal("TERM");
        assertThat(command.await()).isEqualTo(9);
        assertThat(command.output()).doesNotContain("canary");
      }
    }
  }

  @Test
  void everySignalThatTheJvmLeavesToUsReachesTheProgram() throws Exception {
    List<String> signals = List.of("USR1", "USR2", "WINCH");
    String perl =
        "exec perl -e '$| = 1; for my $s (qw(USR1 USR2 WINCH)) { $SIG{$s} = sub { say($s) } }"
            + " $SIG{TERM} = sub { exit 9 };"
            + " sub say { open(F, q(>>log)); print F shift, qq(\\n); close F }"
            + " say(q(start)); select(undef, undef, undef, 0.1) while 1'";
    try (BackgroundCommand command = watch(List.of(), "restart", perl)) {
      command.until("started", () -> count("start") == 1);
      for (String signal : signals) {
        command.signal(signal);
        command.until("passed on " + signal, () -> count(signal) == 1);
      }
      BackgroundCommand.put(folder, "B", "canary-B-2");
      command.until("restarted", () -> count("start") == 2);
      command.signal("TERM");
      assertThat(command.await()).isEqualTo(9);
    }
  }

  @Test
  void termEndsTheProgramAndUsWithItsCode() throws Exception {
    try (BackgroundCommand command = watch(List.of(), "term", program("trap 'exit 5' TERM"))) {
      command.until("started", () -> count("start") == 1);
      BackgroundCommand.put(folder, "B", "canary-B-2");
      assertThat(command.await()).isEqualTo(5);
      assertThat(lives(0)).as("what the program left behind").isFalse();
    }
  }

  @Test
  void aProgramThatIgnoresSigtermIsKilledAfterTheGrace() throws Exception {
    String notes = program("trap 'date +%s%3N >> terms' TERM");
    try (BackgroundCommand command = watch(List.of(), "restart", notes)) {
      command.until("started", () -> count("start") == 1);
      BackgroundCommand.put(folder, "B", "canary-B-2");
      command.until("restarted", () -> count("start") == 2);
      long asked = Long.parseLong(Files.readAllLines(folder.resolve("terms")).get(0));
      assertThat(System.currentTimeMillis() - asked).as("it had its grace").isGreaterThan(1_000);
      command.until("the group has ended", () -> !lives(0));
      command.signal("TERM");
      command.until("told to end", () -> count(folder.resolve("terms"), "") == 2);
      BackgroundCommand.pause(1);
      assertThat(command.process.isAlive()).as("as its program decides").isTrue();
      kill(group(command));
      assertThat(command.await()).isEqualTo(137);
      assertThat(lives(1)).as("what the program left behind").isFalse();
    }
  }

  /** The leader of the program's group, which is the only child of the command. */
  private static long group(BackgroundCommand command) {
    List<Long> children = command.process.toHandle().children().map(ProcessHandle::pid).toList();
    assertThat(children).hasSize(1);
    return children.get(0);
  }

  /**
   * Kills a group. By the kill of the shell and after {@code --}: the program of procps 4.0.2 reads
   * {@code -KILL -1234} as the group 1, or as every process that there is, and ends with 0.
   */
  private static void kill(long group) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("sh", "-c", "kill -s KILL -- -" + group).start().waitFor())
        .isZero();
  }

  @Test
  void aProgramThatFailsRightAfterARestartIsStartedAgainLater() throws Exception {
    String fails = "[ \"$A\" = bad ] && { echo failed >> log; exit 4; }";
    try (BackgroundCommand command =
        watch(List.of(), "restart", fails + "; " + program("trap 'exit 0' TERM"))) {
      command.until("started", () -> count("start") == 1);
      BackgroundCommand.put(folder, "A", "bad");
      command.until("failed twice", () -> count("failed") >= 2);
      BackgroundCommand.put(folder, "A", "good");
      command.until("started again", () -> count("start good") == 1);
      assertThat(count("failed")).as("1 s, 2 s, 4 s, 8 s between them").isLessThanOrEqualTo(5);
      command.signal("TERM");
      assertThat(command.await()).isZero();
    }
  }

  @Test
  void aProgramThatEndsByItselfIsNotStartedAgain() throws Exception {
    try (BackgroundCommand command =
        watch(List.of(), "restart", "echo start >> log; sleep 0.2; kill -9 $$")) {
      assertThat(command.await()).isEqualTo(137);
      assertThat(count("start")).isEqualTo(1);
    }
  }
}
