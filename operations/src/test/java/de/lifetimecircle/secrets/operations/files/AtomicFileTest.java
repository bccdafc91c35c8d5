package de.lifetimecircle.secrets.operations.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  private Path leftover(String name) throws IOException {
    Path leftover = Files.createDirectory(folder.resolve(".secrets-draft-" + name));
    Files.writeString(leftover.resolve(".gitignore"), "*\n");
    Files.writeString(leftover.resolve("draft"), "a value");
    return leftover;
  }

  @Test
  void removesWhatKilledProcessesLeftAndNothingElse() throws IOException {
    Path whole = leftover("1");
    Path withoutDraft = leftover("2");
    Files.delete(withoutDraft.resolve("draft"));
    Path empty = Files.createDirectory(folder.resolve(".secrets-draft-3"));
    Path added = leftover("4");
    Files.writeString(added.resolve("mine"), "kept");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("draft"), "kept");
    Path link = Files.createSymbolicLink(folder.resolve(".secrets-draft-5"), elsewhere);
    Path file = Files.writeString(folder.resolve(".secrets-draft-6"), "kept");
    AtomicFile.write(folder.resolve("new"), "text", AtomicFile.Readers.OWNER);
    assertThat(whole).doesNotExist();
    assertThat(withoutDraft).doesNotExist();
    assertThat(empty).doesNotExist();
    assertThat(added.resolve("draft")).doesNotExist();
    assertThat(added.resolve("mine")).content().isEqualTo("kept");
    assertThat(elsewhere.resolve("draft")).content().isEqualTo("kept");
    assertThat(link).isSymbolicLink();
    assertThat(file).content().isEqualTo("kept");
  }

  @Test
  void writersOfOneFolderDoNotDisturbEachOther() throws Exception {
    List<Callable<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String text = "text " + i;
      Path file = folder.resolve("file" + i);
      writers.add(
          () -> {
            for (int n = 0; n < 25; n++) {
              AtomicFile.write(file, text, AtomicFile.Readers.OWNER);
            }
            assertThat(file).content().isEqualTo(text);
            return null;
          });
    }
    ExecutorService executor = Executors.newFixedThreadPool(writers.size());
    try {
      for (Future<Void> writer : executor.invokeAll(writers)) {
        writer.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(files()).isEqualTo(writers.size());
  }

  @Test
  void deletingTwiceIsHarmless() throws IOException {
    Path file = Files.writeString(folder.resolve("done"), "");
    AtomicFile.delete(file);
    AtomicFile.delete(file);
    assertThat(file).doesNotExist();
  }
}
