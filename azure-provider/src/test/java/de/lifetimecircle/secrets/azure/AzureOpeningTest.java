package de.lifetimecircle.secrets.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first call opens the store: loading the client takes seconds on a busy machine. */
class AzureOpeningTest {
  /** A named pipe in place of the authorities: the first call stays in its opening. */
  @Test
  void otherCallsWaitForTheOneThatOpensTheStore(@TempDir Path folder) throws Exception {
    Path pipe = folder.resolve("ca.pem");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (AzureStore store = new AzureStore(config(pipe))) {
      Future<SecretException> opening = threads.submit(() -> failure(store));
      try (var unused = Files.newOutputStream(pipe)) { // which waits for its reader
        Future<SecretException> second = threads.submit(() -> failure(store));
        assertThat(catchThrowableOfType(Exception.class, () -> second.get(1, TimeUnit.SECONDS)))
            .as("what the second call does after ten times its timeout")
            .isInstanceOf(java.util.concurrent.TimeoutException.class);
        assertThat(opening.isDone()).isFalse();
        assertThat(second.cancel(true)).isTrue();
      }
      assertThat(opening.get(20, TimeUnit.SECONDS).kind()).isNotEqualTo(Kind.TIMEOUT);
    } finally {
      threads.shutdownNow();
    }
  }

  private static SecretException failure(AzureStore store) {
    return catchThrowableOfType(SecretException.class, () -> store.fetch("name"));
  }

  private static Settings config(Path caFile) {
    return Settings.of(
        new StoreConfig(
            Map.of("vault-url", "https://v.vault.azure.net", "ca-file", caFile.toString()),
            name -> Optional.empty(),
            Duration.ofMillis(100),
            InstantSource.system()));
  }
}
