package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scan finds planted canaries of which it knows only how they begin. */
final class LeakScanTest {
  @TempDir Path folder;

  private void write(String file, String text) throws Exception {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void cleanFolderIsClean() throws Exception {
    write("a.txt", "nothing, not even CANARY- alone or CANARY-short");
    write(
        "deep/b.xml",
        Base64.getEncoder().encodeToString("CANARIES".getBytes(StandardCharsets.UTF_8)));
    assertThat(LeakProbe.scan(folder)).isEmpty();
  }

  @Test
  void plantedCanariesAreFoundInEveryForm() throws Exception {
    byte[] bytes = CanaryValue.next().getBytes(StandardCharsets.UTF_8);
    write("plain.txt", "one " + CanaryValue.next() + " two " + CanaryValue.next());
    write("hex.txt", HexFormat.of().formatHex(bytes));
    write("percent.txt", HexFormat.of().withPrefix("%").withUpperCase().formatHex(bytes));
    write("bytes.txt", Arrays.toString(bytes));
    write("deep/er/utf16.txt", HexFormat.of().withPrefix("\\u00").formatHex(bytes));
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = ("u".repeat(shift) + CanaryValue.next()).getBytes(StandardCharsets.UTF_8);
      write("base64-" + shift + ".txt", Base64.getEncoder().encodeToString(shifted));
    }
    List<LeakFinding> leaks = LeakProbe.scan(folder);
    assertThat(leaks)
        .extracting(leak -> folder.relativize(Path.of(leak.where())).toString())
        .containsExactlyInAnyOrder(
            "plain.txt",
            "hex.txt",
            "percent.txt",
            "bytes.txt",
            "deep/er/utf16.txt",
            "base64-0.txt",
            "base64-1.txt",
            "base64-2.txt");
    assertThat(leaks.toString().contains(CanaryValue.MARKER)).isFalse();
  }

  @Test
  void missingFolderIsNotClean() {
    assertThatThrownBy(() -> LeakProbe.scan(folder.resolve("absent")))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void programTellsByItsExitStatus() throws Exception {
    write("clean/a.txt", "clean");
    write("planted/a.txt", CanaryValue.next() + " " + CanaryValue.next());
    write("planted/b.txt", CanaryValue.next());
    assertThat(run("clean")).containsExactly("leaks: 0 canaries in 0 files", "exit 0");
    assertThat(run("clean", "planted"))
        .hasSize(4)
        .contains("leaks: 3 canaries in 2 files", "exit 1")
        .noneMatch(line -> line.contains(CanaryValue.MARKER));
    assertThat(run("clean", "absent")).contains("exit 2");
    assertThat(run()).contains("exit 2");
  }

  private List<String> run(String... folders) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LeakScan.class.getName());
    command.addAll(List.of(folders));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    List<String> lines = new ArrayList<>(process.inputReader().lines().toList());
    lines.removeIf(line -> line.startsWith("Picked up"));
    lines.add("exit " + process.waitFor());
    return lines;
  }
}
