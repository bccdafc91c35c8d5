package de.lifetimecircle.secrets.gpg.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock of a whole JVM, which two copies of this code share. */
class JvmLockTest {
  @TempDir private Path folder;

  private FileChannel lock(String file) throws Exception {
    return JvmLock.take(folder.resolve(file), CallDeadline.after(Duration.ofMillis(100)));
  }

  @Test
  void oneAtATimeHoldsIt() throws Exception {
    try (FileChannel first = lock("lock")) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> lock("lock"))
          .isInstanceOf(StoreFailure.class)
          .hasMessageContaining("another application in this JVM");
      try (FileChannel other = lock("another")) {
        assertThat(other).as("of another file in that folder").isNotNull();
      }
      assertThatThrownBy(() -> lock("lock")).isInstanceOf(StoreFailure.class);
    }
    try (FileChannel next = lock("lock")) {
      assertThat(next).isNotNull();
    }
  }
}
