package de.lifetimecircle.secrets.vault.transport;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.errors.NetworkFailures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import io.github.jopenlibs.vault.SslConfig;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Logical;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The four requests of the driver, each guarded: the driver builds it, with raw paths (its versions
 * of KV v2 delete more than they say); the store's transport sends it with a body of ours, and
 * {@link Reply} reads the answer (ADR 37).
 *
 * <p>Safe for use by several threads: the driver's configuration is mutable and bears the token, so
 * each request has one of its own. It is never built by {@code build()}, which reads {@code
 * VAULT_TOKEN} and {@code ~/.vault-token} and would send them even with a login.
 */
public final class Client implements AutoCloseable {
  public static final int MAX_BODY = 8 * 1024 * 1024;
  private static final int RAW_PATHS = 1;
  private static final int TEMPORARY_REDIRECT = 307;
  private static final String LAGGING = "X-Vault-Inconsistent";
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAST_PAUSE = TimeUnit.MILLISECONDS.toNanos(800);

  private final Server server;
  private final HttpTransport transport;

  // The state after this client's last write. A node that has not seen it yet forwards the request
  // or answers 412, so the client reads its own writes in a cluster whose standbys answer reads.
  private final AtomicReference<@Nullable String> index = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String ofLaggingNode = "forward-active-node";

  /** Makes the client of one server. Connects at the first request. */
  public Client(Server server) {
    this.server = server;
    this.transport =
        new HttpTransport(
            new HttpTransport.Settings(
                "secrets-vault-http",
                server.maxConnections(),
                server.timeout(),
                MAX_BODY,
                Redirect.NEVER,
                server.proxy()),
            this::trust);
  }

  private Optional<SSLContext> trust() {
    try {
      return server.tls().isCustom() ? Optional.of(server.tls().context()) : Optional.empty();
    } catch (StoreFailure e) {
      throw e.advising("Check vault.ca-file, vault.client-cert-file and vault.client-key-file");
    }
  }

  /** One request through the driver. */
  private interface Request {
    void send(Logical logical) throws VaultException;
  }

  /** Reads a path in the namespace of the settings. */
  public Reply read(String path, String token, Deadline deadline) {
    return ask(token, deadline, server.namespace(), null, logical -> logical.read(path));
  }

  /** As {@link #read}, outside every namespace: the server's own state is there only. */
  public Reply readAtRoot(String path, Deadline deadline) {
    return ask("", deadline, Optional.empty(), null, logical -> logical.read(path));
  }

  /** Lists a path in the namespace of the settings. */
  public Reply list(String path, String token, Deadline deadline) {
    return ask(token, deadline, server.namespace(), null, logical -> logical.list(path));
  }

  /** Writes a body to a path in the namespace of the settings. */
  public Reply write(String path, Map<String, ?> body, String token, Deadline deadline) {
    RequestBody bytes = new RequestBody(Json.write(body).getBytes(StandardCharsets.UTF_8));
    return written(
        ask(token, deadline, server.namespace(), bytes, driver -> driver.write(path, Map.of())));
  }

  /** Deletes a path in the namespace of the settings. */
  public Reply delete(String path, String token, Deadline deadline) {
    return written(ask(token, deadline, server.namespace(), null, logical -> logical.delete(path)));
  }

  private Reply written(Reply reply) {
    reply.header("X-Vault-Index").ifPresent(index::set);
    return reply;
  }

  private Reply ask(
      String token,
      Deadline deadline,
      Optional<String> namespace,
      @Nullable RequestBody body,
      Request request) {
    HttpRequest built = built(token, namespace, request);
    HttpRequest.Builder exact =
        HttpRequest.newBuilder(built, (name, value) -> true).uri(exact(built.uri()));
    String seen = index.get();
    if (seen != null) {
      exact.setHeader("X-Vault-Index", seen);
      exact.setHeader(LAGGING, ofLaggingNode);
    }
    if (body == null) {
      return send(exact, deadline);
    }
    try {
      return send(exact.method(built.method(), body), deadline);
    } finally {
      body.overwrite();
    }
  }

