package de.lifetimecircle.secrets.agent;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Calls a task on SIGHUP instead of ending the JVM. The class that the JDK has for it is not part
 * of its API, so it is reached by reflection; where it is missing, the files of the rules are still
 * looked at.
 */
final class HangUpSignal {
  private HangUpSignal() {}

  static void call(Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object listener =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                if (method.getName().equals("handle")) {
                  task.run();
                }
                return null;
              });
      Method handle = signal.getMethod("handle", signal, handler);
      Object unused =
          handle.invoke(null, signal.getConstructor(String.class).newInstance("HUP"), listener);
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.getLogger("de.lifetimecircle.secrets.agent")
          .log(System.Logger.Level.DEBUG, "No SIGHUP here: {0}", e.toString());
    }
  }
}
