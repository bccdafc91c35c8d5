package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.journal.RecordFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The record of a hook that runs, in a file beside the lock of its secret. The hook survives a
 * {@code kill -9} of the program that started it, and the lock does not; so without the record the
 * next run would start the hook a second time beside the first.
 *
 * <p>Used by one thread that has locked the name; blocks for the file system.
 */
record RunningHook(Path file) {
  private static final String ENDING = ".hook";
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** The lines of the record. */
  private static final int PID = 0;

  private static final int IDENTITY = 1;
  private static final int STEP = 2;
  private static final int MARK = 3;
  private static final int SESSION = 4;

  /** Returns the record of a secret in the folder of the locks. */
  static RunningHook in(Path locks, String stored) {
    return new RunningHook(locks.resolve(JournalFolder.lockName(stored) + ENDING));
  }

  /**
   * Records a hook that was just started.
   *
   * @throws SecretException {@code CONFIGURATION} if the file cannot be written
   */
  void began(RotationStep step, HookProcess hook) {
    ProcessHandle process = hook.handle();
    // Its session is ours, and it may have ended already: its session is unknown then.
    String session = HookProcess.session(ProcessHandle.current().pid()).orElse("");
    String record =
        String.join(
            "\n",
            String.valueOf(process.pid()),
            identity(process),
            step.word(),
            hook.mark(),
            session,
            "");
    try {
      AtomicFile.write(file, record, AtomicFile.Readers.USUAL);
    } catch (IOException e) {
      throw RecordFolder.unusable("record the hook of a rotation", file, e);
    }
  }

  /** Removes the record of a hook that has ended well; it may leave processes behind for good. */
  void ended() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw RecordFolder.unusable("remove the record of a hook", file, e);
    }
  }

  /** Removes the record of a hook that has failed, unless a process of it still does its work. */
  void failed() {
    if (running(record()).isEmpty()) {
      ended();
    }
  }

  /**
   * Rejects a rotation while a hook of an earlier run, or a process that it has started, still
   * runs.
   *
   * @throws SecretException {@code CONFLICT}
   */
  void requireEnded(String stored, String action) {
    List<String> record = record();
    List<ProcessHandle> running = running(record);
    if (!running.isEmpty()) {
      throw stillRuns(stored, action, record.get(STEP), running);
    }
    if (!record.isEmpty()) {
      ended();
    }
  }

  /** Rejects an action while these processes of a hook run. */
  static SecretException stillRuns(
      String stored, String action, String step, List<ProcessHandle> running) {
    String pids =
        running.stream()
            .map(process -> String.valueOf(process.pid()))
            .collect(Collectors.joining(" "));
    return SecretException.of(SecretException.Kind.CONFLICT, action)
        .name(stored)
        .reason(
            "its hook '"
                + step
                + "' still runs as "
                + (running.size() == 1 ? "process " : "processes ")
                + pids.replace(" ", ", ")
                + ": the program that started it has ended without it")
        .advice(
            "Wait until it ends, or stop it with 'kill "
                + pids
                + "'; then run the same command again")
        .build();
  }

  private List<String> record() {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw RecordFolder.unusable("read the record of a hook", file, e);
    }
  }

  /** Returns the processes of the recorded hook: itself first, then those that it has started. */
  private static List<ProcessHandle> running(List<String> record) {
    // A record that was cut short by a full disk names no process.
    if (record.size() <= STEP || !record.get(PID).matches("[0-9]{1,18}")) {
      return List.of();
    }
    Set<ProcessHandle> running = new LinkedHashSet<>();
    ProcessHandle.of(Long.parseLong(record.get(PID)))
        .filter(HookProcess::runs)
        .filter(process -> identity(process).equals(record.get(IDENTITY)))
        .ifPresent(running::add);
    if (record.size() > SESSION) {
      running.addAll(HookProcess.marked(record.get(MARK), record.get(SESSION)));
    }
    return List.copyOf(running);
  }

  /**
   * Returns a text that no other process has: ids of processes are used again. Linux counts the
   * start from the boot, which a step of the clock does not change.
   */
  private static String identity(ProcessHandle process) {
    try {
      String boot = Files.readString(BOOT).strip();
      return HookProcess.stat(process.pid(), HookProcess.START_FIELD)
          .map(start -> boot + "/" + start)
          .orElseGet(() -> startOf(process));
    } catch (IOException e) {
      return startOf(process);
    }
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }
}
