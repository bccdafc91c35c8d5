package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstReadProgramTest {
  @TempDir Path folder;

  @Test
  void filesClassesAndMillisecondsOfAStoreOfFiles() throws Exception {
    try (KnownServers servers = new KnownServers(folder.resolve("servers"), Map.of())) {
      FirstReadProgram.Figures figures =
          FirstReadProgram.measure(
              servers.start("gpg", ""), System.getProperty("java.class.path"), folder);
      // The engine and the store are some dozens of files; the JDK alone loads some hundreds of
      // classes.
      assertThat(figures.files()).isBetween(30, 400);
      assertThat(figures.classes()).isBetween(figures.files() + 300, 10_000);
      assertThat(figures.millis()).isPositive();
    }
  }
}
