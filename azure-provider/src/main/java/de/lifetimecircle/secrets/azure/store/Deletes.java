package de.lifetimecircle.secrets.azure.store;

import com.azure.security.keyvault.secrets.models.DeletedSecret;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.config.Settings;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.form.Naming;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Deletes, restores and purges, and returns when it is so: the service acknowledges each at once
 * and takes some seconds, in which it says the contrary. Of a purge only a write sees the very end:
 * the deleted secret is gone before its name is free, for which {@link Writes} waits. Used once, by
 * one thread.
 */
public record Deletes(Settings config, Client client, Reads vault, Waiting waiting) {
  /** Makes the deletes of one store. */
  public Deletes(Settings config, Client client) {
    this(config, client, new Reads(config, client), new Waiting(config.timeout()));
  }

  /**
   * Deletes a secret with all its versions, as far as the vault's retention allows to restore it.
   */
  public void delete(String name) {
    String stored = config.naming().stored(name);
    requireOwn(name);
    try {
      waiting.untilTaken(() -> client.delete(stored));
    } catch (StoreFailure e) {
      if (e.kind() == Kind.CONFLICT) {
        throw vault.deletedOr(stored, e);
      }
      throw e.kind() == Kind.NOT_FOUND ? vault.missing(name, stored, e) : e;
    }
    waiting.until(
        () -> deleted(stored) != Look.ABSENT,
        () -> Waiting.late("the deletion was accepted and is still in progress"));
  }

  /** Brings a deleted secret back with all its versions. */
  public void restore(String name) {
    String stored = config.naming().stored(name);
    changeDeleted(name, stored, () -> client.recover(stored));
    waiting.until(
        () -> live(stored) != Look.ABSENT,
        () -> Waiting.late("the restoration was accepted and is still in progress"));
  }

  /** Removes a deleted secret for good. */
  public void purge(String name) {
    String stored = config.naming().stored(name);
    changeDeleted(name, stored, () -> client.purge(stored));
    waiting.until(
        () -> deleted(stored) != Look.THERE,
        () -> Waiting.late("the purge was accepted and is still in progress"));
  }

  private void changeDeleted(String name, String stored, Runnable request) {
    try {
      waiting.untilTaken(
          () -> {
            requireOwnDeleted(name, stored);
            request.run();
          });
    } catch (StoreFailure e) {
      throw e.kind() == Kind.NOT_FOUND ? notDeleted(stored, e) : e;
    }
  }

  /** The state of a name, as far as the vault shows it. */
  private enum Look {
    THERE,
    ABSENT,
    /** It does not let us look: once it has acknowledged a change, that has to be enough. */
    FORBIDDEN
  }

  private Look deleted(String stored) {
    return look(() -> client.deleted(stored));
  }

  private Look live(String stored) {
    return look(() -> client.get(stored));
  }

  private static Look look(Supplier<?> read) {
    try {
      var unused = read.get();
      return Look.THERE;
    } catch (StoreFailure e) {
      return switch (e.kind()) {
        // The vault says so only of a secret that exists, whether it is deleted or not.
        case DISABLED -> Look.THERE;
        case ACCESS_DENIED -> Look.FORBIDDEN;
        case NOT_FOUND, PENDING_DELETION -> Look.ABSENT;
        default -> throw e;
      };
    }
  }

  /**
   * Refuses to delete a secret that is not ours: the service would also delete one whose name
   * differs only in case, or one written under another name.
   */
  private void requireOwn(String name) {
    try {
      var unused = vault.current(name);
    } catch (StoreFailure e) {
      if (e.kind() != Kind.DISABLED && e.kind() != Kind.ACCESS_DENIED) {
        throw e;
      }
      requireProof(() -> vault.versions(name));
    }
  }

  private void requireOwnDeleted(String name, String stored) {
    try {
      requireOwner(name, client.deleted(stored));
    } catch (StoreFailure e) {
      switch (e.kind()) {
        case DISABLED ->
            requireProof(
                () ->
                    waiting.until(
                        () -> isOwnListed(name, stored),
                        () -> Waiting.late("it is not yet in the list of deleted secrets")));
        case ACCESS_DENIED ->
            requireProof(
                () -> {
                  if (!isOwnListed(name, stored) && config.naming() == Naming.PLAIN) {
                    throw Failures.notFound();
                  }
                });
        default -> {
          // A deletion under way is a miss as well, of which the change itself tells more.
          if (e.kind() != Kind.NOT_FOUND || config.naming() == Naming.PLAIN) {
            throw e;
          }
        }
      }
    }
  }

  /** Whether the list of deleted secrets has it, which tells whose it is of disabled ones too. */
  private boolean isOwnListed(String name, String stored) {
    Optional<DeletedSecret> listed = client.listedAsDeleted(stored);
    listed.ifPresent(deleted -> requireOwner(name, deleted));
    return listed.isPresent();
  }

  private void requireOwner(String name, DeletedSecret deleted) {
    vault.requireOwner(name, deleted.getName(), deleted.getProperties().getTags());
  }

  /**
   * Looks for a proof that a name is ours. Where the vault does not allow that, a name in our
   * escape counts as ours, and one that people may have made does not.
   */
  private void requireProof(Runnable look) {
    try {
      look.run();
    } catch (StoreFailure e) {
      if (e.kind() != Kind.ACCESS_DENIED) {
        throw e;
      }
      if (config.naming() == Naming.PLAIN) {
        throw StoreFailure.of(
            Kind.ACCESS_DENIED,
            "it cannot be read, and only a list would show whether it has just this name",
            "Grant list on the vault's secrets, or change it in the vault itself");
      }
    }
  }

  private StoreFailure notDeleted(String stored, StoreFailure miss) {
    return live(stored) == Look.THERE
        ? StoreFailure.of(Kind.CONFLICT, "it is not deleted", "Delete it first, if that is meant")
        : miss;
  }
}
