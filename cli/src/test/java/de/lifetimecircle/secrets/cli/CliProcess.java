package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The command as a process of its own, from the classes of this build: another user at another
 * keyboard. A program of the name {@code secrets} is in its path, as hooks expect.
 */
public final class CliProcess {
  private static final long LIMIT_SECONDS = 120;

  public final Map<String, String> environment = new LinkedHashMap<>();
  private final Path folder;
  private final Path programs;

  /** The result of a process, with both streams in the order of writing. */
  public record Result(int code, String text) {
    public String lastLine() {
      List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
      return lines.get(lines.size() - 1);
    }
  }

  private CliProcess(Path folder, Path programs) {
    this.folder = folder;
    this.programs = programs;
  }

  /** Starts in that folder, with a folder of programs that come first in the path. */
  public static CliProcess in(Path folder, String... javaOptions) throws IOException {
    Path programs = Files.createDirectories(folder.resolve("programs"));
    CliProcess process = new CliProcess(folder, programs);
    CommandArchive archive = CommandArchive.get();
    process.program(
        "secrets",
        String.format(
            Locale.ROOT,
            "exec '%s' %s %s %s -cp '%s' %s \"$@\"",
            Path.of(System.getProperty("java.home"), "bin", "java"),
            String.join(" ", CommandArchive.FLAGS),
            archive.options(),
            String.join(" ", javaOptions),
            archive.classPath(),
            Main.class.getName()));
    process.environment.put("PATH", programs + ":" + System.getenv("PATH"));
    return process;
  }

  /** Puts a program into the path, such as one that stands for a cloud's. */
  public void program(String name, String script) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  public Result secrets(String input, String... args) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(args));
    line.add(0, "secrets");
    return run(input, line.toArray(new String[0]));
  }

  /** Runs any program of the path. */
  public Result run(String input, String... line) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(line));
    Path own = programs.resolve(command.get(0));
    if (Files.exists(own)) {
      command.set(0, own.toString()); // a process is looked for in our own path, not in its
    }
    Path log = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(CommandTest.utf8(input));
    }
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end: " + Files.readString(log));
    }
    String text = Files.readString(log);
    Files.delete(log);
    return new Result(process.exitValue(), text);
  }

  /** Runs the command, which must end with 0; what it said. */
  public String succeed(String input, String... args) throws IOException, InterruptedException {
    Result result = secrets(input, args);
    assertThat(result.code()).as(String.join(" ", args) + ": " + result.text()).isZero();
    return result.text();
  }
}
