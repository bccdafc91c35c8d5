package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of a backend that shows a write later than it acknowledges it: a write returns once this
 * client and a second one see it. The cases of the contract read at once, and so judge the answer
 * and not the lag.
 *
 * <p>A write that is not seen within the visibility of the backend's limits returns all the same:
 * the case that reads it fails. A proxy with exactly the interfaces of the store behind it, and as
 * safe for use by several threads.
 */
final class SettledStore implements InvocationHandler {
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final Set<String> GONE =
      Set.of(Kind.NOT_FOUND.name(), Kind.PENDING_DELETION.name());

  private final ContractSubject subject;
  private final SecretStore store;
  private @Nullable SecretStore second;

  private SettledStore(ContractSubject subject, SecretStore store) {
    this.subject = subject;
    this.store = store;
  }

  /** Returns the store as the cases of the contract use it. */
  static SecretStore of(ContractSubject subject, SecretStore store) {
    return (SecretStore)
        Proxy.newProxyInstance(
            SecretStore.class.getClassLoader(),
            WatchedStore.abilities(store),
            new SettledStore(subject, store));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object answer;
    try {
      answer = method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
    Predicate<SecretStore> isSeen =
        arguments == null || arguments.length == 0 ? null : seen(method, arguments, answer);
    if (isSeen != null) {
      await(isSeen);
    }
    return answer;
  }

  private void await(Predicate<SecretStore> isSeen) {
    SecretStore other = second();
    long end = System.nanoTime() + subject.limits().visibility().toNanos();
    while (!(isSeen.test(store) && isSeen.test(other))
        && System.nanoTime() - end < 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private synchronized SecretStore second() {
    SecretStore opened = second;
    if (opened == null) {
      opened = subject.closing(subject.open());
      second = opened;
    }
    return opened;
  }

  /** Tells whether a client sees the write; null for a call that writes nothing. */
  private static @Nullable Predicate<SecretStore> seen(
      Method method, Object[] arguments, @Nullable Object answer) {
    if (arguments[0] instanceof PutRequest put && answer instanceof PutResult result) {
      return client -> hasPut(client, put, result.version()) && isListed(client, put.name(), true);
    }
    String name = String.valueOf(arguments[0]);
    return switch (method.getName()) {
      case "promote" -> client -> current(client, name).equals(arguments[1]);
      case "retire" -> client -> !isPrevious(client, name, String.valueOf(arguments[1]));
      case "delete" ->
          client -> GONE.contains(current(client, name)) && isListed(client, name, false);
      case "purge" -> client -> current(client, name).equals(Kind.NOT_FOUND.name());
      case "restore" ->
          client -> !GONE.contains(current(client, name)) && isListed(client, name, true);
      default -> null;
    };
  }

  /** A later version than this one may be current already. */
  private static boolean hasPut(SecretStore client, PutRequest put, String version) {
    int place =
        versions(client, put.name()).stream().map(SecretVersion::id).toList().indexOf(version);
    return put.stage() == Stage.PENDING
        ? place >= 0
        : place > 0 || current(client, put.name()).equals(version);
  }

  /** The id of the current version, or the kind of the failure. */
  private static String current(SecretStore client, String name) {
    try {
      StoredSecret secret = client.fetch(name);
      secret.value().close();
      return secret.version();
    } catch (SecretException e) {
      return e.kind().name();
    }
  }

  private static boolean isPrevious(SecretStore client, String name, String version) {
    return versions(client, name).stream()
        .anyMatch(each -> each.id().equals(version) && each.stages().contains(Stage.PREVIOUS));
  }

  private static List<SecretVersion> versions(SecretStore client, String name) {
    try {
      return can(client, Capability.VERSIONS)
          ? ((VersionedStore) client).versions(name)
          : List.of();
    } catch (SecretException e) {
      return List.of(); // not seen yet, or not for this caller
    }
  }

  /** Whether a list has the name, or lacks it; true where there are no lists. */
  private static boolean isListed(SecretStore client, String name, boolean expected) {
    try {
      return !can(client, Capability.LIST)
          || ((ListableStore) client).list(name).contains(name) == expected;
    } catch (SecretException e) {
      return false;
    }
  }

  private static boolean can(SecretStore client, Capability capability) {
    return client.capabilities().contains(capability);
  }
}
