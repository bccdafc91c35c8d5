package de.lifetimecircle.secrets.bench.loopback;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * A shipped store that notes each call of it: a server that is down cannot count, and a call that
 * it never saw is a call all the same. Safe for use by several threads.
 */
public final class StoreCalls implements RevalidatingStore {
  private final RevalidatingStore store;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

  /** One call; the moments as {@link System#nanoTime} counts. */
  public record Call(String name, long began, long ended) {}

  private StoreCalls(RevalidatingStore store) {
    this.store = store;
  }

  /** Opens the store of a scheme with settings written as in a file. */
  public static StoreCalls open(String scheme, Map<String, String> settings, Duration timeout) {
    return new StoreCalls((RevalidatingStore) ShippedStores.open(scheme, settings, timeout));
  }

  /** The calls that are over, in the order in which they ended. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  private <T> T noted(String name, Supplier<T> work) {
    long began = System.nanoTime();
    try {
      return work.get();
    } finally {
      calls.add(new Call(name, began, System.nanoTime()));
    }
  }

  @Override
  public StoredSecret fetch(String name) {
    return noted(name, () -> store.fetch(name));
  }

  @Override
  public Optional<StoredSecret> fetchUnless(
      String name, String version, Instant created, int size) {
    return noted(name, () -> store.fetchUnless(name, version, created, size));
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public Map<String, String> describe(String name) {
    return noted(name, () -> store.describe(name));
  }

  @Override
  public Map<String, String> check() {
    return store.check();
  }

  @Override
  public void close() {
    store.close();
  }
}
