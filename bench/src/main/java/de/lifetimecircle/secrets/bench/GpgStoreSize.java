package de.lifetimecircle.secrets.bench;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whether reading one secret from a store of files, past every cache of values, grows with the
 * number of secrets in it; and what listing all of them costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before it measures.
public class GpgStoreSize {
  /** How many secrets the store holds. */
  @Param({"10", "1000", "10000"})
  public int secrets;

  private SecretWriter writer;
  private SecretStore store;
  private int next;

  /**
   * Opens the store and makes what is missing in it. It is kept below {@code target}, because each
   * write waits for the disk several times and 10,000 of them take minutes.
   */
  @Setup(Level.Trial)
  public void fill() {
    Path folder = Path.of("bench", "target", "store-of-" + secrets).toAbsolutePath();
    writer =
        SecretProvider.builder()
            .environment(Map.of())
            .set("gpg.store", folder.resolve("store").toString())
            .set("gpg.key-file", folder.resolve("key.pgp").toString())
            .buildWriter();
    Set<String> there = Set.copyOf(writer.provider().list(""));
    for (int i = 0; i < secrets; i++) {
      if (!there.contains(name(i))) {
        writer.put(name(i), SecretValue.of("value-" + i));
      }
    }
    store = writer.unwrap(SecretStore.class).orElseThrow();
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    writer.close();
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "group-%d/SECRET_%05d", i % 100, i);
  }

  /** One secret after another, each read and decrypted anew. */
  @Benchmark
  public StoredSecret get() {
    next = (next + 7919) % secrets; // a prime, so that all are visited in a scattered order
    return store.fetch(name(next));
  }

  /** All names. */
  @Benchmark
  public List<String> list() {
    return writer.provider().list("");
  }
}