  /** The request as the driver makes it, for a client that sends nothing. */
  private HttpRequest built(String token, Optional<String> namespace, Request request) {
    RequestCapture capture = new RequestCapture();
    VaultConfig settings =
        new VaultConfig()
            .address(server.address())
            .token(token)
            .engineVersion(RAW_PATHS)
            .sslConfig(new SslConfig())
            .httpClient(capture);
    Logical logical = Vault.create(settings).logical();
    namespace.ifPresent(logical::withNameSpace);
    try {
      request.send(logical);
    } catch (VaultException e) {
      // As it is meant to: the request is built then, and not sent.
    }
    HttpRequest built = capture.request();
    if (built == null) {
      throw StoreFailure.of(Kind.INTERNAL, "the driver built no request", "Please report it");
    }
    return built;
  }

  /**
   * Sends a request; once more if the server does not forward for its clients, which Vault does
   * only if its operator allows it (allow_forwarding_via_header of
   * developer.hashicorp.com/vault/docs/configuration/replication, read 2026-12-01). A node that
   * then lags behind a write or a login has done nothing; the client asks it again for a while.
   */
  private Reply send(HttpRequest.Builder request, Deadline deadline) {
    Reply reply = sendOnce(request, deadline);
    if (reply.status() == 400 && reply.says("forwarding via header")) {
      ofLaggingNode = "fail";
      reply = sendOnce(request.setHeader(LAGGING, ofLaggingNode), deadline);
    }
    long pause = FIRST_PAUSE;
    while (reply.status() == 412 && pause <= LAST_PAUSE && deadline.left() > pause) {
      try {
        if (closed.await(pause, TimeUnit.NANOSECONDS)) {
          throw StoreFailure.closed();
        }
      } catch (InterruptedException e) {
        throw StoreFailure.interrupted();
      }
      pause *= 2;
      reply = sendOnce(request, deadline);
    }
    return reply;
  }

  /** Sends a request and waits for the whole answer, at most until the deadline. */
  private Reply sendOnce(HttpRequest.Builder request, Deadline deadline) {
    try {
      HttpTransport.Answer answer = transport.send(request, Duration.ofNanos(deadline.left()));
      Optional<URI> active = activeNode(request.build().uri(), answer);
      if (active.isPresent()) {
        answer =
            transport.send(request.copy().uri(active.get()), Duration.ofNanos(deadline.left()));
      }
      return Reply.of(answer);
    } catch (TimeoutException e) {
      throw deadline.late();
    } catch (ExecutionException e) {
      throw NetworkFailures.of(e.getCause(), deadline);
    }
  }

  /**
   * Where a standby that cannot forward sends its clients: with status 307, and with the token
   * (developer.hashicorp.com/vault/docs/concepts/ha, read 2026-12-01). Every other redirect comes
   * from something before the server, such as a gateway that leads to a login page: that page would
   * get the token. Never from https to http.
   */
  private static Optional<URI> activeNode(URI asked, HttpTransport.Answer answer) {
    return answer.status() == TEMPORARY_REDIRECT
        ? answer.headers().firstValue("Location").flatMap(place -> followed(asked, place))
        : Optional.empty();
  }

  /** Returns the address of a redirect; empty if it may not have the token. */
  static Optional<URI> followed(URI asked, String location) {
    URI node;
    try {
      node = asked.resolve(location);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no address
    }
    boolean isAsSafe =
        "https".equals(node.getScheme()) || asked.getScheme().equals(node.getScheme());
    return node.getHost() != null && isAsSafe ? Optional.of(node) : Optional.empty();
  }

  /** The driver rebuilds the address from its decoded parts; every byte is encoded here again. */
  static URI exact(URI uri) {
    String query = uri.getRawQuery();
    return URI.create(
        uri.getScheme()
            + "://"
            + uri.getRawAuthority()
            + Names.encoded(uri.getPath())
            + (query == null ? "" : "?" + query));
  }

  /** Ends every request under way with {@code CLOSED}, and frees threads and connections. */
  @Override
  public void close() {
    closed.countDown();
    transport.close();
  }
}
