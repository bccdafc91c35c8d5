package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.errors.Reply;
import de.lifetimecircle.secrets.vault.transport.Client;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Rejects values that the server only lends. The answer of a KV engine has no lease; an engine of
 * another kind (database, AWS, RabbitMQ ...) makes new credentials at every read and lends them, so
 * that a cache which reads again and again fills the database with users. Such a lease is given
 * back at once, and nothing below that mount is asked for again.
 *
 * <p>Safe for use by several threads. States: no lease was seen; one was, for ever, since the mount
 * of a store never changes. Threads that ask at the same time may each see one.
 */
public final class LeaseGuard {
  private static final Pattern PASTABLE = Pattern.compile("[\\w.][\\w./-]{0,299}");

  private final Client driver;
  private final String mount;
  private volatile boolean lends;

  LeaseGuard(Client driver, String mount) {
    this.driver = driver;
    this.mount = mount;
  }

  /** Fails for a path in a mount that is known to lend. */
  void before(String path) {
    if (lends && path.startsWith(mount + "/")) {
      throw problem("No further one was asked for.");
    }
  }

  /** Fails for an answer with a lease, and gives it back. */
  public Reply after(Reply reply, String path, String token, Deadline deadline) {
    String lease = reply.top("lease_id").map(String::valueOf).orElse("");
    if (lease.isEmpty()) {
      return reply;
    }
    lends = true;
    throw problem(
        revoked(lease, token, deadline)
            ? "This one was revoked."
            : "This one could not be revoked: " + revocation(path, lease));
  }

  /** Returns the command that ends this one lease and leaves the role's other leases alone. */
  public static String revocation(String path, String lease) {
    return PASTABLE.matcher(lease).matches()
        ? "vault lease revoke " + lease
        : "look up its id with: vault list 'sys/leases/lookup/"
            + path.replace("'", "'\\''")
            + "', and then: vault lease revoke LEASE_ID";
  }

  private boolean revoked(String lease, String token, Deadline deadline) {
    try {
      Map<String, ?> body = Map.of("lease_id", lease, "sync", true);
      return driver.write("sys/leases/revoke", body, token, deadline).ok();
    } catch (StoreFailure e) {
      if (e.kind() == Kind.INTERRUPTED || e.kind() == Kind.CLOSED) {
        throw e;
      }
      return false;
    }
  }

  private StoreFailure problem(String lease) {
    return StoreFailure.of(
        Kind.CONFIGURATION,
        "the mount '" + mount + "' is not a KV engine: it issues dynamic credentials with a lease",
        "Set vault.mount to a KV engine. " + lease);
  }
}
