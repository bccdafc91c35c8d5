package de.lifetimecircle.secrets.gpg.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock of a whole JVM, which two copies of this code share. */
class JvmLockTest {
  @TempDir private Path folder;

  private JvmLock lock(String file) throws Exception {
    return JvmLock.of(folder.resolve(file), CallDeadline.after(Duration.ofMillis(100)));
  }

  @Test
  void oneAtATimeHoldsIt() throws Exception {
    try (JvmLock first = lock("lock")) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> lock("lock"))
          .isInstanceOf(StoreFailure.class)
          .hasMessageContaining("another application in this JVM");
      try (JvmLock other = lock("another")) {
        assertThat(other).as("of another file in that folder").isNotNull();
      }
      assertThatThrownBy(() -> lock("lock")).isInstanceOf(StoreFailure.class);
    }
    try (JvmLock next = lock("lock")) {
      assertThat(next).isNotNull();
    }
  }
}
