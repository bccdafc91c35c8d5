package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitTreeTest {
  @TempDir Path folder;

  @Test
  void refusesWhatGitWouldTake() throws IOException, InterruptedException {
    Path file = folder.resolve("deep/er/.env");
    assertThatCode(() -> GitTree.requireIgnored(file)).doesNotThrowAnyException();
    assertThat(
            new ProcessBuilder("git", "init", "-q", folder.toString())
                .redirectErrorStream(true)
                .start()
                .waitFor())
        .isZero();
    assertThatThrownBy(() -> GitTree.requireIgnored(file))
        .hasMessageContaining("a git work tree that does not ignore it")
        .hasMessageContaining("--force");
    Files.writeString(folder.resolve(".gitignore"), ".env\n");
    assertThatCode(() -> GitTree.requireIgnored(file)).doesNotThrowAnyException();
  }

  @Test
  void refusesWhereGitCannotSay() throws IOException {
    Files.writeString(folder.resolve(".git"), "gitdir: /no/such/folder\n");
    assertThatThrownBy(() -> GitTree.requireIgnored(folder.resolve("x")))
        .hasMessageContaining("git cannot say whether it is ignored");
  }
}
