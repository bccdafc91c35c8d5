package de.lifetimecircle.secrets.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  @Test
  void replacesTheWholeFileAndLeavesNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("journal"), "a longer text than the next");
    AtomicFile.write(file, "päss", AtomicFile.Readers.USUAL);
    assertThat(file).content().isEqualTo("päss");
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void ownerAloneReadsWhatIsHis() throws IOException {
    Path file = folder.resolve("private");
    AtomicFile.write(file, new byte[] {0, 1}, AtomicFile.Readers.OWNER);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file).hasBinaryContent(new byte[] {0, 1});
  }

  /** A folder in the way stands for every failure of the last step. */
  @Test
  void failureLeavesWhatWasThereAndNoDraft() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Files.writeString(taken.resolve("inside"), "kept");
    assertThatThrownBy(() -> AtomicFile.write(taken, "new", AtomicFile.Readers.USUAL))
        .isInstanceOf(IOException.class);
    assertThat(taken.resolve("inside")).content().isEqualTo("kept");
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void deletingTwiceIsHarmless() throws IOException {
    Path file = Files.writeString(folder.resolve("done"), "");
    AtomicFile.delete(file);
    AtomicFile.delete(file);
    assertThat(file).doesNotExist();
  }
}
