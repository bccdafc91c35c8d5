package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import de.lifetimecircle.secrets.vault.login.Session;
import de.lifetimecircle.secrets.vault.transport.Client;
import de.lifetimecircle.secrets.vault.transport.Names;
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
final class Call {
  private final Client driver;
  private final Session session;
  private final LeaseGuard leases;
  private Deadline deadline;
  private @Nullable ListProgress progress;
  private @Nullable Instant serverTime;

  Call(Client driver, Session session, LeaseGuard leases, Deadline deadline) {
    this.driver = driver;
    this.session = session;
    this.leases = leases;
    this.deadline = deadline;
  }

  /** Makes this the call of a list: each of its requests has the whole time, and is reported. */
  Call reporting(ListProgress listener) {
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

  private Reply answered(Reply reply) {
    serverTime = reply.time().orElse(serverTime);
    ListProgress listener = progress;
    if (listener != null) {
      deadline = deadline.again();
      listener.answered();
    }
    return reply;
  }

  /** Reads; the path is plain, its query is encoded. */
  Reply read(String path, String query) {
    String encoded = Names.encoded(path) + query;
    return ask("read on ", path, token -> driver.read(encoded, token, deadline));
  }

  Reply read(String path) {
    return read(path, "");
  }

  Reply list(String path) {
    String encoded = Names.encoded(path);
    return ask("list on ", path, token -> driver.list(encoded, token, deadline));
  }

  /**
   * As {@link #list}, for a path that not every server has: a refusal is an answer. Throttling
   * fails instead: the request for the whole folder in its place is followed by one for each name.
   */
  Reply tryList(String path) {
    Reply reply = driver.list(Names.encoded(path), session.token(deadline), deadline);
    if (reply.status() == 429) {
      Failures.requireAnswer(reply);
    }
    return answered(reply);
  }

  /** As {@link #read}, for a path that not every token may read: a refusal is an answer. */
  Reply tryRead(String path) {
    return driver.read(Names.encoded(path), session.token(deadline), deadline);
  }

  Reply write(String path, Map<String, ?> body) {
    String encoded = Names.encoded(path);
    return ask(
        "create and update on ", path, token -> driver.write(encoded, body, token, deadline));
  }

  Reply delete(String path) {
    String encoded = Names.encoded(path);
    return ask("delete on ", path, token -> driver.delete(encoded, token, deadline));
  }

  /** The server's own state. */
  Reply health() {
    return driver.readAtRoot("sys/health?standbyok=true&perfstandbyok=true", deadline);
  }

  /**
   * Sends a request. One that was refused was not done, so it may be sent again with another token.
   *
   * @param request sends it with the token that it is given
   */
  private Reply ask(String right, String path, Function<String, Reply> request) {
    leases.before(path);
    long known = session.findings();
    String token = session.token(deadline);
    Reply reply = request.apply(token);
    Failures.requireAnswer(reply);
    if (reply.status() != 403) {
      return answered(leases.after(reply, path, token, deadline));
    }
    String next = session.afterRefusal(token, known, right + path, deadline);
    reply = request.apply(next);
    Failures.requireAnswer(reply);
    if (reply.status() == 403) {
      throw session.refusedAgain(next, right + path, deadline);
    }
    return answered(leases.after(reply, path, next, deadline));
  }
}
