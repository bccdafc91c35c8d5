package de.lifetimecircle.secrets.operations.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.testservers.SecondAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another user of this host owns a part of the way to a folder in memory. */
class ForeignFolderTest {
  private static SecondAccount mallory;

  @TempDir private Path disk;
  private Path theirs;
  private Path victim;

  @BeforeAll
  static void makeAccount() {
    mallory = SecondAccount.create();
  }

  @AfterAll
  static void removeAccount() {
    mallory.close();
  }

  @BeforeEach
  void make() throws IOException {
    theirs = Path.of(mallory.run("mktemp", "-d", "/dev/shm/mallory-XXXXXX"));
    victim = Files.writeString(Files.createDirectory(disk.resolve("root")).resolve("a"), "a");
  }

  @AfterEach
  void remove() {
    mallory.run("rm", "-rf", theirs.toString());
    assertThat(theirs).doesNotExist();
  }

  private static MemoryFolder open(Path runtime) {
    return MemoryFolder.open(Map.of("XDG_RUNTIME_DIR", runtime.toString()));
  }

  /** Takes the place of what appears there, as often as it appears. */
  private Process swapping() {
    String script =
        "while :; do for f in secrets-*[0-9]; do"
            + " [ -d \"$f\" ] && [ ! -L \"$f\" ] && mv \"$f\" \"taken-$f\" && ln -s '"
            + victim.getParent()
            + "' \"$f\"; done; done";
    return mallory.start("sh", "-c", "cd '" + theirs + "' && echo ready && " + script);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0700", "0755", "0777", "1777"})
  void theirFolderIsNotUsed(String mode) throws IOException {
    mallory.run("chmod", mode, theirs.toString());
    try (MemoryFolder folder = open(theirs)) {
      assertThat(folder.path().getParent()).isEqualTo(Path.of("/dev/shm"));
      folder.write("KEY", new byte[] {1, 2});
    }
    assertThat(mallory.run("ls", "-A", theirs.toString())).isEmpty();
    assertThatThrownBy(() -> MemoryFolder.open(List.of(theirs.toString())))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining(theirs.toString());
  }

  @Test
  void ourFolderInTheirsIsNotUsed() throws IOException {
    mallory.run("chmod", "0777", theirs.toString());
    Path ours = Files.createDirectory(theirs.resolve("ours"));
    try (MemoryFolder folder = open(ours)) {
      assertThat(folder.path().getParent()).isEqualTo(Path.of("/dev/shm"));
    }
    Files.delete(ours);
  }

  @Test
  void theirLinkToOurFolderIsNotFollowed() throws IOException {
    Path ours = Files.createTempDirectory(Path.of("/dev/shm"), "ours");
    Path link = Path.of(theirs + "-link"); // in a folder of root with the sticky bit
    mallory.run("ln", "-s", ours.toString(), link.toString());
    try (MemoryFolder folder = open(link)) {
      assertThat(folder.path().getParent()).isEqualTo(Path.of("/dev/shm"));
    }
    mallory.run("rm", link.toString());
    Files.delete(ours);
  }

  /** The reported attack, with a process of the other user that waits for its moment. */
  @Test
  void nothingOfOursIsDeletedWhileTheySwapFolders() throws IOException {
    mallory.run("chmod", "0777", theirs.toString());
    Process swapping = swapping();
    assertThat(swapping.inputReader().readLine()).isEqualTo("ready");
    for (int i = 0; i < 20; i++) {
      try (MemoryFolder folder = open(theirs)) {
        Path file = folder.write("KEY", new byte[] {1, 2});
        assertThat(file).hasBinaryContent(new byte[] {1, 2});
      }
    }
    assertThat(victim).hasContent("a");
    assertThat(swapping.isAlive()).isTrue();
    swapping.destroyForcibly();
  }

  /** Deterministic: they take its place while a program has the file. */
  @Test
  void folderThatTheySwapForALinkIsNotEmptied() throws IOException {
    mallory.run("chmod", "0777", theirs.toString());
    try (MemoryFolder folder = open(theirs)) {
      Path file = folder.write("KEY", new byte[] {1, 2});
      String script =
          "cd '"
              + theirs
              + "'; for f in secrets-*; do mv $f taken && ln -s '"
              + victim.getParent()
              + "' $f; done; :";
      mallory.run("sh", "-c", script);
      assertThat(file).exists();
    }
    assertThat(victim).hasContent("a");
  }

  /** In a folder that both use, names as ours lead to folders of ours. */
  @Test
  void theirLeftoversInASharedFolderStay() throws IOException {
    Path shared = Files.createTempDirectory(Path.of("/dev/shm"), "shared");
    Files.setAttribute(shared, "unix:mode", 01777);
    String script =
        "cd '"
            + shared
            + "' && mkdir -m 0700 secrets-1 && touch secrets-1/.lock"
            + " && ln -s '"
            + victim.getParent()
            + "' secrets-2";
    mallory.run("sh", "-c", script);
    Files.createFile(victim.resolveSibling(".lock"));
    try (MemoryFolder folder = open(shared)) {
      assertThat(folder.path().getParent()).isEqualTo(shared);
      assertThat(victim).hasContent("a");
    }
    assertThat(mallory.run("ls", "-A", shared.toString())).isEqualTo("secrets-1\nsecrets-2");
    mallory.run("rm", "-rf", shared + "/secrets-1", shared + "/secrets-2");
    Files.delete(shared);
  }

  @Test
  void ourFolderThatEverybodyCanWriteNeedsTheStickyBit() throws IOException {
    Path shared = Files.createTempDirectory(Path.of("/dev/shm"), "shared");
    Files.setAttribute(shared, "unix:mode", 0777);
    try (MemoryFolder folder = open(shared)) {
      assertThat(folder.path().getParent()).isEqualTo(Path.of("/dev/shm"));
    }
    Files.delete(shared);
  }
}
