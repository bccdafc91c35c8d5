package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The unpacked distribution, run as processes with a home folder of their own. */
final class Installation {
  private static final long LIMIT_SECONDS = 120;

  final Path root;
  final Path home;
  final Map<String, String> environment = new TreeMap<>();

  /** The result of a process. */
  record Result(int code, String text, String err) {}

  private Installation(Path root, Path home) {
    this.root = root;
    this.home = home;
  }

  private static final class Shared {
    static final Path ROOT = unpacked();

    private static Path unpacked() {
      try {
        Path target = Path.of("target").toAbsolutePath();
        return unpack(Files.createTempDirectory(target, "installed")).root;
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** Unpacks the distribution of this build, with nothing but what it brings. */
  static Installation unpack(Path folder) throws IOException {
    String archive = System.getProperty("distribution");
    assertThat(archive).as("system property 'distribution', set by the build").isNotNull();
    Path root = Files.createDirectories(folder.resolve("secrets"));
    Installation installation = of(root, folder);
    Result tar =
        installation.run("tar", "xzf", archive, "-C", root.toString(), "--strip-components=1");
    assertThat(tar.code()).as(tar.err()).isZero();
    return installation;
  }

  /**
   * The distribution that the tests of one JVM share, with a home in that folder. The first command
   * writes its class-data archive, which takes 3 s of processor time. Tests change no file in it.
   */
  static Installation shared(Path folder) throws IOException {
    return of(Shared.ROOT, folder);
  }

  private static Installation of(Path root, Path folder) throws IOException {
    return new Installation(root, Files.createDirectories(folder.resolve("home")));
  }

  String command() {
    return root.resolve("bin/secrets").toString();
  }

  Path store() {
    return home.resolve(".local/share/lifetimecircle-secrets/store");
  }

  Path keyFile() {
    return home.resolve(".config/lifetimecircle-secrets/key.pgp");
  }

  /** Runs the command. */
  Result secrets(String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of(args));
    line.add(0, command());
    return run(line.toArray(new String[0]));
  }

  /** Runs the command and takes what it writes to standard output; it must succeed silently. */
  String succeed(String... args) throws IOException {
    Result result = secrets(args);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result.text();
  }

  Result shell(String script) throws IOException {
    return run("sh", "-c", script);
  }

  Result run(String... line) throws IOException {
    Process process = start(line);
    process.getOutputStream().close();
    return end(process);
  }

  Process start(String... line) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(home.toFile());
    Map<String, String> variables = builder.environment();
    String path = variables.get("PATH");
    variables.clear();
    variables.put("PATH", root.resolve("bin") + ":" + path);
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("HOME", home.toString());
    variables.putAll(environment);
    variables.values().removeIf(String::isEmpty);
    return builder.start();
  }

  static Result end(Process process) throws IOException {
    CompletableFuture<String> err = new CompletableFuture<>();
    Thread reader = new Thread(() -> err.complete(all(process.getErrorStream())), "stderr");
    reader.start();
    String out = all(process.getInputStream());
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            String.format(Locale.ROOT, "still running after %d s", LIMIT_SECONDS));
      }
      return new Result(process.exitValue(), out, err.get());
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static String all(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
