package de.lifetimecircle.secrets.cli.console;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/**
 * Passes SIGTERM, SIGINT and SIGHUP of this process on instead of ending it. By reflection, because
 * the JDK has signals only in {@code jdk.unsupported}, and the compiler warns of them in a way that
 * nothing suppresses. A shutdown hook does not know which signal came.
 */
public final class SignalForwarding {
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

  private SignalForwarding() {}

  /**
   * Begins to pass the signals on, for the rest of this process.
   *
   * @param receiver gets a name such as {@code TERM}, on a thread of the JVM
   * @return whether this JVM allows it
   */
  public static boolean to(Consumer<String> receiver) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      for (String name : SIGNALS) {
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
        Object proxy =
            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, pass);
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
      return true;
    } catch (ReflectiveOperationException e) {
      return false; // a JVM without the module, or with -Xrs
    }
  }
}
