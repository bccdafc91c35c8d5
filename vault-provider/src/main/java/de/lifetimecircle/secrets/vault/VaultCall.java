package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.spi.ListProgress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of the store: its requests share a deadline (those of a list have it each), use the
 * token that is good, and get only answers that are the server's. Used by one thread.
 */
final class VaultCall {
  private final VaultClient driver;
  private final VaultSession session;
  private final VaultLeaseGuard leases;
  private VaultDeadline deadline;
  private @Nullable ListProgress progress;
  private @Nullable Instant serverTime;

  VaultCall(
      VaultClient driver, VaultSession session, VaultLeaseGuard leases, VaultDeadline deadline) {
    this.driver = driver;
    this.session = session;
    this.leases = leases;
    this.deadline = deadline;
  }

  /** Makes this the call of a list: each of its requests has the whole time, and is reported. */
  VaultCall reporting(ListProgress listener) {
    progress = listener;
    return this;
  }

  /** Asks for a part of a list; an earlier try of this list may have the answer. */
  <T> T part(String part, Supplier<T> request) {
    ListProgress listener = progress;
    return listener == null ? request.get() : listener.part(part, request);
  }

  /** The time of the last answer by the server's clock, where it has one. */
  Optional<Instant> serverTime() {
    return Optional.ofNullable(serverTime);
  }

  private VaultReply answered(VaultReply reply) {
    serverTime = reply.time().orElse(serverTime);
    ListProgress listener = progress;
    if (listener != null) {
      deadline = deadline.again();
      listener.answered();
    }
    return reply;
  }

  /** Reads; the path is plain, its query is encoded. */
  VaultReply read(String path, String query) {
    String encoded = VaultNames.encoded(path) + query;
    return ask("read on ", path, token -> driver.read(encoded, token, deadline));
  }

  VaultReply read(String path) {
    return read(path, "");
  }

  VaultReply list(String path) {
    String encoded = VaultNames.encoded(path);
    return ask("list on ", path, token -> driver.list(encoded, token, deadline));
  }

  /**
   * As {@link #list}, for a path that not every server has: a refusal is an answer. Throttling
   * fails instead: the request for the whole folder in its place is followed by one for each name.
   */
  VaultReply tryList(String path) {
    VaultReply reply = driver.list(VaultNames.encoded(path), session.token(deadline), deadline);
    if (reply.status() == 429) {
      VaultErrors.requireAnswer(reply);
    }
    return answered(reply);
  }

  /** As {@link #read}, for a path that not every token may read: a refusal is an answer. */
  VaultReply tryRead(String path) {
    return driver.read(VaultNames.encoded(path), session.token(deadline), deadline);
  }

  VaultReply write(String path, Map<String, ?> body) {
    String encoded = VaultNames.encoded(path);
    return ask(
        "create and update on ", path, token -> driver.write(encoded, body, token, deadline));
  }

  VaultReply delete(String path) {
    String encoded = VaultNames.encoded(path);
    return ask("delete on ", path, token -> driver.delete(encoded, token, deadline));
  }

  /** The server's own state. */
  VaultReply health() {
    return driver.readAtRoot("sys/health?standbyok=true&perfstandbyok=true", deadline);
  }

  /**
   * Sends a request. One that was refused was not done, so it may be sent again with another token.
   *
   * @param request sends it with the token that it is given
   */
  private VaultReply ask(String right, String path, Function<String, VaultReply> request) {
    leases.before(path);
    long known = session.findings();
    String token = session.token(deadline);
    VaultReply reply = request.apply(token);
    VaultErrors.requireAnswer(reply);
    if (reply.status() != 403) {
      return answered(leases.after(reply, path, token, deadline));
    }
    String next = session.afterRefusal(token, known, right + path, deadline);
    reply = request.apply(next);
    VaultErrors.requireAnswer(reply);
    if (reply.status() == 403) {
      throw session.refusedAgain(next, right + path, deadline);
    }
    return answered(leases.after(reply, path, next, deadline));
  }
}
