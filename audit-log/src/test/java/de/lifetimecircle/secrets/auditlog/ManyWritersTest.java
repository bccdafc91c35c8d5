package de.lifetimecircle.secrets.auditlog;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes append to one log, and every line of each arrives whole. */
class ManyWritersTest {
  private static final int PROCESSES = 3;
  private static final int LINES = 400;

  @TempDir Path folder;

  /** One of the processes. */
  public static void main(String[] args) throws IOException {
    AuditFile file = AuditFile.open(args[0]);
    for (int i = 0; i < LINES; i++) {
      file.append(Json.write(Map.of("who", args[1], "filler", args[1].repeat(i * 7))));
    }
  }

  @Test
  void keepTheirLinesApart() throws IOException, InterruptedException {
    String log = folder.resolve("audit.log").toString();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(start(log, String.valueOf(i)));
    }
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }
    Map<Object, Integer> counts = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(log))) {
      counts.merge(((Map<?, ?>) Json.parse(line)).get("who"), 1, Integer::sum);
    }
    assertThat(counts).hasSize(PROCESSES).containsValue(LINES);
    assertThat(counts.values()).containsOnly(LINES);
  }

  private static Process start(String log, String who) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            ManyWritersTest.class.getName(),
            log,
            who)
        .inheritIO()
        .start();
  }
}
