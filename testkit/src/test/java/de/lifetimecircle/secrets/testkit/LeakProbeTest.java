package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The probe can fail: a canary planted in each channel is found there, and only there. */
final class LeakProbeTest {
  private static final System.Logger LOG = System.getLogger("planted.Logger");

  private final Quiet quiet = new Quiet();
  private LeakProbe probe = LeakProbe.start();
  private String canary = "";

  @BeforeEach
  void plant() {
    canary = probe.canary("planted");
    String untouched = probe.canary("untouched");
    assertThat(untouched.equals(canary)).isFalse();
  }

  @AfterEach
  void putBack() {
    probe.close();
    quiet.close();
  }

  private void foundOnlyIn(String channel, String where) {
    assertThat(probe.leaks()).containsExactly(new LeakFinding("planted", channel, where, "plain"));
    Throwable failure = catchThrowable(probe::assertClean);
    assertThat(failure).isInstanceOf(AssertionError.class);
    assertThat(failure.getMessage().contains(canary.substring(10))).isFalse();
    assertThat(failure).hasMessageContaining(channel).hasMessageContaining(where);
  }

  @Test
  void nothingPlantedIsClean() {
    LOG.log(System.Logger.Level.TRACE, "nothing to see");
    probe.look("object", List.of("a", 1, Optional.empty())).look("nothing", null);
    probe.assertClean();
    assertThat(probe.leaks()).isEmpty();
  }

  @Test
  void logMessageAtTraceIsFound() {
    LOG.log(System.Logger.Level.TRACE, "value is " + canary);
    foundOnlyIn("log at TRACE", "planted.Logger");
  }

  @Test
  void logParameterIsFound() {
    LOG.log(System.Logger.Level.TRACE, "value is {0}", canary);
    foundOnlyIn("log at TRACE", "planted.Logger");
  }

  @Test
  void logParameterThatTheMessageDoesNotUseIsFound() {
    LOG.log(System.Logger.Level.TRACE, "value is not shown", canary);
    foundOnlyIn("log at TRACE", "planted.Logger");
  }

  @Test
  void loggedExceptionIsFound() {
    LOG.log(System.Logger.Level.TRACE, "failed", new IllegalStateException(canary));
    assertThat(probe.leaks())
        .contains(
            new LeakFinding(
                "planted", "log at TRACE", IllegalStateException.class.getName(), "plain"));
  }

  @Test
  void secretNamedAfterItWasLoggedIsFound() {
    LOG.log(System.Logger.Level.TRACE, "token abcdefgh-12345678");
    assertThat(probe.leaks()).isEmpty();
    probe.watch("token", "abcdefgh-12345678");
    assertThat(probe.leaks())
        .containsExactly(new LeakFinding("token", "log at TRACE", "planted.Logger", "plain"));
  }

  @Test
  void standardOutputAndErrorAreFound() {
    System.out.print("printed " + canary);
    assertThat(probe.leaks())
        .containsExactly(new LeakFinding("planted", "standard output", "System.out", "plain"));
    System.err.println("complained " + canary);
    assertThat(probe.leaks())
        .contains(new LeakFinding("planted", "standard error", "System.err", "plain"));
  }

  @Test
  void exceptionIsFoundInCausesAndWhatTheySuppressInSpiteOfCycles() {
    IllegalStateException deep = new IllegalStateException(canary);
    IllegalArgumentException middle = new IllegalArgumentException("clean");
    RuntimeException outer = new RuntimeException("clean", new Exception("clean", middle));
    middle.addSuppressed(new Exception("clean", deep));
    deep.addSuppressed(outer);
    probe.look("exception", outer);
    assertThat(probe.leaks())
        .contains(
            new LeakFinding("planted", "exception", IllegalStateException.class.getName(), "plain"))
        .noneMatch(
            leak ->
                leak.where().equals("java.lang.IllegalArgumentException")
                    && leak.channel().equals("exception"));
  }

