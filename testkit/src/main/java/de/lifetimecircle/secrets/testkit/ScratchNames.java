package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A part of a server that others use as well, for one test: the names below a prefix. It remembers
 * the written names and removes them, so that the contract can run on a server that others operate.
 *
 * <p>Safe for use by several threads.
 */
public final class ScratchNames {
  /** A deletion takes seconds on some services, and a test may leave a hundred names. */
  private static final int AT_ONCE = 16;

  private final String prefix;
  private final Set<String> written = ConcurrentHashMap.newKeySet();

  private ScratchNames(String prefix) {
    this.prefix = prefix;
  }

  /**
   * The names below that prefix.
   *
   * @param prefix ends with a slash; no other writer writes below it
   */
  public static ScratchNames below(String prefix) {
    return new ScratchNames(prefix);
  }

  /** Returns the prefix of all its names. */
  public String prefix() {
    return prefix;
  }

  /** That store, seeing these names only. */
  public SecretStore in(SecretStore store) {
    return (SecretStore)
        Proxy.newProxyInstance(
            ScratchNames.class.getClassLoader(),
            WatchedStore.abilities(store),
            new ScratchStore(store, prefix, written));
  }

  /**
   * Deletes and purges every written name, in whatever state it is, and names that an earlier run
   * has left below the prefix, where the store lists them. Blocks until all of it is gone.
   *
   * @param store one that sees all names
   * @throws SecretException if the backend fails, except because a name is gone
   * @throws IllegalArgumentException if the store does not declare {@code DELETE}
   */
  public void clean(SecretStore store) {
    if (!store.capabilities().contains(Capability.DELETE)) {
      throw new IllegalArgumentException(
          "store: " + store.capabilities() + " (expected: DELETE, which removes what tests write)");
    }
    Set<String> names = new TreeSet<>(written);
    if (store.capabilities().contains(Capability.LIST)) {
      names.addAll(((ListableStore) store).list(prefix));
    }
    ExecutorService cleaners = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (Future<Void> done :
          cleaners.invokeAll(names.stream().map(name -> removal(store, name)).toList())) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The clean-up was interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SecretException known ? known : new IllegalStateException(e);
    } finally {
      cleaners.shutdownNow();
    }
    written.clear();
  }

  private static Callable<Void> removal(SecretStore store, String name) {
    return () -> {
      DeletableStore deletable = (DeletableStore) store;
      unlessGone(() -> deletable.delete(name));
      if (store.capabilities().contains(Capability.PURGE)) {
        unlessGone(() -> deletable.purge(name));
      }
      return null;
    };
  }

  private static void unlessGone(Runnable work) {
    try {
      work.run();
    } catch (SecretException e) {
      if (!EnumSet.of(Kind.NOT_FOUND, Kind.PENDING_DELETION, Kind.BAD_NAME).contains(e.kind())) {
        throw e;
      }
    }
  }
}
