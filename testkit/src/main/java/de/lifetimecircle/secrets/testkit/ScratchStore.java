package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store that sees only the names below a prefix, as if there were nothing else.
 *
 * <p>A proxy with exactly the interfaces of the store behind it. As safe for use by several threads
 * as that store is.
 */
final class ScratchStore implements InvocationHandler {
  private final SecretStore store;
  private final String prefix;
  private final Set<String> written;

  /**
   * Creates a view of that store below a prefix.
   *
   * @param written receives every name that is written
   */
  ScratchStore(SecretStore store, String prefix, Set<String> written) {
    this.store = store;
    this.prefix = prefix;
    this.written = written;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return method.invoke(this, arguments);
    }
    try {
      return answer(method.invoke(store, inside(arguments)));
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SecretException failure ? outside(failure) : e.getCause();
    }
  }

  /** The first argument of every call is a name, a prefix, a request, or several names. */
  private Object @Nullable [] inside(Object @Nullable [] arguments) {
    if (arguments == null || arguments.length == 0) {
      return arguments;
    }
    Object[] changed = arguments.clone();
    if (changed[0] instanceof String name) {
      changed[0] = prefix + name;
    } else if (changed[0] instanceof PutRequest put) {
      written.add(prefix + put.name());
      changed[0] =
          new PutRequest(
              prefix + put.name(),
              put.value(),
              put.condition(),
              put.expectedVersion(),
              put.stage(),
              put.id(),
              put.description());
    } else if (changed[0] instanceof Collection<?> names) {
      changed[0] = names.stream().map(name -> prefix + name).toList();
    }
    return changed;
  }

  private @Nullable Object answer(@Nullable Object answer) {
    if (answer instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof String) {
      return list.stream().map(name -> cut((String) name)).toList();
    }
    if (answer instanceof Map<?, ?> map
        && map.values().stream().allMatch(BatchStore.Answer.class::isInstance)) {
      Map<String, BatchStore.Answer> cut = new LinkedHashMap<>();
      map.forEach((name, each) -> cut.put(cut((String) name), outside((BatchStore.Answer) each)));
      return cut;
    }
    return answer;
  }

  private String cut(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  private BatchStore.Answer outside(BatchStore.Answer answer) {
    return answer.error().map(e -> BatchStore.Answer.failed(outside(e))).orElse(answer);
  }

  /** The same failure with the name that the caller used. */
  private SecretException outside(SecretException failure) {
    SecretException.Builder builder =
        SecretException.of(failure.kind(), "use secret")
            .reason(withoutStop(String.valueOf(failure.getMessage()).replace("Cannot ", "")))
            .cause(failure);
    failure.name().ifPresent(name -> builder.name(cut(name)));
    failure.scheme().ifPresent(builder::scheme);
    failure.retryAfter().ifPresent(builder::retryAfter);
    return builder.build();
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** Shows the store behind it. */
  @Override
  public String toString() {
    return "ScratchStore[" + store + "]";
  }
}
