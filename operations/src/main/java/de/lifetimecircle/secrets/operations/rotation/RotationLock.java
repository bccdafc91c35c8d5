package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Keeps secrets from being rotated while another operation needs them as they are. The operating
 * system ends the pause with the process, for whatever reason. Used by one thread.
 */
public final class RotationLock implements AutoCloseable {
  private final NameLocks locks;

  private RotationLock(NameLocks locks) {
    this.locks = locks;
  }

  /**
   * Begins a pause, with the locks that a rotation takes. It is noticed by rotations with the same
   * folder of journals, on this machine. Blocks for the file system.
   *
   * @param journals the folder of the journals, which is made if there is none
   * @param who the person, for the message of a rotation that meanwhile wants to begin
   * @param action what needs the pause, for the message if it is refused
   * @param names the names in the store
   * @throws SecretException {@code CONFLICT} if another process is rotating one of them, {@code
   *     CONFIGURATION} if the folder cannot be made
   */
  public static RotationLock of(
      Path journals, String who, String action, Collection<String> names) {
    NameLocks locks = new JournalFolder(journals).lock(who, action, null);
    return new RotationLock(locks.and(names.stream().sorted().toList()));
  }

  /**
   * Reserves all names that change with secrets, for an emergency: meanwhile only rotations that
   * have this pause change them. Unlike {@link #of}, it begins also while a hook of an earlier
   * rotation still runs, which the rotation itself reports. Blocks for the file system.
   *
   * @param environment its name; empty if the inventory has only one
   * @param journals the folder of the journals, which is made if there is none
   * @param who the person, for the message of a rotation that meanwhile wants to begin
   * @param secrets the names in the inventory
   * @throws SecretException as {@link #of}
   */
  public static RotationLock ofEmergency(
      Inventory inventory,
      String environment,
      Path journals,
      String who,
      Collection<String> secrets) {
    RotationScope names = new RotationScope(inventory, environment);
    NameLocks locks = new JournalFolder(journals).lock(who, NameLocks.EMERGENCY, null);
    return new RotationLock(
        locks.reserve(
            secrets.stream()
                .flatMap(name -> names.changes(names.secret(name)).stream())
                .map(VersionChange::stored)
                .distinct()
                .sorted()
                .toList()));
  }

  /** Returns its locks, for the rotations that the holder of the pause runs itself. */
  NameLocks locks() {
    return locks;
  }

  /** Ends the pause. */
  @Override
  public void close() {
    locks.close();
  }
}
