package de.lifetimecircle.secrets.gpg.files;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of a file that another process replaces at the same time. */
class ReplacedFilesTest {
  @TempDir private Path folder;

  /** The size is read first, and then the file is opened: another one may be there by then. */
  @Test
  void aLargerFileInItsPlaceIsNoDamage() throws Exception {
    DurableFiles files = new DurableFiles(folder.toRealPath(), CrashHook.NONE);
    Files.write(folder.resolve("index"), new byte[1]);
    AtomicBoolean isDone = new AtomicBoolean();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (int i = 1; !isDone.get(); i++) {
                  byte[] content = new byte[1 + i % 64];
                  Arrays.fill(content, (byte) content.length);
                  Path next = Files.write(folder.resolve("next"), content);
                  Files.move(next, folder.resolve("index"), ATOMIC_MOVE);
                }
                return null;
              });
      for (int i = 0; i < 50_000; i++) {
        byte[] read = files.read("index", 1000);
        assertThat(read).isNotNull();
        assertThat(read).containsOnly(read[0]);
      }
      isDone.set(true);
      writing.get();
    } finally {
      writer.shutdownNow();
    }
  }

  @Test
  void aFileWithoutAnEndIsDamage() throws Exception {
    DurableFiles files = new DurableFiles(folder.toRealPath(), CrashHook.NONE);
    Files.write(folder.resolve("index"), new byte[2000]);
    assertThatThrownBy(() -> files.read("index", 1000))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("larger");
  }
}
