package de.lifetimecircle.secrets.operations.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds values that the example inventory has and no real service: the account that AWS uses in its
 * documentation, ids of zeros, and names under {@code .example}, which RFC 2606 keeps free of
 * hosts. Stateless.
 */
public final class Placeholders {
  private static final String ACCOUNT = "123456789012";
  private static final String ZEROS = "00000000-0000-0000-0000-000000000000";
  private static final String HOST = ".example";

  private Placeholders() {}

  /**
   * Returns the keys that still hold one, in the order of the file.
   *
   * @param backend the scheme in use; facts of other backends do not count
   */
  public static List<String> in(
      Inventory inventory, ServiceEnvironment environment, String backend) {
    List<String> found = new ArrayList<>();
    if (inventory.contact().filter(Placeholders::isOne).isPresent()) {
      found.add("contact");
    }
    Map<String, String> facts = environment.backends().getOrDefault(backend, Map.of());
    facts.keySet().stream()
        .sorted()
        .filter(fact -> isOne(facts.getOrDefault(fact, "")))
        .forEach(fact -> found.add(environment.name() + "." + backend + "." + fact));
    if (backend.equals("aws")
        && inventory.audit().principals().values().stream()
            .anyMatch(names -> names.stream().anyMatch(Placeholders::isOne))) {
      found.add("audit.principals");
    }
    if (inventory.secrets(environment).stream()
        .flatMap(secret -> secret.hooks().values().stream())
        .anyMatch(line -> line.stream().anyMatch(Placeholders::isOne))) {
      found.add("hooks");
    }
    return found;
  }

  /**
   * Returns the warning about the keys that still hold one; empty if there are none.
   *
   * @param found the result of {@link #in}
   */
  public static Optional<String> warning(List<String> found) {
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "still has values of the example, which policies and documents repeat: "
                + String.join(", ", found));
  }

  /** Returns whether a value is one that the example has and no real service. */
  public static boolean isOne(String text) {
    return text.contains(ACCOUNT)
        || text.contains(ZEROS)
        || text.endsWith(HOST)
        || text.contains(HOST + "/");
  }
}
