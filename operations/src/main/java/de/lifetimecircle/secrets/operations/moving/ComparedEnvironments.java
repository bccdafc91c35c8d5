package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Compares the secrets of two environments of an inventory by digests under a key of this run;
 * shows and keeps no value. Used by one thread; blocks for the store.
 */
public final class ComparedEnvironments {
  /** The result for a secret. */
  public enum Outcome {
    /** Both have the same value. */
    SAME,
    /** The values differ. */
    DIFFERENT,
    /** The store lacks it in one or both environments. */
    MISSING,
    /** The inventory has it in one environment only. */
    ONLY,
    /** A value cannot be read. */
    UNREADABLE
  }

  /**
   * The result for one secret.
   *
   * @param name the name in the inventory
   * @param detail more in words; may be empty
   */
  public record Compared(String name, Outcome outcome, String detail) {}

  private final Inventory inventory;
  private final List<ServiceEnvironment> both;
  private final SecretProvider provider;
  private final ValueFingerprints fingerprints;

  /**
   * Begins to compare.
   *
   * @param provider the store, with local overrides off
   * @param random the source of the key
   * @throws SecretException {@code CONFIGURATION} if there is no such environment
   */
  public ComparedEnvironments(
      Inventory inventory,
      String first,
      String second,
      SecretProvider provider,
      RandomGenerator random) {
    this.inventory = inventory;
    this.both = List.of(inventory.environment(first), inventory.environment(second));
    this.provider = provider;
    this.fingerprints = new ValueFingerprints(random);
  }

  /** Returns the secrets of either environment, in the order of the inventory. */
  public List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    both.forEach(each -> inventory.secrets(each).forEach(secret -> names.add(secret.name())));
    return inventory.names().stream().filter(names::contains).toList();
  }

  /**
   * Compares one secret.
   *
   * @throws SecretException if the whole store fails, for example with {@code UNAVAILABLE}
   */
  public Compared compare(String name) {
    List<ByteBuffer> prints = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (ServiceEnvironment environment : both) {
      InventorySecret secret = inventory.byName(environment).get(name);
      if (secret == null) {
        String has = both.get(environment.equals(both.get(0)) ? 1 : 0).name();
        return new Compared(name, Outcome.ONLY, "only " + has + " has it in the inventory");
      }
      try {
        FreshRead.findUndeleted(provider, environment.stored(name))
            .ifPresentOrElse(
                found -> prints.add(fingerprints.of(found.value())),
                () -> missing.add(environment.name()));
      } catch (SecretException e) {
        if (FreshRead.isOfWholeStore(e)) {
          throw e;
        }
        return new Compared(
            name, Outcome.UNREADABLE, "in " + environment.name() + ": " + EnumText.of(e.kind()));
      }
    }
    if (!missing.isEmpty()) {
      return new Compared(name, Outcome.MISSING, "in " + String.join(" and ", missing));
    }
    boolean same = prints.get(0).equals(prints.get(1));
    return new Compared(name, same ? Outcome.SAME : Outcome.DIFFERENT, "");
  }
}
