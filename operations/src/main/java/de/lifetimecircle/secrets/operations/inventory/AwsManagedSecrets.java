package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Recognises secrets that an AWS service manages, by names such as {@code rds!db-…}: the id of the
 * service, a {@code !} and a name that the service chose (service-linked-secrets, read 2026-11-25).
 * The service rotates them, so they belong to no inventory, and a copy of one goes stale. In other
 * stores these names have no special meaning. Stateless.
 */
public final class AwsManagedSecrets {
  private static final Pattern MANAGED = Pattern.compile("[A-Za-z0-9-]+!.+");

  private AwsManagedSecrets() {}

  /**
   * Returns whether the store is AWS and an AWS service manages the name. Does not call the
   * backend.
   */
  public static boolean isManaged(SecretProvider store, String name) {
    return MANAGED.matcher(name).matches() && StoreSettings.backend(store).equals("aws");
  }

  /**
   * Returns the names with a prefix that no AWS service manages, in the order of the store. Blocks
   * for the backend.
   *
   * @param leftOut takes the other names
   * @throws SecretException {@code UNSUPPORTED} if the store cannot list
   */
  public static List<String> without(
      SecretProvider store, String prefix, Consumer<String> leftOut) {
    List<String> all = store.list(prefix);
    all.stream().filter(name -> isManaged(store, name)).forEach(leftOut);
    return all.stream().filter(name -> !isManaged(store, name)).toList();
  }
}
