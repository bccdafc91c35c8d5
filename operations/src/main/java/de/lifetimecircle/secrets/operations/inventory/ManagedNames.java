package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The names of secrets that an AWS service made and manages, such as {@code rds!db-…}: the id of
 * the service, a {@code !} and a name that the service gave (service-linked-secrets, read
 * 2026-11-25). The service rotates them, so they belong to no inventory and a copy of one goes
 * stale. In another store such a name is like any other. Stateless.
 */
public final class ManagedNames {
  private static final Pattern MANAGED = Pattern.compile("[A-Za-z0-9-]+!.+");

  private ManagedNames() {}

  /** Whether the store is that of AWS, and a service gave the name there. Asks no backend. */
  public static boolean isManaged(SecretProvider store, String name) {
    return MANAGED.matcher(name).matches()
        && store.settings().stream()
            .anyMatch(each -> each.key().equals("backend") && each.value().equals("aws"));
  }

  /**
   * The names that begin with the prefix and that no service gave, in the order of the store.
   * Blocks for it.
   *
   * @param leftOut takes the others
   * @throws SecretException {@code UNSUPPORTED} if the store cannot list
   */
  public static List<String> without(
      SecretProvider store, String prefix, Consumer<String> leftOut) {
    List<String> all = store.list(prefix);
    all.stream().filter(name -> isManaged(store, name)).forEach(leftOut);
    return all.stream().filter(name -> !isManaged(store, name)).toList();
  }
}
