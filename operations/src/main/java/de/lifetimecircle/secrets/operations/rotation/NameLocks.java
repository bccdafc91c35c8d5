package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.journal.NameLock;
import de.lifetimecircle.secrets.operations.journal.RecordFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Locks the names that this process changes or needs as they are: a locked file for each, whose two
 * lines are the person and what needs the lock. The operating system releases the locks when the
 * process ends, for whatever reason. Used by one thread.
 */
public final class NameLocks implements AutoCloseable {
  /** The action of an emergency, by which others recognize its locks. */
  static final String EMERGENCY = "replace exposed secret";

  private static final String WAIT = "Wait until it has finished, then run this command again";
  private static final String AFTER_EMERGENCY =
      "Wait until that person has ended it; it gives the secret a new value, so a rotation is"
          + " probably no longer due";
  private static final String BEFORE_EMERGENCY =
      "Ask that person to stop it, which is safe, or wait until it has finished; then run this"
          + " command again: an emergency also ends a rotation that was stopped";

  private final Path folder;
  private final String who;
  private final String action;
  private final @Nullable NameLocks reserved;
  private final Map<String, NameLock> held = new TreeMap<>();

  /**
   * Prepares locks, so that no two processes rotate one name at the same time.
   *
   * @param journals the folder of the journals, which is made if there is none
   * @param action what needs them, for the message of a refusal, such as {@code rotate secret}
   * @param reserved locks of the caller, which it keeps; its names need no second lock
   * @throws SecretException {@code CONFIGURATION} if the folder cannot be made
   */
  NameLocks(Path journals, String who, String action, @Nullable NameLocks reserved) {
    this.folder = RecordFolder.makeLocks(journals);
    this.who = who;
    this.action = action;
    this.reserved = reserved;
  }

  /**
   * Locks names as a rotation does, so that none is rotated meanwhile. Noticed by rotations with
   * the same folder of journals, on this machine. Blocks for the file system.
   *
   * @param journals the folder of the journals, which is made if there is none
   * @param who the person, for the message of a rotation that meanwhile wants to begin
   * @param action what needs the locks, for the message if they are refused
   * @param names the names in the store
   * @throws SecretException {@code CONFLICT} if another process is rotating one of them, {@code
   *     CONFIGURATION} if the folder cannot be made
   */
  public static NameLocks of(Path journals, String who, String action, Collection<String> names) {
    return new NameLocks(journals, who, action, null).and(names.stream().sorted().toList());
  }

  /**
   * Locks all names that change with secrets, for an emergency: meanwhile only rotations that have
   * these locks change them. Unlike {@link #of}, also while a hook of an earlier rotation still
   * runs, which the rotation itself reports. Blocks for the file system.
   *
   * @param environment its name; empty if the inventory has only one
   * @param journals the folder of the journals, which is made if there is none
   * @param who the person, for the message of a rotation that meanwhile wants to begin
   * @param secrets the names in the inventory
   * @throws SecretException as {@link #of}
   */
  public static NameLocks ofEmergency(
      Inventory inventory,
      String environment,
      Path journals,
      String who,
      Collection<String> secrets) {
    RotationScope scope = RotationScope.of(inventory, environment);
    return new NameLocks(journals, who, EMERGENCY, null)
        .reserve(
            secrets.stream()
                .flatMap(name -> scope.changes(scope.secret(name)).stream())
                .map(VersionChange::stored)
                .distinct()
                .sorted()
                .toList());
  }

  /**
   * Locks more names.
   *
   * @throws SecretException {@code CONFLICT} if another process has locked one, or a hook of an
   *     earlier run still runs; all locks are released then
   */
  NameLocks and(Collection<String> names) {
    NameLocks all = reserve(names);
    try {
      names.forEach(name -> RunningHook.in(folder, name).requireEnded(name, action));
      return all;
    } catch (SecretException e) {
      close();
      throw e;
    }
  }

  /** Locks more names as {@link #and}, also those whose hook still runs. */
  NameLocks reserve(Collection<String> names) {
    try {
      for (String name : names) {
        if (!held.containsKey(name) && (reserved == null || !reserved.held.containsKey(name))) {
          take(name);
        }
      }
      return this;
    } catch (SecretException e) {
      close();
      throw e;
    }
  }

  private void take(String name) {
    Path file = folder.resolve(JournalFolder.lockName(name));
    try {
      NameLock lock = NameLock.take(file).orElseThrow(() -> refusal(name, holder(file)));
      held.put(name, lock);
      lock.sign(who.replaceAll("\\R", " ") + "\n" + action + "\n");
    } catch (IOException e) {
      throw RecordFolder.unusable("lock the name of a rotation", file, e);
    }
  }

  /**
   * Refuses a name that another process has locked.
   *
   * @param holder the lines of the lock; the first names the person
   */
  private SecretException refusal(String name, List<String> holder) {
    String person = holder.isEmpty() || holder.get(0).isEmpty() ? "" : " (" + holder.get(0) + ")";
    boolean emergency = holder.size() > 1 && holder.get(1).equals(EMERGENCY);
    return SecretException.of(SecretException.Kind.CONFLICT, action)
        .name(name)
        .reason(
            (emergency
                    ? "an emergency has reserved it and is replacing its value now"
                    : "another process is rotating or renaming it now")
                + person)
        .advice(emergency ? AFTER_EMERGENCY : action.equals(EMERGENCY) ? BEFORE_EMERGENCY : WAIT)
        .build();
  }

  private static List<String> holder(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of(); // the refusal does not need the holder
    }
  }

  @Override
  public void close() {
    held.values().forEach(NameLock::close);
    held.clear();
  }
}
