package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.MaintainedStore;
import de.lifetimecircle.secrets.spi.RecipientStore;
import de.lifetimecircle.secrets.spi.RetiringStore;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Methods of an ability in a store that does not implement the ability's interface. Nothing calls
 * them, for example because the store was written when another interface had the method: it still
 * compiles, and would lose the ability without a word. Stateless.
 */
public final class UncalledMethods {
  private static final Class<?>[] ABILITIES = {
    BatchStore.class,
    DeletableStore.class,
    ListableStore.class,
    MaintainedStore.class,
    RecipientStore.class,
    RetiringStore.class,
    RevalidatingStore.class,
    VersionedStore.class,
    WritableStore.class
  };

  private UncalledMethods() {}

  /** Adds a problem for each of them that is public in the store. */
  public static void report(SecretStore store, ConfigProblems problems) {
    for (Method method : store.getClass().getMethods()) {
      if (!isOf(SecretStore.class, method) && !isOf(Object.class, method)) {
        reportUncalled(store, method, problems);
      }
    }
  }

  private static void reportUncalled(SecretStore store, Method method, ConfigProblems problems) {
    for (Class<?> ability : ABILITIES) {
      if (!ability.isInstance(store) && isOf(ability, method)) {
        problems.add(
            "store: nothing calls '"
                + method
                + "' (expected: the class implements "
                + ability.getSimpleName()
                + ", or has no such method)");
      }
    }
  }

  /** Whether a type has exactly that method; one that only shares a name is the store's own. */
  private static boolean isOf(Class<?> type, Method method) {
    for (Method wanted : type.getDeclaredMethods()) {
      if (wanted.getName().equals(method.getName())
          && wanted.getReturnType().equals(method.getReturnType())
          && Arrays.equals(wanted.getParameterTypes(), method.getParameterTypes())) {
        return true;
      }
    }
    return false;
  }
}
