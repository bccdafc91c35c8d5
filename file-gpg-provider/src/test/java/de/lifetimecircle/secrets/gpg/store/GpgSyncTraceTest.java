package de.lifetimecircle.secrets.gpg.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Watches the system calls of real writes. Tests with {@link CrashHook} see that a step is reached;
 * only this one sees that the step asks the disk. Needs {@code strace}.
 */
class GpgSyncTraceTest {
  private static final Pattern SYNC = Pattern.compile("f(?:data)?sync\\(\\d+<([^>]*)>\\) *= 0");
  private static final Pattern NAMED =
      Pattern.compile("(?:rename|link)[a-z0-9]*\\(.*?\"([^\"]+)\",.*?\"([^\"]+)\".*\\) *= 0");

  @TempDir(factory = FastTempDir.class)
  private Path home;

  /** Returns the system calls of a process that makes a store and writes to it. */
  private List<String> trace() throws Exception {
    Path trace = home.resolve("trace");
    Process process =
        new ProcessBuilder(
                "strace",
                "-f",
                "-qq",
                "-y",
                "-s",
                "4096",
                "--seccomp-bpf",
                "-e",
                "trace=fsync,fdatasync,/^rename,/^link",
                "-e",
                "signal=none",
                "-o",
                trace.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                WriterProcess.class.getName(),
                home.toString(),
                "train")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("said").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(home.resolve("said"))).isZero();
    return Files.readAllLines(trace);
  }

  @Test
  void everyFileAndEveryNameIsOnTheDiskBeforeTheNext() throws Exception {
    Set<String> synced = new HashSet<>();
    List<String> named = new ArrayList<>();
    String unsynced = "";
    for (String line : trace()) {
      Matcher sync = SYNC.matcher(line);
      if (sync.find()) {
        synced.add(sync.group(1));
        unsynced = sync.group(1).equals(unsynced) ? "" : unsynced;
        continue;
      }
      Matcher name = NAMED.matcher(line);
      if (!name.find() || !name.group(2).startsWith(home + "/store/")) {
        continue;
      }
      String folder = String.valueOf(Path.of(name.group(2)).getParent());
      assertThat(synced)
          .as("content is on the disk before its name: " + line)
          .contains(name.group(1));
      boolean together = line.contains("link") && folder.equals(unsynced);
      assertThat(unsynced.isEmpty() || together)
          .as("the name before is on the disk: " + unsynced + " before " + line)
          .isTrue();
      unsynced = folder;
      named.add(name.group(2).substring((home + "/store/").length()));
    }
    assertThat(unsynced).as("the last name is on the disk").isEmpty();
    assertThat(named)
        .contains("a.gpg", ".fgp/index.pgp", ".gpg-id", ".fgp/versions/a~/MANIFEST.pgp")
        .contains(".fgp/versions/a~/00000001.pgp", ".fgp/versions/a~/00000002.pgp");
  }
}
