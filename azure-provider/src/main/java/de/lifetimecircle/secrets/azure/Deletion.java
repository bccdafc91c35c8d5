package de.lifetimecircle.secrets.azure;

import com.azure.security.keyvault.secrets.models.DeletedSecret;
import de.lifetimecircle.secrets.SecretException.Kind;

/**
 * Deletes, restores and purges, and returns when it is so: the service acknowledges each at once
 * and takes some seconds, in which it says the contrary. Of a purge only a write sees the very end:
 * the deleted secret is gone before its name is free, for which {@link Writer} waits. Used once, by
 * one thread.
 */
final class Deletion {
  private final AzureConfig config;
  private final VaultClient client;
  private final Vault vault;
  private final Waiting waiting;

  Deletion(AzureConfig config, VaultClient client) {
    this.config = config;
    this.client = client;
    this.vault = new Vault(config, client);
    this.waiting = new Waiting(config.timeout());
  }

  void delete(String name) {
    String stored = config.naming().stored(name);
    if (config.naming() == Naming.PLAIN) {
      // The service would delete what differs in case only.
      var unused = vault.versions(name);
    }
    try {
      waiting.untilTaken(() -> client.delete(stored));
    } catch (AzureProblem e) {
      throw e.kind() == Kind.NOT_FOUND ? vault.missing(stored, e) : e;
    }
    waiting.until(
        () -> isDeleted(stored, Unseen.COUNTS),
        () -> Waiting.late("the deletion is taken and is still under way"));
  }

  /** What it means that we may not look among the deleted. */
  private enum Unseen {
    /** It was acknowledged, which has to be enough. */
    COUNTS,
    /** It is no answer. */
    FAILS
  }

  private boolean isDeleted(String stored, Unseen unseen) {
    try {
      var unused = client.deleted(stored);
      return true;
    } catch (AzureProblem e) {
      if (e.kind() == Kind.ACCESS_DENIED && unseen == Unseen.COUNTS) {
        return true;
      }
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      return false;
    }
  }

  void restore(String name) {
    String stored = config.naming().stored(name);
    requireOwnDeleted(name, stored);
    try {
      waiting.untilTaken(() -> client.recover(stored));
    } catch (AzureProblem e) {
      throw e.kind() == Kind.NOT_FOUND ? notDeleted(stored, e) : e;
    }
    waiting.until(
        () -> isLive(stored),
        () -> Waiting.late("the restoration is taken and is still under way"));
  }

  void purge(String name) {
    String stored = config.naming().stored(name);
    requireOwnDeleted(name, stored);
    try {
      waiting.untilTaken(() -> client.purge(stored));
    } catch (AzureProblem e) {
      throw e.kind() == Kind.NOT_FOUND ? notDeleted(stored, e) : e;
    }
    waiting.until(
        () -> !isDeleted(stored, Unseen.FAILS),
        () -> Waiting.late("the purge is taken and is still under way"));
  }

  private void requireOwnDeleted(String name, String stored) {
    if (config.naming() == Naming.PLAIN) {
      try {
        DeletedSecret deleted = client.deleted(stored);
        vault.requireOwner(name, deleted.getName(), deleted.getProperties().getTags());
      } catch (AzureProblem e) {
        throw e.kind() == Kind.NOT_FOUND ? notDeleted(stored, e) : e;
      }
    }
  }

  private AzureProblem notDeleted(String stored, AzureProblem miss) {
    return isLive(stored)
        ? AzureProblem.of(Kind.CONFLICT, "it is not deleted", "Delete it first, if that is meant")
        : miss;
  }

  private boolean isLive(String stored) {
    try {
      var unused = client.get(stored);
      return true;
    } catch (AzureProblem e) {
      if (e.kind() == Kind.DISABLED) {
        return true;
      }
      if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.PENDING_DELETION) {
        throw e;
      }
      return false;
    }
  }
}
