package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.spi.SecretStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The store of a test, without its end: the field is static, so the store outlives a context that
 * Spring closes because of {@code @DirtiesContext} or because its cache is full. Has each ability
 * of the store.
 *
 * @param store the store of the test
 */
record SharedStore(SecretStore store) implements InvocationHandler {
  /** Returns a view of the store that does nothing when it is closed; views of one are equal. */
  static SecretStore of(SecretStore store) {
    return (SecretStore)
        Proxy.newProxyInstance(
            store.getClass().getClassLoader(),
            ClassUtils.getAllInterfaces(store),
            new SharedStore(store));
  }

  @Override
  public @Nullable Object invoke(Object view, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("close")) {
      return null;
    }
    if (method.getName().equals("equals") && arguments != null) {
      return arguments[0] instanceof SecretStore other
          && Proxy.isProxyClass(other.getClass())
          && equals(Proxy.getInvocationHandler(other));
    }
    try {
      ReflectionUtils.makeAccessible(method); // an interface of the test may not be public
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
