package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The record of a hook that runs, in a file beside the lock of its secret. The hook survives a
 * {@code kill -9} of the program that started it, and the lock does not; so without the record the
 * next run would start the hook a second time beside the first.
 *
 * <p>Used by one thread that has locked the name; blocks for the file system.
 */
final class RunningHook {
  private static final String ENDING = ".hook";
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** The position of the start time behind the name in {@code /proc/PID/stat}; see proc(5). */
  private static final int START_FIELD = 19;

  private final Path file;

  private RunningHook(Path file) {
    this.file = file;
  }

  /** Returns the record of a secret in the folder of the locks. */
  static RunningHook in(Path locks, String stored) {
    return new RunningHook(locks.resolve(JournalFolder.lockName(stored) + ENDING));
  }

  /**
   * Records a hook that was just started.
   *
   * @throws SecretException {@code CONFIGURATION} if the file cannot be written
   */
  void began(RotationStep step, ProcessHandle process) {
    String record = process.pid() + "\n" + identity(process) + "\n" + step.word() + "\n";
    try {
      Files.writeString(file, record);
    } catch (IOException e) {
      throw JournalFolder.unusable("record the hook of a rotation", file, e);
    }
  }

  /** Removes the record of a hook that has ended. */
  void ended() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw JournalFolder.unusable("remove the record of a hook", file, e);
    }
  }

  /**
   * Rejects a rotation while a hook of an earlier run still runs.
   *
   * @throws SecretException {@code CONFLICT}
   */
  void requireEnded(String stored) {
    List<String> record;
    try {
      record = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw JournalFolder.unusable("read the record of a hook", file, e);
    }
    // A record that was cut short by a full disk names no process.
    Optional<ProcessHandle> running =
        record.size() < 3 || !record.get(0).matches("[0-9]{1,18}")
            ? Optional.empty()
            : ProcessHandle.of(Long.parseLong(record.get(0)))
                .filter(ProcessHandle::isAlive)
                .filter(process -> identity(process).equals(record.get(1)));
    if (running.isPresent()) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "rotate secret")
          .name(stored)
          .reason(
              "its hook '"
                  + record.get(2)
                  + "' still runs as process "
                  + record.get(0)
                  + ": the program that started it was killed")
          .advice(
              "Wait until it ends, or stop it with 'kill "
                  + record.get(0)
                  + "'; then run the same command again")
          .build();
    }
    ended();
  }

  /**
   * Returns a text that no other process has: ids of processes are used again. Linux counts the
   * start from the boot, which a step of the clock does not change.
   */
  private static String identity(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Files.readString(BOOT).strip() + "/" + fields[START_FIELD];
    } catch (IOException | IndexOutOfBoundsException e) {
      return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }
  }
}
