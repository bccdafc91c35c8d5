package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A backend that is right and eventually consistent: a leader does each write at once and judges
 * its conditions; a follower, which answers every read, does the same write some time later. Both
 * number their versions alike, and neither knows their times.
 */
final class LaggingBackend {
  private static final Duration LAG = Duration.ofMillis(10);
  private static final Set<String> WRITES =
      Set.of("put", "promote", "retire", "delete", "restore", "purge");

  private record Write(long due, Method method, Object[] arguments) {}

  private final Deque<Write> underWay = new ArrayDeque<>();
  private final FakeStore leader;
  private final FakeStore follower;

  LaggingBackend(Capability... capabilities) {
    leader = FakeStore.with(capabilities).clock(() -> Instant.EPOCH);
    follower = FakeStore.with(capabilities).clock(() -> Instant.EPOCH);
  }

  SecretStore open() {
    FakeStore writer = leader.secondClient();
    FakeStore reader = follower.secondClient();
    return (SecretStore)
        Proxy.newProxyInstance(
            LaggingBackend.class.getClassLoader(),
            new Class<?>[] {
              VersionedStore.class,
              ListableStore.class,
              BatchStore.class,
              WritableStore.class,
              DeletableStore.class,
              RetiringStore.class
            },
            (proxy, method, arguments) -> call(writer, reader, method, arguments));
  }

  private synchronized @Nullable Object call(
      FakeStore writer, FakeStore reader, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (arguments != null && WRITES.contains(method.getName())) {
      Write write = new Write(System.nanoTime() + LAG.toNanos(), method, kept(arguments));
      Object answer = invoke(writer, method, arguments);
      underWay.add(write);
      return answer;
    }
    if (method.getName().equals("close")) {
      writer.close();
    }
    while (!underWay.isEmpty() && System.nanoTime() - underWay.element().due() >= 0) {
      Write write = underWay.remove();
      var unused = invoke(follower, write.method(), write.arguments());
    }
    return invoke(reader, method, arguments);
  }

  /** The caller closes the value of a put. */
  private static Object[] kept(Object[] arguments) {
    Object[] kept = arguments.clone();
    if (kept[0] instanceof PutRequest put) {
      kept[0] =
          new PutRequest(
              put.name(),
              put.value().copy(),
              put.condition(),
              put.expectedVersion(),
              put.stage(),
              put.id(),
              put.description());
    }
    return kept;
  }

  private static @Nullable Object invoke(
      FakeStore store, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