  @Test
  void textOfAnObjectIsFound() {
    record Holder(String value) {}
    probe.look("object", new Holder(canary));
    foundOnlyIn("object", Holder.class.getName());
  }

  @Test
  void elementsOfCollectionsAreFound() {
    Object holder =
        new Object() {
          @Override
          public String toString() {
            return canary;
          }
        };
    probe.look("object", new Silent(List.of(Map.of("key", new Object[] {holder}))));
    foundOnlyIn("object", holder.getClass().getName());
  }

  /** Has elements, and a text that does not show them. */
  private record Silent(List<?> elements) implements Iterable<Object> {
    @Override
    public Iterator<Object> iterator() {
      return new ArrayList<Object>(elements).iterator();
    }

    @Override
    public String toString() {
      return "silent";
    }
  }

  @Test
  void rawBytesAndCharactersAreFound() {
    probe
        .look("bytes", canary.getBytes(StandardCharsets.UTF_8))
        .look("chars", canary.toCharArray());
    assertThat(probe.leaks()).extracting(LeakFinding::channel).contains("bytes", "chars");
  }

  @Test
  void eventsAndMetricTagsAreFound() {
    probe.look("event", "ROTATED " + canary);
    probe.look("metric tag", canary);
    assertThat(probe.leaks()).extracting(LeakFinding::channel).contains("event", "metric tag");
  }

  @Test
  void serializedFieldIsFoundThoughTheTextIsClean() {
    probe.look("object", new Careless(canary));
    foundOnlyIn("serialized object", Careless.class.getName());
  }

  /** Keeps quiet in its text only. */
  private static final class Careless implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String value;

    Careless(String value) {
      this.value = value;
    }

    @Override
    public String toString() {
      return "Careless[" + (value.isEmpty() ? "empty" : "redacted") + "]";
    }
  }

  @Test
  void commandLineOfAChildIsFound() throws Exception {
    Process child = new ProcessBuilder("sh", "-c", "read line", canary).start();
    try {
      probe.lookAtProcesses();
      assertThat(probe.leaks())
          .contains(
              new LeakFinding(
                  "planted", "process list", "command line of process " + child.pid(), "plain"));
    } finally {
      child.destroy();
      child.waitFor();
    }
  }

  @Test
  void environmentOfAChildIsFound() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo started; read line");
    builder.environment().put("PASSWORD", canary);
    Process child = builder.start();
    try {
      // Until it has spoken, the child may still be on its way from fork to exec.
      assertThat(child.inputReader().readLine()).isEqualTo("started");
      foundOnlyIn("process list", "environment of child " + child.pid());
    } finally {
      child.destroy();
      child.waitFor();
    }
  }

  @Test
  void filesAndTheirNamesAreFound(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("clean.txt"), "clean");
    Files.writeString(
        folder.resolve("held.txt"),
        "x " + Base64.getEncoder().encodeToString(canary.getBytes(StandardCharsets.UTF_8)));
    Files.createDirectory(folder.resolve(canary));
    probe.lookAtFiles(folder);
    assertThat(probe.leaks())
        .containsExactlyInAnyOrder(
            new LeakFinding("planted", "file", "held.txt", "base64"),
            new LeakFinding("planted", "file name", "(its name is withheld)", "plain"));
  }

  @Test
  void secretThatIsTooShortToBeFoundIsRefused() {
    assertThatThrownBy(() -> probe.watch("pin", "1234567"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("1234567");
  }

  @Test
  void closePutsOutputAndLevelsBack() {
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    probe.close();
    java.io.PrintStream before = System.out;
    java.util.logging.Level level = root.getLevel();
    probe = LeakProbe.start();
    assertThat(System.out).isNotSameAs(before);
    assertThat(root.getLevel()).isEqualTo(java.util.logging.Level.ALL);
    probe.close();
    assertThat(System.out).isSameAs(before);
    assertThat(root.getLevel()).isEqualTo(level);
    assertThat(probe.leaks()).isEmpty();
  }
}
