package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a provider and the store under test: counts calls, holds them, fails them.
 *
 * <p>A proxy with exactly the interfaces of the store, since a wrapper with all of them would
 * promise abilities that the store does not have.
 */
final class WatchedStore implements InvocationHandler {
  private final SecretStore store;
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Set<String> silent = Set.of("close", "capabilities");
  private volatile @Nullable Kind outage;
  private volatile @Nullable Kind lost;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  WatchedStore(SecretStore store) {
    this.store = store;
  }

  /** The store as the provider sees it. */
  SecretStore proxy() {
    return (SecretStore)
        Proxy.newProxyInstance(SecretStore.class.getClassLoader(), abilities(store), this);
  }

  /** The interfaces of the SPI that a store has. */
  static Class<?>[] abilities(SecretStore store) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> type = store.getClass(); type != null; type = type.getSuperclass()) {
      collect(type, interfaces);
    }
    return interfaces.toArray(Class<?>[]::new);
  }

  private static void collect(Class<?> type, Set<Class<?>> abilities) {
    for (Class<?> each : type.getInterfaces()) {
      if (each.getPackage().equals(SecretStore.class.getPackage())) {
        abilities.add(each);
      }
      collect(each, abilities);
    }
  }

  /** How many calls read a value: by name or many at once. */
  int reads() {
    return calls("fetch") + calls("fetchAll") + calls("fetchVersion") + calls("fetchUnless");
  }

  int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  /** Fails every call so from now on; nothing ends it. */
  void outage(@Nullable Kind kind) {
    outage = kind;
  }

  /** Lets the store do every call and then fails it so, as a connection does that breaks. */
  void loseAnswers(@Nullable Kind kind) {
    lost = kind;
  }

  /** Holds every call that begins now until {@link #letGo}. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void letGo() {
    gate.countDown();
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (counts(method)) {
      calls.merge(method.getName(), 1, Integer::sum);
      await();
      Kind kind = outage;
      if (kind != null) {
        throw SecretException.of(kind, method.getName()).reason("a test says so").build();
      }
    }
    try {
      Object answer = method.invoke(store, arguments);
      Kind kind = counts(method) ? lost : null;
      if (kind != null) {
        throw SecretException.of(kind, method.getName()).reason("its answer is lost").build();
      }
      return answer;
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private boolean counts(Method method) {
    return method.getDeclaringClass() != Object.class && !silent.contains(method.getName());
  }

  private void await() {
    CountDownLatch now = gate;
    if (now.getCount() == 0) {
      return; // waiting would take the interrupt that the store itself has to honour
    }
    try {
      now.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SecretException.of(Kind.INTERRUPTED, "fetch secret").build();
    }
  }
}
