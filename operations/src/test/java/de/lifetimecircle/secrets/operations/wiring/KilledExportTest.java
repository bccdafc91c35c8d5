package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.files.PrivateFile;
import de.lifetimecircle.secrets.operations.files.PrivateFile.Existing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process while it writes values in the clear: git must not take what it leaves into a
 * commit, and the next writer must remove it.
 */
class KilledExportTest {
  private static final String CANARY = "c4n4ry-3xP0rt-c4n4ry";
  private static final int ATTEMPTS = 10;
  private static final long LIMIT_SECONDS = 60;

  @TempDir Path folder;
  private Path tree;

  @BeforeEach
  void makeWorkTree() throws IOException {
    tree = Files.createDirectory(folder.resolve("tree"));
    git(tree, "init", "-q", "-b", "main");
    ignoreOnly(tree);
  }

  /** Rules that name the file alone, and one that takes back what wider rules would ignore. */
  private void ignoreOnly(Path root) throws IOException {
    Files.writeString(root.resolve(".gitignore"), "/.env\n/deploy/.env\n!*.tmp\n!draft\n");
    git(root, "add", "-A");
    git(root, "commit", "-q", "-m", "rules");
  }

  @Test
  void workTree() throws Exception {
    killAndClear(tree, tree);
    killAndClear(tree, Files.createDirectory(tree.resolve("deploy")));
  }

  @Test
  void linkedWorkTree() throws Exception {
    Path linked = folder.resolve("linked");
    git(tree, "worktree", "add", "-q", linked.toString());
    assertThat(linked.resolve(".git")).isRegularFile();
    killAndClear(linked, linked);
  }

  @Test
  void submodule() throws Exception {
    Path outer = Files.createDirectory(folder.resolve("outer"));
    git(outer, "init", "-q", "-b", "main");
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", tree.toString(), "in");
    git(outer, "commit", "-q", "-m", "submodule");
    Path inner = outer.resolve("in");
    assertThat(inner.resolve(".git")).isRegularFile();
    killAndClear(inner, inner);
    assertThat(git(outer, "status", "--porcelain", "--untracked-files=all")).isEmpty();
  }

  @Test
  void folderWithoutGit() throws Exception {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    Path file = Files.writeString(plain.resolve(".env"), "before");
    killWhileWriting(file);
    assertThat(file).content().isEqualTo("before");
    clear(plain, file);
  }

  @Test
  void writerThatLivesIsLeftAlone() throws Exception {
    Path file = Files.writeString(tree.resolve(".env"), "before");
    Process process = start(file);
    int others = 0;
    boolean seen = false;
    while (process.isAlive() || !seen) {
      seen |= !others(tree, file).isEmpty() || !process.isAlive();
      PrivateFile.write(tree.resolve("other"), new byte[] {1}, Existing.REPLACED);
      others++;
    }
    assertThat(process.onExit().join().exitValue()).as(Files.readString(log())).isZero();
    assertThat(others).isGreaterThan(1);
    assertThat(Files.size(file)).isEqualTo(KilledWriter.SIZE);
    Files.delete(tree.resolve("other"));
    assertThat(git(tree, "status", "--porcelain", "--ignored")).isEqualTo("!! .env");
  }

  /** A limit of the shell stands for the disk: it takes some of the content and then no more. */
  @Test
  void failedWriteLeavesNothing() throws Exception {
    Path file = Files.writeString(tree.resolve(".env"), "before");
    Process process = start(file, "sh", "-c", "ulimit -f 1024 && exec \"$@\"", "sh");
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(Files.readString(log()))
        .contains("Cannot write the file '" + file + "': File too large. Check the folder")
        .doesNotContain(CANARY);
    assertThat(file).content().isEqualTo("before");
    assertThat(git(tree, "status", "--porcelain", "--ignored")).isEqualTo("!! .env");
  }

  private void killAndClear(Path root, Path place) throws Exception {
    Path file = Files.writeString(place.resolve(".env"), "before");
    killWhileWriting(file);
    assertThat(file).content().isEqualTo("before");
    assertThat(git(root, "status", "--porcelain", "--untracked-files=all")).isEmpty();
    git(root, "add", "-A");
    assertThat(git(root, "diff", "--cached", "--name-only")).isEmpty();
    clear(place, file);
  }

  /** The next writer, whatever it writes there, leaves nothing of the one before. */
  private static void clear(Path place, Path file) throws IOException {
    PrivateFile.write(place.resolve("other"), new byte[] {1}, Existing.REPLACED);
    Files.delete(place.resolve("other"));
    assertThat(others(place, file)).isEmpty();
  }

  private void killWhileWriting(Path file) throws Exception {
    for (int i = 0; i < ATTEMPTS; i++) {
      Process process = start(file);
      Path draft = null;
      while (draft == null && process.isAlive()) {
        draft = others(file.getParent(), file).stream().findFirst().orElse(null);
        Thread.onSpinWait();
      }
      process.destroyForcibly();
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      if (!others(file.getParent(), file).isEmpty()) {
        assertThat(process.exitValue()).isEqualTo(128 + 9);
        return;
      }
      assertThat(process.exitValue()).as(Files.readString(log())).isIn(0, 128 + 9);
      Files.writeString(file, "before"); // it was too late: the file was replaced
    }
    throw new AssertionError("no process could be killed before it had replaced the file");
  }

  private Process start(Path file, String... before) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> line = new ArrayList<>(List.of(before));
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-cp", classPath, KilledWriter.class.getName(), file.toString(), CANARY));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start();
  }

  private Path log() {
    return folder.resolve("killed.log");
  }

  /** The files below a folder that begin with the canary, but for the one that is meant to. */
  private static List<Path> others(Path place, Path file) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.find(place, 3, (path, facts) -> facts.isRegularFile())) {
      for (Path path : all.toList()) {
        if (!path.equals(file) && beginsWithCanary(path)) {
          found.add(path);
        }
      }
    } catch (java.io.UncheckedIOException e) {
      return List.of(); // a folder went away while it was looked at
    }
    return found;
  }

  private static boolean beginsWithCanary(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      return new String(in.readNBytes(CANARY.length()), StandardCharsets.UTF_8).equals(CANARY);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static String git(Path place, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("git", "-c", "user.name=Ann"));
    line.addAll(List.of("-c", "user.email=ann@example.com"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(place.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("GIT_"));
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.onExit().join().exitValue()).as(said).isZero();
    return said.strip();
  }
}
