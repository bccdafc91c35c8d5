package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The call of a hook, which the journal records before the hook starts and removes once it has
 * ended. A call that is still in the journal was cut off: its hook may still run where it began,
 * which no other machine can see. Immutable; asks the system at each call.
 *
 * @param step the step of the hook
 * @param host the name of the machine on which it began
 * @param processes the processes among which it can be seen: one boot of one machine or container;
 *     empty if the system does not tell
 * @param session the session of the program that called it, which the hook inherits
 */
record HookCall(RotationStep step, String host, String processes, String session) {
  private static final Path PROC = Path.of("/proc");

  /** Returns the call of a hook by this process. */
  static HookCall of(RotationStep step) {
    return new HookCall(
        step,
        line(PROC.resolve("sys/kernel/hostname")),
        here(),
        HookProcess.session(ProcessHandle.current().pid()).orElse(""));
  }

  private static String here() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip()
          + "/"
          + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static String line(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Returns whether this process would see the hook if it still ran. */
  boolean isSeenHere() {
    return processes.equals(here()) && host.equals(line(PROC.resolve("sys/kernel/hostname")));
  }

  /**
   * Rejects an action while the hook still runs among the processes here, also if it was started
   * from another folder.
   *
   * @throws SecretException {@code CONFLICT}
   */
  void requireEnded(RotationJournal journal, String action) {
    List<ProcessHandle> running =
        isSeenHere()
            ? HookProcess.with(HookInvoker.ID + "=" + journal.rotation(), session)
            : List.of();
    if (!running.isEmpty()) {
      throw RunningHook.stillRuns(journal.stored(), action, step.word(), running);
    }
  }
}
