package de.lifetimecircle.secrets.operations.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MemoryFolderTest {
  @TempDir private Path disk;
  private Path place = Path.of("");

  @BeforeEach
  void makePlace() throws IOException {
    place = Files.createTempDirectory(Path.of("/dev/shm"), "memory-folder-test");
  }

  @AfterEach
  void removePlace() throws IOException {
    Files.delete(place); // so nothing is left in it
  }

  private MemoryFolder open() {
    return MemoryFolder.open(Map.of("XDG_RUNTIME_DIR", place.toString()));
  }

  /** As a process that was killed leaves it. */
  private static Path leave(Path folder, String mode) throws IOException {
    Files.createDirectory(folder);
    Files.createFile(folder.resolve(".lock"));
    Files.writeString(folder.resolve("KEY"), "value");
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
  }

  private static void remove(Path folder) throws IOException {
    Files.delete(folder.resolve(".lock"));
    Files.delete(folder.resolve("KEY"));
    Files.delete(folder);
  }

  @Test
  void isPrivateAndGoneAfterwards() throws IOException {
    Path path;
    try (MemoryFolder folder = open()) {
      path = folder.path();
      assertThat(path.getParent()).isEqualTo(place);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
      Path file = folder.write("KEY", new byte[] {1, 2});
      assertThat(Files.readAllBytes(file)).containsExactly(1, 2);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(folder.lend(() -> 7)).isEqualTo(7);
      assertThat(file).exists();
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void removesWhatAKilledProcessHasLeftAndNothingElse() throws IOException {
    Path left = leave(place.resolve("secrets-17"), "rwx------");
    Path kept = leave(place.resolve("kept"), "rwx------");
    Path named = leave(place.resolve("secrets-of-a-person"), "rwx------");
    Path shared = leave(place.resolve("secrets-18"), "rwxrwxrwx");
    Path link = Files.createSymbolicLink(place.resolve("secrets-19"), kept);
    Path bare = Files.createDirectory(place.resolve("secrets-20"));
    try (MemoryFolder folder = open();
        MemoryFolder other = open()) {
      assertThat(left).doesNotExist();
      assertThat(kept.resolve("KEY")).exists();
      assertThat(named.resolve("KEY")).exists();
      assertThat(shared.resolve("KEY")).as("others may have put files there").exists();
      assertThat(bare).exists();
      assertThat(folder.path()).exists().isNotEqualTo(other.path());
    }
    Files.delete(link);
    Files.delete(bare);
    for (Path each : List.of(kept, named, shared)) {
      remove(each);
    }
  }

  /** To open one for writing would wait until somebody reads. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aFifoInPlaceOfTheLockHoldsNobodyUp() throws Exception {
    Path odd = leave(place.resolve("secrets-21"), "rwx------");
    Files.delete(odd.resolve(".lock"));
    assertThat(new ProcessBuilder("mkfifo", odd + "/.lock").start().waitFor()).isZero();
    try (MemoryFolder folder = open()) {
      assertThat(folder.path()).exists();
    }
    assertThat(odd.resolve("KEY")).exists();
    remove(odd);
  }

  @Test
  void whatAProgramHasMadeThereGoesAndWhatItsLinksLeadToStays() throws Exception {
    Path victim = Files.writeString(Files.createDirectory(disk.resolve("root")).resolve("a"), "a");
    try (MemoryFolder folder = open()) {
      Path inner = Files.createDirectories(folder.path().resolve("a/b"));
      Files.writeString(inner.resolve("copy"), "value");
      Files.createSymbolicLink(folder.path().resolve("to-a-folder"), victim.getParent());
      Files.createSymbolicLink(inner.resolve("to-a-file"), victim);
      Path closed = Files.writeString(folder.path().resolve("read-only"), "value");
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r--------"));
      assertThat(new ProcessBuilder("mkfifo", inner + "/fifo").start().waitFor()).isZero();
    }
    assertThat(victim).hasContent("a");
  }

  @Test
  void aLinkInPlaceOfTheFolderIsNotFollowed() throws IOException {
    Path victim = Files.writeString(Files.createDirectory(disk.resolve("root")).resolve("a"), "a");
    Path moved = place.resolve("moved");
    MemoryFolder folder = open();
    Path value = folder.write("KEY", new byte[] {1, 2});
    Files.move(folder.path(), moved);
    Files.createSymbolicLink(folder.path(), victim.getParent());
    Path second = folder.write("SECOND", new byte[] {3});
    assertThat(second).as("it is in the folder, whose name leads elsewhere").doesNotExist();
    assertThatThrownBy(folder::close).isInstanceOf(SecretException.class);
    assertThat(victim).hasContent("a");
    assertThat(moved).isEmptyDirectory();
    Files.delete(value.getParent()); // the link
    Files.delete(moved);
  }

  @Test
  void aFolderInPlaceOfTheFolderKeepsItsFiles() throws IOException {
    Path moved = place.resolve("moved");
    MemoryFolder folder = open();
    folder.write("KEY", new byte[] {1, 2});
    Files.move(folder.path(), moved);
    Path other = Files.writeString(Files.createDirectory(folder.path()).resolve("a"), "a");
    assertThatThrownBy(folder::close).isInstanceOf(SecretException.class);
    assertThat(other).hasContent("a");
    Files.delete(other);
    Files.delete(folder.path());
    assertThat(moved).isEmptyDirectory();
    Files.delete(moved);
  }

  @Test
  void aDiskIsRefusedAndTheMessageNamesEachPlace() {
    assertThatThrownBy(() -> MemoryFolder.open(List.of("/proc", "relative", place + "/absent")))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("/proc is no")
        .hasMessageContaining("relative is no folder")
        .hasMessageContaining("absent is no folder")
        .hasMessageContaining("XDG_RUNTIME_DIR");
  }
}
