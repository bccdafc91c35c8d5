package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.spi.StoreFailure;
import io.github.jopenlibs.vault.SslConfig;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Logical;
import io.github.jopenlibs.vault.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The four requests of the driver, each guarded: the driver builds it, with raw paths (its versions
 * of KV v2 delete more than they say); {@link VaultHttp} sends it, and {@link VaultReply} reads the
 * answer (ADR 37).
 *
 * <p>Safe for use by several threads: the driver's configuration is mutable and bears the token, so
 * each request has one of its own. It is never built by {@code build()}, which reads {@code
 * VAULT_TOKEN} and {@code ~/.vault-token} and would send them even with a login.
 */
final class VaultClient {
  private static final int RAW_PATHS = 1;

  private final VaultHttp http;
  private final String address;
  private final Optional<String> namespace;
  // The state after this client's last write. A node that has not seen it yet forwards the request
  // or answers 412, so the client reads its own writes in a cluster whose standbys answer reads.
  private final AtomicReference<@Nullable String> index = new AtomicReference<>();

  VaultClient(VaultHttp http, VaultConfig config) {
    this.http = http;
    this.address = config.address();
    this.namespace = config.namespace();
  }

  /** One request through the driver. */
  private interface Request {
    void send(Logical logical) throws VaultException;
  }

  VaultReply read(String path, String token, VaultDeadline deadline) {
    return ask(token, deadline, namespace, logical -> logical.read(path));
  }

  /** As {@link #read}, outside every namespace: the server's own state is there only. */
  VaultReply readAtRoot(String path, VaultDeadline deadline) {
    return ask("", deadline, Optional.empty(), logical -> logical.read(path));
  }

  VaultReply list(String path, String token, VaultDeadline deadline) {
    return ask(token, deadline, namespace, logical -> logical.list(path));
  }

  VaultReply write(String path, Map<String, ?> body, String token, VaultDeadline deadline) {
    Map<String, Object> members = new LinkedHashMap<>();
    // The driver calls toString() on unknown types: only its own JsonValue is safe.
    body.forEach(
        (key, value) ->
            members.put(key, Json.parse(de.lifetimecircle.secrets.spi.Json.write(value))));
    return written(ask(token, deadline, namespace, logical -> logical.write(path, members)));
  }

  VaultReply delete(String path, String token, VaultDeadline deadline) {
    return written(ask(token, deadline, namespace, logical -> logical.delete(path)));
  }

  private VaultReply written(VaultReply reply) {
    reply.index().ifPresent(index::set);
    return reply;
  }

  private VaultReply ask(
      String token, VaultDeadline deadline, Optional<String> space, Request request) {
    VaultRequestCapture capture = new VaultRequestCapture();
    io.github.jopenlibs.vault.VaultConfig config =
        new io.github.jopenlibs.vault.VaultConfig()
            .address(address)
            .token(token)
            .engineVersion(RAW_PATHS)
            .sslConfig(new SslConfig())
            .httpClient(capture);
    Logical logical = Vault.create(config).logical();
    space.ifPresent(logical::withNameSpace);
    try {
      request.send(logical);
    } catch (VaultException e) {
      // As it is meant to: the request is built then, and not sent.
    }
    HttpRequest built = capture.request();
    if (built == null) {
      throw StoreFailure.of(Kind.INTERNAL, "the driver built no request", "Please report it");
    }
    HttpRequest.Builder exact =
        HttpRequest.newBuilder(built, (name, value) -> true).uri(exact(built.uri()));
    headers().forEach(exact::setHeader);
    Optional<VaultRequestBody> body =
        built.bodyPublisher().filter(p -> p.contentLength() != 0).map(VaultRequestBody::of);
    body.ifPresent(bytes -> exact.method(built.method(), bytes));
    try {
      return reply(http.send(exact, deadline));
    } finally {
      body.ifPresent(VaultRequestBody::overwrite);
    }
  }

  private static VaultReply reply(HttpTransport.Answer answer) {
    byte[] body = answer.body();
    try {
      return VaultReply.of(answer.status(), answer.headers(), body);
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  /** The driver rebuilds the address from its decoded parts; every byte is encoded here again. */
  static URI exact(URI uri) {
    String query = uri.getRawQuery();
    return URI.create(
        uri.getScheme()
            + "://"
            + uri.getRawAuthority()
            + VaultNames.encoded(uri.getPath())
            + (query == null ? "" : "?" + query));
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    String seen = index.get();
    if (seen != null) {
      headers.put("X-Vault-Index", seen);
      headers.put("X-Vault-Inconsistent", "forward-active-node");
    }
    return headers;
  }
}
