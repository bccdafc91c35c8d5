package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A real process that is stopped and resumed by signals, as by a container engine's pause. */
class StoppedProcessTest {
  /** The timer's thread has to be woken as well, on a machine that may do other work. */
  private static final long MOST_MILLIS = 5_000;

  @Test
  void stoppedProcessServesNothingPastMaxStaleOnceItTicks() throws Exception {
    String[] told = stopped();
    // On a busy machine the answers may expire before the signal arrives; that shows nothing.
    for (int tries = 1; tries < 5 && !told[0].equals("true"); tries++) {
      told = stopped();
    }
    assertThat(told[0]).as("it was stopped before its answers expired").isEqualTo("true");
    assertThat(Long.parseLong(told[1])).as("milliseconds").isLessThan(MOST_MILLIS);
    assertThat(told[2]).isEqualTo("UNAVAILABLE");
  }

  /** Stops a process that reads, and returns what it says of itself. */
  private static String[] stopped() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StoppedReader.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("ready");
      signal("kill -STOP " + child.pid() + " && sleep 6 && kill -CONT " + child.pid());
      return out.readLine().split(" ", -1);
    } finally {
      child.destroyForcibly();
    }
  }

  /** By the shell's own kill: a bare system has no such program. */
  private static void signal(String commands) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("sh", "-c", commands).inheritIO().start().waitFor()).isZero();
  }
}
