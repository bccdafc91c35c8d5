package de.lifetimecircle.secrets.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The parts of running processes that every user of the machine, or the same user, can see. */
final class ProcessList {
  private static final Path PROC = Path.of("/proc");

  private ProcessList() {}

  /**
   * The command lines of all processes that are not older than this one, and the environments of
   * our children, where readable. Processes that started earlier, such as a server with a token
   * among its arguments, are not the doing of this test.
   */
  static Map<String, String> read() {
    Map<String, String> shown = new LinkedHashMap<>();
    commandLines(shown);
    ProcessHandle.current()
        .descendants()
        .forEach(
            child -> {
              child.info().commandLine().ifPresent(line -> shown.put("child " + child.pid(), line));
              put(shown, "environment of child " + child.pid(), "" + child.pid(), "environ");
            });
    return shown;
  }

  private static void commandLines(Map<String, String> shown) {
    if (!Files.isDirectory(PROC)) {
      return;
    }
    try (Stream<Path> entries = Files.list(PROC)) {
      List<String> pids =
          entries
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(name -> name.chars().allMatch(Character::isDigit))
              .filter(pid -> !isOlder(Long.parseLong(pid)))
              .toList();
      pids.forEach(pid -> put(shown, "command line of process " + pid, pid, "cmdline"));
    } catch (IOException e) {
      shown.put("process list", "not readable");
    }
  }

  private static boolean isOlder(long pid) {
    Optional<Instant> ours = ProcessHandle.current().info().startInstant();
    Optional<Instant> theirs = ProcessHandle.of(pid).flatMap(other -> other.info().startInstant());
    return ours.isPresent() && theirs.isPresent() && theirs.get().isBefore(ours.get());
  }

  private static void put(Map<String, String> shown, String where, String pid, String file) {
    try {
      byte[] bytes = Files.readAllBytes(PROC.resolve(pid).resolve(file));
      shown.put(where, new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // The process has ended, or is another user's: nothing to see for us.
      shown.putIfAbsent(where, "");
    }
  }
}
