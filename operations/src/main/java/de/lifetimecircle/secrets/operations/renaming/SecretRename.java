package de.lifetimecircle.secrets.operations.renaming;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RenamedInventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.rotation.NameLocks;
import de.lifetimecircle.secrets.operations.rotation.OpenRotation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A new name for a secret of an inventory. It takes no value away: the value is copied under the
 * new name, then the inventory is changed, and the old name stays in the store until its readers
 * have moved. Both steps can be repeated after a crash. Immutable.
 */
public final class SecretRename {
  /** The outcome of the copy in one environment. */
  public enum Outcome {
    /** The store has the value under the new name now. */
    COPIED,
    /** The store had it there already. */
    UNCHANGED,
    /** This store does not have the old name. */
    ABSENT
  }

  private final Inventory before;
  private final Inventory after;
  private final InventorySecret secret;
  private final String to;

  private SecretRename(Inventory before, Inventory after, InventorySecret secret, String to) {
    this.before = before;
    this.after = after;
    this.secret = secret;
    this.to = to;
  }

  /**
   * Prepares a rename; does no I/O.
   *
   * @throws SecretException {@code CONFIGURATION} as {@link RenamedInventory#of}
   */
  public static SecretRename of(Inventory inventory, String from, String to) {
    Inventory after = RenamedInventory.of(inventory, from, to);
    InventorySecret secret =
        inventory.environments().stream()
            .flatMap(environment -> inventory.secrets(environment).stream())
            .filter(each -> each.name().equals(from))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("a secret is in an environment"));
    return new SecretRename(inventory, after, secret, to);
  }

  /** Returns the secret under its old name. */
  public InventorySecret secret() {
    return secret;
  }

  /** Returns the environments that have the secret. */
  public List<ServiceEnvironment> environments() {
    return before.environments().stream()
        .filter(each -> secret.environments().contains(each.name()))
        .toList();
  }

  /** Returns the templates that the secret is a part of. */
  public List<String> templates() {
    return before.environments().stream()
        .flatMap(each -> before.secrets(each).stream())
        .filter(other -> other.parts().contains(secret.name()))
        .map(InventorySecret::name)
        .distinct()
        .toList();
  }

  /** Returns the old names in the store, one for each environment. */
  public List<String> stored() {
    return environments().stream().map(each -> each.stored(secret.name())).toList();
  }

  /**
   * Keeps rotations of the secret from beginning, in every environment, until the caller closes the
   * pause. Take it before {@link #copy}: a rotation that begins and ends during the copy would
   * leave the old value under the new name.
   *
   * @param who the person, for the message of a rotation that wants to begin
   * @throws SecretException {@code CONFLICT} if another process is rotating it
   */
  public NameLocks pause(Path journals, String who) {
    return NameLocks.of(journals, who, "rename secret", stored());
  }

  /**
   * Fails if the new name does not have the value of the old one, because a program that takes no
   * lock has changed that meanwhile: another machine, or a console of the backend. Blocks for the
   * store.
   *
   * @throws SecretException {@code CONFLICT} with the command that copies it again
   */
  public void requireSameValues(SecretWriter writer) {
    for (ServiceEnvironment environment : environments()) {
      String stored = environment.stored(secret.name());
      Optional<Secret> old = FreshRead.find(writer.provider(), stored);
      Optional<Secret> copy = FreshRead.find(writer.provider(), environment.stored(to));
      if (old.isPresent() && !copy.map(Secret::value).equals(old.map(Secret::value))) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "rename secret")
            .name(stored)
            .reason(
                "another writer has changed its value during the copy; the inventory is unchanged")
            .advice(
                "Copy it again with '"
                    + before.storeCommand("get " + stored)
                    + " | "
                    + before.storeCommand("put " + environment.stored(to) + " --plain")
                    + "', then run this command again")
            .build();
      }
    }
  }

  /**
   * Copies the current value of an environment to the new name. Blocks for the store.
   *
   * @throws SecretException {@code CONFLICT} if the new name exists with another value
   */
  public Outcome copy(SecretWriter writer, ServiceEnvironment environment) {
    Optional<Secret> old = FreshRead.find(writer.provider(), environment.stored(secret.name()));
    String stored = environment.stored(to);
    Optional<Secret> there = FreshRead.find(writer.provider(), stored);
    if (there.isPresent()) {
      if (old.isPresent() && !old.get().value().equals(there.get().value())) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "copy the value to")
            .name(stored)
            .reason("the store has that name with another value")
            .advice("Choose another name, or delete the secret of that name first")
            .build();
      }
      return Outcome.UNCHANGED;
    }
    if (old.isEmpty()) {
      return Outcome.ABSENT;
    }
    try {
      PutResult unused = writer.create(stored, old.get().value());
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      PutResult unused = writer.put(stored, old.get().value()); // looked at just before
    }
    return Outcome.COPIED;
  }

  /**
   * Fails if a rotation of the secret has begun since the copy: it goes on under the old name, so
   * the copies would keep the old value.
   *
   * @param copies the new names in the store that have the value, for the message
   * @throws SecretException {@code CONFLICT} with the command that ends it
   */
  public void requireNotOvertaken(Path file, Path journals, List<String> copies) {
    OpenRotation.in(journals, before).stream()
        .filter(open -> stored().stream().anyMatch(open::changes))
        .findFirst()
        .ifPresent(
            open -> {
              throw overtaken(open, file, copies);
            });
  }

  /**
   * Changes the inventory, through a symbolic link as well; blocks for the file system.
   *
   * @throws SecretException {@code CONFLICT} if the file has changed since it was read
   */
  public void writeInventory(Path file) {
    if (!Inventory.textOf(file).equals(before.text())) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "change the inventory")
          .name(file.toString())
          .reason("another process has changed the file meanwhile")
          .advice("Run the command again")
          .build();
    }
    RepositoryFile.write(real(file), after.text(), "the inventory");
  }

  private static SecretException overtaken(OpenRotation open, Path file, List<String> copies) {
    String names = String.join(", ", copies);
    return SecretException.of(SecretException.Kind.CONFLICT, "change the inventory")
        .name(file.toString())
        .reason(
            "a rotation that "
                + open.by()
                + " began meanwhile is not finished. The inventory is unchanged"
                + (copies.isEmpty() ? "" : "; copied: " + names))
        .advice(
            open.accepted()
                + (copies.isEmpty()
                    ? ". Then run this command again"
                    : ". Then delete the copies, which may have the old value, and run this command"
                        + " again"))
        .build();
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw AtomicFile.failure(
          "find the inventory", file, e, "Check the file and the links to it; it was not changed");
    }
  }
}
