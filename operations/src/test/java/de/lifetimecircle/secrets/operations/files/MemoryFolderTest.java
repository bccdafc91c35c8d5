package de.lifetimecircle.secrets.operations.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryFolderTest {
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

  @Test
  void isPrivateAndGoneAfterwards() throws IOException {
    Path path;
    try (MemoryFolder folder = open()) {
      path = folder.path();
      assertThat(path.getParent()).isEqualTo(place);
      Path file = folder.write("KEY", new byte[] {1, 2});
      assertThat(Files.readAllBytes(file)).containsExactly(1, 2);
      assertThat(folder.lend(() -> 7)).isEqualTo(7);
      assertThat(file).exists();
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void removesWhatAKilledProcessHasLeftAndNothingElse() throws IOException {
    Path left = Files.createDirectory(place.resolve("secrets-left"));
    Files.createFile(left.resolve(".lock"));
    Files.writeString(left.resolve("KEY"), "value");
    Path kept = Files.createDirectory(place.resolve("kept"));
    Files.createFile(kept.resolve(".lock"));
    Path link = Files.createSymbolicLink(place.resolve("secrets-link"), kept);
    try (MemoryFolder folder = open();
        MemoryFolder other = open()) {
      assertThat(left).doesNotExist();
      assertThat(kept.resolve(".lock")).exists();
      assertThat(folder.path()).exists().isNotEqualTo(other.path());
    }
    Files.delete(link);
    Files.delete(kept.resolve(".lock"));
    Files.delete(kept);
  }
}
