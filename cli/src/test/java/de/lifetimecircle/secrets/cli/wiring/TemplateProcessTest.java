package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CliProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code secrets template} with real processes: watched, killed, and on a full disk. */
class TemplateProcessTest {
  @TempDir private Path folder;
  private Path place;
  private Path target;

  @BeforeEach
  void fill() throws IOException {
    BackgroundCommand.put(folder, "PASSWORD", "canary-1");
    Files.writeString(folder.resolve("app.tmpl"), "password = {{ PASSWORD | json }}\n");
    place = Files.createDirectory(folder.resolve("etc"));
    target = place.resolve("app.conf");
  }

  private CliProcess.Result template(String... more) throws IOException, InterruptedException {
    CliProcess command = CliProcess.in(folder);
    command.environment.putAll(BackgroundCommand.files(folder));
    String[] args = new String[more.length + 4];
    args[0] = "template";
    args[1] = "app.tmpl";
    args[2] = "--to";
    args[3] = target.toString();
    System.arraycopy(more, 0, args, 4, more.length);
    return command.secrets("", args);
  }

  private String content() {
    try {
      return Files.readString(target);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The modes of all files with that text, also of drafts. */
  private List<String> modes(String text) throws IOException {
    List<String> modes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file).contains(text)) {
          modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
      }
    }
    return modes;
  }

  private long runs() {
    try {
      Path log = folder.resolve("runs");
      return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keepsTheFileCurrentAndRunsTheCommandOncePerChange() throws Exception {
    Path trace = folder.resolve("trace");
    List<String> strace =
        List.of("strace", "-f", "-qq", "-s", "9999", "-e", "trace=execve,openat", "-o", trace + "");
    try (BackgroundCommand command =
        BackgroundCommand.start(
            folder,
            strace,
            "template",
            "app.tmpl",
            "--to",
            target.toString(),
            "--mode",
            "0640",
            "--debounce=1s",
            "--run",
            "cat etc/app.conf >> /dev/null; echo ran >> runs",
            "--watch")) {
      command.until("written", () -> runs() == 1);
      assertThat(content()).isEqualTo("password = \"canary-1\"\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
          .isEqualTo("rw-r-----");
      BackgroundCommand.put(folder, "PASSWORD", "canary-2");
      command.until("written again", () -> runs() == 2);
      assertThat(content()).isEqualTo("password = \"canary-2\"\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
          .isEqualTo("rw-r-----");
      BackgroundCommand.pause(3);
      assertThat(runs()).as("nothing changed").isEqualTo(2);
      assertThat(entries()).containsExactly("app.conf");
      assertThat(command.output()).doesNotContain("canary");
    }
    assertThat(Files.readString(trace)).as("arguments and names").doesNotContain("canary");
    assertThat(Files.readAllLines(trace).stream().filter(line -> line.contains("O_CREAT")))
        .as("no draft outside of the target's folder")
        .noneMatch(line -> line.contains("draft") && !line.contains(place.toString()));
  }

  @Test
  void aProcessThatIsKilledLeavesTheOldFileOrTheNewOneAndTheCommandIsRunLater() throws Exception {
    assertThat(template("--run", "kill -9 $PPID").code()).isEqualTo(137);
    assertThat(content()).as("written before it was killed").contains("canary-1");
    assertThat(template("--run", "echo ran >> runs").text()).contains("is up to date");
    assertThat(runs()).as("the command that the killed process did not run").isEqualTo(1);
    assertThat(template("--run", "echo ran >> runs").code()).isZero();
    assertThat(runs()).as("and not again").isEqualTo(1);

    BackgroundCommand.put(folder, "PASSWORD", "canary-2");
    try (BackgroundCommand command =
        BackgroundCommand.start(
            folder,
            List.of(
                "strace",
                "-f",
                "-qq",
                "-e",
                "trace=rename",
                "-e",
                "inject=rename:signal=KILL",
                "-o",
                folder.resolve("trace").toString()),
            "template",
            "app.tmpl",
            "--to",
            target.toString(),
            "--mode",
            "0640")) {
      assertThat(command.await()).as(command.output()).isNotZero();
    }
    assertThat(modes("canary-2")).as("set before the rename").containsExactly("rw-r-----");
    assertThat(content()).isIn("password = \"canary-1\"\n", "password = \"canary-2\"\n");
    BackgroundCommand.put(folder, "PASSWORD", "canary-3");
    assertThat(template().code()).isZero();
    assertThat(content()).isEqualTo("password = \"canary-3\"\n");
    assertThat(entries()).as("nothing of the killed process is left").containsExactly("app.conf");
  }

  @Test
  void aFullDiskLeavesTheOldFile() throws Exception {
    assertThat(template().code()).isZero();
    BackgroundCommand.put(folder, "PASSWORD", "canary-" + "x".repeat(5000));
    CliProcess command = CliProcess.in(folder);
    command.environment.putAll(BackgroundCommand.files(folder));
    command.environment.put("JAVA_TOOL_OPTIONS", "-XX:-UsePerfData");
    CliProcess.Result result =
        command.run(
            "",
            "sh",
            "-c",
            "ulimit -f 2; exec programs/secrets template app.tmpl --to etc/app.conf --run 'touch"
                + " ran'");
    assertThat(result.code()).as(result.text()).isEqualTo(5);
    assertThat(result.text())
        .contains("Cannot write the file")
        .contains("the space on its disk")
        .doesNotContain("canary");
    assertThat(content()).isEqualTo("password = \"canary-1\"\n");
    assertThat(folder.resolve("ran")).doesNotExist();
    assertThat(entries()).noneMatch(name -> name.contains("draft"));
  }
}
