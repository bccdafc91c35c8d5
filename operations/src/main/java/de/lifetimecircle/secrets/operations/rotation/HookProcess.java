package de.lifetimecircle.secrets.operations.rotation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * A hook that runs, with the processes that it has started. A process whose parent has ended is no
 * descendant any more, so each is found by a mark in its environment, which child processes
 * inherit. A daemon, which has a session of its own, does not count: the hook has started it for
 * good. Without {@code /proc} only descendants are found.
 *
 * <p>Immutable; asks the system at each call.
 *
 * @param handle the hook
 * @param mark the text in its environment that no other process has
 */
record HookProcess(ProcessHandle handle, String mark) {
  /** The variable with the mark. */
  static final String VARIABLE = "ROTATION_HOOK";

  private static final Path PROC = Path.of("/proc");

  /** The positions behind the name in {@code /proc/PID/stat}; see proc(5). */
  private static final int STATE_FIELD = 0;

  private static final int SESSION_FIELD = 3;

  static final int START_FIELD = 19;

  /** The states of a process that has ended and that its parent has not reaped. */
  private static final Set<String> ENDED = Set.of("Z", "X", "x");

  /** How often {@link #kill} looks for processes that were started meanwhile. */
  private static final int ROUNDS = 5;

  private static final int EXEC_ROUNDS = 20;
  private static final long EXEC_PAUSE_NANOS = 2_000_000;

  /** Returns a new mark. */
  static String newMark() {
    return UUID.randomUUID().toString();
  }

  /** Kills the hook and its processes. */
  void kill() {
    List<ProcessHandle> started = handle.descendants().toList();
    boolean unused = handle.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
    String session = session(ProcessHandle.current().pid()).orElse("");
    List<ProcessHandle> left = marked(mark, session);
    for (int i = 0; i < ROUNDS && !left.isEmpty(); i++) {
      left.forEach(ProcessHandle::destroyForcibly);
      left = marked(mark, session);
    }
  }

  /** Returns the session of a process; empty if it is unknown. */
  static Optional<String> session(long pid) {
    return stat(pid, SESSION_FIELD);
  }

  /** Returns a field of {@code /proc/PID/stat}. */
  static Optional<String> stat(long pid, int field) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields.length > field ? Optional.of(fields[field]) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it has ended, or there is no /proc
    }
  }

  /** Returns whether a process runs: one that has ended and was not reaped counts as alive. */
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && stat(process.pid(), STATE_FIELD).filter(ENDED::contains).isEmpty();
  }

  /** Returns the running processes of a session that have the mark in their environment. */
  static List<ProcessHandle> marked(String mark, String session) {
    return with(VARIABLE + "=" + mark, session);
  }

  /** Returns the running processes of a session that have the entry in their environment. */
  static List<ProcessHandle> with(String entry, String session) {
    return ProcessHandle.allProcesses()
        .filter(process -> session(process.pid()).filter(session::equals).isPresent())
        .filter(process -> runs(process) && has(process.pid(), entry) && runs(process))
        .sorted()
        .toList();
  }

  private static boolean has(long pid, String entry) {
    try {
      Path file = PROC.resolve(pid + "/environ");
      byte[] environment = Files.readAllBytes(file);
      // The kernel shows no environment for a moment while a process begins another program.
      for (int i = 0; environment.length == 0 && i < EXEC_ROUNDS; i++) {
        LockSupport.parkNanos(EXEC_PAUSE_NANOS);
        environment = Files.readAllBytes(file);
      }
      return ("\0" + new String(environment, StandardCharsets.ISO_8859_1))
          .contains("\0" + entry + "\0");
    } catch (IOException e) {
      return false; // it has ended, or belongs to another account
    }
  }
}
