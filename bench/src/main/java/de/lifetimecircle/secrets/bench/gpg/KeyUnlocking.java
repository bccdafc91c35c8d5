package de.lifetimecircle.secrets.bench.gpg;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.WholeFolders;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How often a key with a passphrase is unlocked. After the first read the key file and the
 * passphrase are taken away, so that none of the reads that follow can read them again; and all of
 * them together must take less than a single unlocking does. Stateless.
 */
final class KeyUnlocking {
  private static final String PASSPHRASE = "made up for the benchmark, and long enough for a key";
  private static final String NAME = "unlocking/NAME";
  private static final int READS = 50;
  private static final double MILLIS = 1e6;

  private KeyUnlocking() {}

  static List<BenchFigure> figures() throws IOException, PgpFailure {
    Path folder = Files.createTempDirectory("bench-unlocking");
    try {
      Path key = folder.resolve("key.pgp");
      fill(folder, key);
      return measured(folder, key, unlock(key));
    } finally {
      WholeFolders.delete(folder);
    }
  }

  private static double unlock(Path key) throws IOException, PgpFailure {
    long began = System.nanoTime();
    PgpIdentity.fromKeyFile(Files.readAllBytes(key), PASSPHRASE.toCharArray()).close();
    return System.nanoTime() - began;
  }

  private static SecretWriter open(Path folder, Path key) {
    return SecretProvider.builder()
        .environment(Map.of("BENCH_PASSPHRASE", PASSPHRASE))
        .set("gpg.store", folder.resolve("store").toString())
        .set("gpg.key-file", key.toString())
        .set("gpg.passphrase-variable", "BENCH_PASSPHRASE")
        .set("gpg.high-water-file", folder.resolve("high-water").toString())
        .set("timeout", "PT1M") // a busy machine is slow, and not down
        .buildWriter();
  }

  private static void fill(Path folder, Path key) {
    try (SecretWriter writer = open(folder, key);
        SecretValue value = SecretValue.of("value")) {
      var unused = writer.put(NAME, value);
    }
  }

  private static List<BenchFigure> measured(Path folder, Path key, double unlock)
      throws IOException {
    try (SecretWriter writer = open(folder, key)) {
      SecretStore store = writer.unwrap(SecretStore.class).orElseThrow();
      long began = System.nanoTime();
      store.fetch(NAME).value().close();
      double first = System.nanoTime() - began;
      Files.delete(key);
      began = System.nanoTime();
      for (int i = 0; i < READS; i++) {
        store.fetch(NAME).value().close();
      }
      double others = System.nanoTime() - began;
      return List.of(
          BenchFigure.information("i", "unlocking a key once", unlock / MILLIS, "ms"),
          BenchFigure.information("i", "the first read of a process", first / MILLIS, "ms"),
          BenchFigure.compared(
                  "i",
                  "50 reads after it, without the key file",
                  others / MILLIS,
                  "ms",
                  unlock / MILLIS,
                  Limit.atMost(1))
              .noted("beside one unlocking: below 1 there was none"));
    }
  }
}
