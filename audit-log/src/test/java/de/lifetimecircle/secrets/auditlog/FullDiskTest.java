package de.lifetimecircle.secrets.auditlog;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fills up takes a part of a line. {@code /dev/full} takes none, so it cannot show
 * that: these are a real disk of 4 KiB, where the test may mount one, and a process that may write
 * no larger files, everywhere.
 */
class FullDiskTest {
  private static final int DISK = 4096;

  /** Less than any line of the log. */
  private static final int LEFT = 60;

  private static final int LOST = 3;

  @TempDir private Path folder;

  /** A service that continues with a full log; it waits for room when the test asks it to. */
  public static void main(String[] args) throws IOException {
    FakeStore store = FakeStore.create().holding("KEY", "value-of-no-importance");
    try (SecretProvider secrets =
        SecretProvider.builder()
            .environment(Map.of())
            .set("audit.log", args[0])
            .store(store)
            .build()) {
      for (int i = 0; i < LOST; i++) {
        secrets.refresh("KEY");
      }
      System.out.println("full");
      int unused = System.in.read();
      secrets.refresh("KEY");
      secrets.refresh("KEY");
    }
  }

  @Test
  void aDiskOfOnePage() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    if (!run("mount", "-t", "tmpfs", "-o", "size=4k,mode=0700", "tmpfs", disk.toString())) {
      System.out.println("audit log: no disk can be mounted here, so a limit takes its place");
      aLimitOfTheProcess();
      return;
    }
    try {
      Path log = almostFull(disk.resolve("audit.log"));
      Process service = start("exec", log);
      awaitFull(service);
      assertThat(run("mount", "-o", "remount,size=64k", disk.toString())).isTrue();
      finish(service);
      requireGap(Files.readAllLines(log), LOST);
    } finally {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  @Test
  void aLimitOfTheProcess() throws Exception {
    Path log = almostFull(folder.resolve("audit.log"));
    Process service = start("ulimit -S -f " + DISK / 512 + "; exec", log);
    awaitFull(service);
    raiseLimit(service);
    finish(service);
    requireGap(Files.readAllLines(log), LOST);
  }

  @Test
  void anotherProcessWritesNext() throws Exception {
    Path log = almostFull(folder.resolve("audit.log"));
    Process service = start("ulimit -S -f " + DISK / 512 + "; exec", log);
    awaitFull(service);
    AuditFile.open(log.toString()).append("{\"of\":\"another process\"}");
    raiseLimit(service);
    finish(service);
    List<String> lines = Files.readAllLines(log);
    assertThat(lines.remove(2)).isEqualTo("{\"of\":\"another process\"}");
    requireGap(lines, LOST);
  }

  private static Path almostFull(Path log) throws IOException {
    String frame = "{\"filler\":\"\"}\n";
    String filler = "x".repeat(DISK - LEFT - frame.length());
    Files.writeString(log, "{\"filler\":\"" + filler + "\"}\n");
    assertThat(run("chmod", "600", log.toString())).isTrue();
    return log;
  }

  /** The filler, the part of a line, and the lines that came when there was room. */
  private static void requireGap(List<String> lines, int lost) {
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1)).as("what the disk took").hasSize(LEFT - 1);
    List<Map<?, ?>> whole = new ArrayList<>();
    for (int i : new int[] {0, 2, 3}) {
      whole.add((Map<?, ?>) Json.parse(lines.get(i)));
    }
    assertThat(whole.get(1).get("lost")).hasToString(String.valueOf(lost));
    assertThat(whole.get(2).containsKey("lost")).isFalse();
  }

  private static Process start(String shell, Path log) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            "sh",
            "-c",
            shell + " \"$@\"",
            "sh",
            java,
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            FullDiskTest.class.getName(),
            log.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void awaitFull(Process service) throws IOException {
    BufferedReader out = service.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).isEqualTo("full");
  }

  private static void raiseLimit(Process service) {
    assertThat(run("prlimit", "--pid", String.valueOf(service.pid()), "--fsize=unlimited"))
        .isTrue();
  }

  private static void finish(Process service) throws IOException, InterruptedException {
    service.outputWriter(StandardCharsets.UTF_8).append('\n').close();
    assertThat(service.waitFor()).isZero();
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
