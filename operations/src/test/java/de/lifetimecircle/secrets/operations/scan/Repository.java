package de.lifetimecircle.secrets.operations.scan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A repository of git for tests, with nobody's settings; its history is imported in one go. */
final class Repository {
  final Path folder;
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private int commits;

  private Repository(Path folder) {
    this.folder = folder;
  }

  static Repository make(Path folder) throws IOException {
    Repository made = new Repository(Files.createDirectories(folder));
    made.git("init", "-q", "-b", "main");
    made.git("config", "user.name", "Ann");
    made.git("config", "user.email", "ann@example.com");
    return made;
  }

  static Repository at(Path folder) {
    return new Repository(folder);
  }

  String git(String... arguments) {
    return run(new byte[0], arguments);
  }

  private String run(byte[] input, String... arguments) {
    List<String> line = new ArrayList<>(List.of("git"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("GIT_"));
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    try {
      Process process = builder.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input);
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("git " + arguments[0] + ": " + said);
      }
      return said.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Repository file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("x").getParent());
    Files.write(file, content);
    return this;
  }

  Repository commit(String message) {
    git("add", "-A");
    git("commit", "-q", "--no-verify", "--allow-empty", "-m", message);
    return this;
  }

  private void say(String line) {
    stream.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A commit that has these bytes in one file, for {@link #importAll}. */
  void add(String author, String message, String path, byte[] content) {
    commits++;
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    say("commit refs/heads/main");
    say("mark :" + commits);
    say(
        "committer "
            + author
            + " <"
            + author
            + "@example.com> "
            + (1_700_000_000L + commits)
            + " +0000");
    say("data " + text.length);
    stream.writeBytes(text);
    say("");
    if (commits > 1) {
      say("from :" + (commits - 1));
    }
    say("M 100644 inline " + path);
    say("data " + content.length);
    stream.writeBytes(content);
    say("");
  }

  /** A commit that deletes a file. */
  void delete(String author, String path) {
    commits++;
    say("commit refs/heads/main");
    say("mark :" + commits);
    say(
        "committer "
            + author
            + " <"
            + author
            + "@example.com> "
            + (1_700_000_000L + commits)
            + " +0000");
    say("data 2");
    say("rm");
    say("from :" + (commits - 1));
    say("D " + path);
  }

  int commits() {
    return commits;
  }

  void importAll() {
    run(stream.toByteArray(), "fast-import", "--quiet");
    stream.reset();
  }
}
