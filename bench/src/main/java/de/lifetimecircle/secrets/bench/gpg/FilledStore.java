package de.lifetimecircle.secrets.bench.gpg;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.bench.WholeFolders;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A store of files with that many secrets, kept below {@code bench/target}. The first time it is
 * written in memory, where there is a file system there, and copied: each write waits for the disk
 * several times, and 10,000 of them take minutes. Used by one thread.
 */
final class FilledStore implements AutoCloseable {
  private static final int GROUPS = 100;
  private static final int STRIDE = 7919; // a prime, so that all are visited in scattered order
  private static final Path IN_MEMORY = Path.of("/dev/shm");

  private final int size;
  private final Path folder;
  private final SecretWriter writer;
  private final SecretStore store;
  private int next;

  /** Opens it, and makes it if it is not there. */
  FilledStore(int size) throws IOException {
    this.size = size;
    this.folder = Path.of("bench", "target", "store-of-" + size).toAbsolutePath();
    if (!Files.exists(folder)) {
      make();
    }
    this.writer = open(folder);
    this.store = writer.unwrap(SecretStore.class).orElseThrow();
  }

  private static SecretWriter open(Path folder) {
    return SecretProvider.builder()
        .environment(Map.of())
        .set("gpg.store", folder.resolve("store").toString())
        .set("gpg.key-file", folder.resolve("key.pgp").toString())
        .set("gpg.high-water-file", folder.resolve("high-water").toString())
        .set("timeout", "PT1M") // a busy machine is slow, and not down
        .buildWriter();
  }

  private void make() throws IOException {
    Path scratch =
        Files.isWritable(IN_MEMORY)
            ? Files.createTempDirectory(IN_MEMORY, "bench-store")
            : Files.createTempDirectory("bench-store");
    try {
      fill(scratch);
      Path part = folder.resolveSibling("part-of-" + folder.getFileName());
      WholeFolders.delete(part);
      WholeFolders.copy(scratch, part);
      Files.move(part, folder);
    } finally {
      WholeFolders.delete(scratch);
    }
  }

  private void fill(Path scratch) {
    try (SecretWriter filling = open(scratch)) {
      for (int i = 0; i < size; i++) {
        try (SecretValue value = SecretValue.of("value-" + i)) {
          var unused = filling.put(name(i), value);
        }
      }
    }
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "group-%d/SECRET_%05d", i % GROUPS, i);
  }

  /** Returns how many secrets it has. */
  int size() {
    return size;
  }

  /** Returns its size in words: {@code 10,000}. */
  String count() {
    return String.format(Locale.ROOT, "%,d", size);
  }

  Path keyFile() {
    return folder.resolve("key.pgp");
  }

  /** All names. */
  List<String> names() {
    return writer.provider().list("");
  }

  /** Reads each secret once; returns how long each took, in nanoseconds and on average. */
  double readEach() {
    long began = System.nanoTime();
    for (int i = 0; i < size; i++) {
      readNext();
    }
    return (double) (System.nanoTime() - began) / size;
  }

  /** Reads the next secret past every cache, one after another in scattered order. */
  void readNext() {
    store.fetch(nextName()).value().close();
  }

  private String nextName() {
    next = (next + STRIDE) % size;
    return name(next);
  }

  /** The encrypted file of one secret. */
  byte[] message() throws IOException {
    return Files.readAllBytes(folder.resolve("store").resolve(name(0) + ".gpg"));
  }

  @Override
  public void close() {
    writer.close();
  }
}
