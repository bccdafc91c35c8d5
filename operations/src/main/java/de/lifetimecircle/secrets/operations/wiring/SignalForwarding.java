package de.lifetimecircle.secrets.operations.wiring;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/**
 * Passes signals of this process on instead of ending it. By reflection, because the JDK has
 * signals only in {@code jdk.unsupported}, and the compiler warns of them in a way that nothing
 * suppresses. A shutdown hook does not know which signal came.
 *
 * <p>SIGUSR1 ends a JVM that has no handler, and SIGUSR2 crashes one of Java 17; Java 25 ignores
 * it. SIGQUIT stays with the JVM, which refuses a handler and prints its threads.
 */
public final class SignalForwarding {
  private static final List<String> NEEDED = List.of("TERM", "INT", "HUP");
  private static final List<String> OTHERS = List.of("USR1", "USR2", "WINCH");

  private SignalForwarding() {}

  /**
   * Begins to pass the signals on, for the rest of this process.
   *
   * @param receiver gets a name such as {@code TERM}, on a thread of the JVM
   * @return whether this JVM allows it for SIGTERM, SIGINT and SIGHUP; a JVM with {@code -Xrs} does
   *     not
   */
  public static boolean to(Consumer<String> receiver) {
    for (String name : OTHERS) {
      boolean unused = pass(name, receiver);
    }
    return NEEDED.stream().filter(name -> pass(name, receiver)).count() == NEEDED.size();
  }

  /**
   * Begins to pass one signal on, for the rest of this process.
   *
   * @param name such as {@code HUP}
   * @return whether this JVM allows it
   */
  public static boolean pass(String name, Consumer<String> receiver) {
    InvocationHandler pass =
        (proxy, method, args) -> {
          if (method.getName().equals("handle")) {
            receiver.accept(name);
            return null;
          }
          return method.getName().equals("hashCode")
              ? (Object) System.identityHashCode(proxy)
              : method.getName().equals("equals") ? (Object) (proxy == args[0]) : name;
        };
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, pass);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return true;
    } catch (ReflectiveOperationException e) {
      return false; // a JVM without the module, or one that keeps this signal
    }
  }
}
