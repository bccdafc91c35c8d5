package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  void looksWhereLinksLead() throws IOException, InterruptedException {
    Path inside = Files.createDirectories(folder.resolve("repository/config"));
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path in = Files.createSymbolicLink(outside.resolve("in"), inside);
    Path out = Files.createSymbolicLink(inside.resolve("out"), outside);
    assertThat(
            new ProcessBuilder("git", "init", "-q", folder.resolve("repository").toString())
                .redirectErrorStream(true)
                .start()
                .waitFor())
        .isZero();
    for (String file : new String[] {".env", "not/yet/.env", "../.env"}) {
      assertThatThrownBy(() -> GitTree.requireIgnored(in.resolve(file)))
          .as(file)
          .hasMessageContaining("a git work tree that does not ignore it");
    }
    assertThatCode(() -> GitTree.requireIgnored(out.resolve(".env"))).doesNotThrowAnyException();
    Files.writeString(folder.resolve("repository/.gitignore"), ".env\n");
    assertThatCode(() -> GitTree.requireIgnored(in.resolve(".env"))).doesNotThrowAnyException();
  }

  /** Git reports no change of a file that it was told not to look at. */
  @Test
  void aChangeThatGitDoesNotLookAtIsNotCommitted() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("page.md"), "first");
    git("init", "-q");
    assertThat(GitTree.isCommitted(file)).isFalse();
    git("add", "page.md");
    git("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-qm", "one");
    assertThat(GitTree.isCommitted(file)).isTrue();
    for (String mark : new String[] {"skip-worktree", "assume-unchanged"}) {
      git("update-index", "--" + mark, "page.md");
      Files.writeString(file, mark);
      assertThat(GitTree.isCommitted(file)).as(mark).isFalse();
      git("update-index", "--no-" + mark, "page.md");
      Files.writeString(file, "first");
    }
    assertThat(GitTree.isCommitted(file)).isTrue();
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("git", "-C", folder.toString()));
    line.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(line).redirectErrorStream(true).start().waitFor()).isZero();
  }

  @Test
  void refusesWhereGitCannotSay() throws IOException {
    Files.writeString(folder.resolve(".git"), "gitdir: /no/such/folder\n");
    assertThatThrownBy(() -> GitTree.requireIgnored(folder.resolve("x")))
        .hasMessageContaining("git cannot say whether it is ignored");
  }
}
