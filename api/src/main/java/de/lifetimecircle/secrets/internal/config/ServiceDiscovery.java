package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import java.io.IOException;
import java.net.URL;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The class path as a service's class loaders see it: the context loader, in which a container has
 * the application, and the loader of this library, because a thread of a shared pool may have any
 * context loader. Stateless.
 */
final class ServiceDiscovery {
  /** A context loader of this name has what its parent has; each search goes through every jar. */
  private static final String COMPLETE = "de.lifetimecircle.secrets.services";

  private ServiceDiscovery() {}

  /**
   * The services that either class loader finds, each class once.
   *
   * @throws java.util.ServiceConfigurationError if one cannot be loaded
   */
  static <S> Collection<S> services(Class<S> service) {
    Map<Class<?>, S> found = new LinkedHashMap<>();
    for (ClassLoader loader : loaders()) {
      for (S each : ServiceLoader.load(service, loader)) {
        found.putIfAbsent(each.getClass(), each);
      }
    }
    return found.values();
  }

  /**
   * The services of a kind by their word; two for one word are a mistake, never "the first wins".
   *
   * @param kind the kind of service in messages, as a plural
   */
  static <S> Map<String, S> byWord(
      Class<S> service, Function<S, String> word, String kind, ConfigProblems problems) {
    Map<String, S> found = new TreeMap<>();
    try {
      for (S each : services(service)) {
        S other = found.put(word.apply(each), each);
        if (other != null) {
          problems.add(
              "class path: two "
                  + kind
                  + " for '"
                  + word.apply(each)
                  + "', "
                  + other.getClass().getName()
                  + " and "
                  + each.getClass().getName()
                  + " (expected: one; remove a jar)");
        }
      }
    } catch (ServiceConfigurationError e) {
      problems.add("class path: one of the " + kind + " cannot be loaded: " + e.getMessage());
    }
    return found;
  }

  /** The files of that name that either class loader finds, each once. */
  static Collection<URL> resources(String name) throws IOException {
    Map<String, URL> found = new TreeMap<>();
    for (ClassLoader loader : loaders()) {
      for (URL each : Collections.list(loader.getResources(name))) {
        found.put(each.toString(), each);
      }
    }
    return found.values();
  }

  private static List<ClassLoader> loaders() {
    ClassLoader own = SecretProvider.class.getClassLoader();
    @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context == null || context.equals(own) || !hasThisLibrary(context)) {
      return List.of(own);
    }
    return COMPLETE.equals(context.getName()) ? List.of(context) : List.of(context, own);
  }

  /** One that has another copy of the library has providers of that one, which are not ours. */
  private static boolean hasThisLibrary(ClassLoader loader) {
    try {
      return SecretProvider.class.equals(loader.loadClass(SecretProvider.class.getName()));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
