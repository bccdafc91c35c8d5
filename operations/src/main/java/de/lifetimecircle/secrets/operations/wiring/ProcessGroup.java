package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.operations.files.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A child program with everything that it starts. {@code setsid} makes it the leader of a process
 * group, so that one signal reaches the whole group, also a process whose parent has ended; where
 * there is no {@code setsid}, only its living descendants are known. Signals other than TERM and
 * KILL have no method in Java, so {@code kill} of the shell sends them.
 */
record ProcessGroup(Process leader, boolean isGroup) {
  private static final long SECONDS_TO_SIGNAL = 10;

  /**
   * Starts a program as the leader of a group.
   *
   * @param builder its streams, folder and environment; the command is replaced
   */
  static ProcessGroup start(ProcessBuilder builder, List<String> program) throws IOException {
    List<String> command = new ArrayList<>(program);
    boolean hasSetsid =
        new SearchPath(System.getenv().getOrDefault("PATH", ""))
            .find("setsid", Files::isExecutable)
            .isPresent();
    if (hasSetsid) {
      // The child of a JVM leads no group, so setsid becomes the program without another process.
      command.add(0, "setsid");
    }
    return new ProcessGroup(builder.command(command).start(), hasSetsid);
  }

  /**
   * Sends a signal, such as {@code HUP}, to the leader.
   *
   * @throws IOException if no shell can be started, as with a full table of processes; never for
   *     {@code TERM}
   */
  void signal(String signal) throws IOException {
    if (signal.equals("TERM") && leader.isAlive()) {
      leader.destroy();
    } else if (leader.isAlive()) {
      kill(signal, String.valueOf(leader.pid()));
    }
  }

  /**
   * Ends the leader by SIGTERM and, after the grace, the whole group by SIGKILL. Blocks until the
   * leader has ended.
   */
  void stop(long graceMillis) throws InterruptedException {
    List<ProcessHandle> descendants = isGroup ? List.of() : leader.descendants().toList();
    leader.destroy();
    if (!leader.waitFor(graceMillis, TimeUnit.MILLISECONDS)) {
      killGroup();
      leader.waitFor();
    }
    killGroup(); // what a leader that ended in time has left behind
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends what is left of the group by SIGKILL; without a shell, what is known of it. */
  void killGroup() {
    if (isGroup) {
      try {
        kill("KILL", "-" + leader.pid());
        return;
      } catch (IOException e) {
        // Whoever ends a program must not fail for want of a shell.
      }
    }
    leader.descendants().forEach(ProcessHandle::destroyForcibly);
    leader.destroyForcibly();
  }

  /** A process that has ended is no failure: it may end at any time. */
  private static void kill(String signal, String target) throws IOException {
    ProcessBuilder kill =
        new ProcessBuilder("sh", "-c", "kill -s \"$1\" -- \"$2\"", "sh", signal, target)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      if (!kill.start().waitFor(SECONDS_TO_SIGNAL, TimeUnit.SECONDS)) {
        throw new IOException("kill of the shell did not end");
      }
    } catch (OutOfMemoryError e) { // Java's word for no room for another thread
      throw new IOException("no thread to wait for a shell", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
