package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.StorePlace;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Compares every store that a command opens with the place that the inventory names for each
 * environment that the command uses, whichever of the two is known first, and so before the first
 * request for a secret. Not thread-safe: one thread runs a command.
 */
public final class PlaceGuard {
  /** The use that a command makes of a store. */
  public enum Access {
    /** Reads secrets. */
    READ,
    /** Changes secrets. */
    WRITE
  }

  /** A store that was opened. */
  private record Opened(SecretProvider provider, Access access) {}

  /**
   * An environment that the command uses.
   *
   * @param stored the name of one of its secrets in the store
   */
  private record Used(InventoryLocation site, String stored) {}

  private final Supplier<NamePrefix> prefix;
  private final Consumer<String> hint;
  private final List<Opened> opened = new ArrayList<>();
  private final Map<String, Used> used = new LinkedHashMap<>();

  /**
   * Creates a guard that has seen nothing.
   *
   * @param prefix the setting of this run
   * @param hint takes the parts of the place that the inventory leaves open
   */
  PlaceGuard(Supplier<NamePrefix> prefix, Consumer<String> hint) {
    this.prefix = prefix;
    this.hint = hint;
  }

  /**
   * Compares a store that is about to be used. Blocks for the backend only if the inventory names
   * the account of a store that is written.
   *
   * @throws SecretException {@code CONFIGURATION} if it is not the one that the inventory names
   */
  public void opened(SecretProvider provider, Access access) {
    Opened store = new Opened(provider, access);
    opened.add(store);
    used.values().forEach(each -> compare(store, each));
  }

  /**
   * Compares an environment that is about to be used, as {@link #opened} does.
   *
   * @param site the inventory with that environment
   * @param stored the name of one of its secrets in the store
   */
  public void uses(InventoryLocation site, String stored) {
    Used added = new Used(site, stored);
    if (used.putIfAbsent(site.environment().name(), added) == null) {
      opened.forEach(each -> compare(each, added));
    }
  }

  private void compare(Opened store, Used environment) {
    InventoryLocation site = environment.site();
    StorePlace.requireConfigured(site, store.provider());
    if (store.access() == Access.WRITE) {
      prefix.get().requireAgreement(site.inventory(), site.environment());
      StorePlace.requireAccount(site, store.provider(), environment.stored(), hint);
      StorePlace.open(site.environment(), store.provider()).ifPresent(hint);
    }
  }
}
