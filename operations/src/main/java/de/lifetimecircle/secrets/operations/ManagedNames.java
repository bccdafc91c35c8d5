package de.lifetimecircle.secrets.operations;

import java.util.List;

/**
 * The names of secrets that an AWS service made and manages, such as {@code rds!db-…}: the id of
 * the service, a {@code !} and a name that the service gave (service-linked-secrets, read
 * 2026-11-25). The service rotates them, so they belong to no inventory and a copy of one goes
 * stale. Stateless.
 */
public final class ManagedNames {
  private ManagedNames() {}

  /** Whether a service gave the name. */
  public static boolean isManaged(String name) {
    return name.indexOf('!') > 0;
  }

  /** The names that no service gave, in their order. */
  public static List<String> without(List<String> names) {
    return names.stream().filter(name -> !isManaged(name)).toList();
  }
}
