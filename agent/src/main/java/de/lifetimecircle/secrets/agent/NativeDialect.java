package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.Secret;
import java.util.LinkedHashMap;
import java.util.Map;

/** The agent's own form: {@code GET /v1/secrets/NAME} answers with the bytes of the value. */
final class NativeDialect implements Dialect {
  static final String PREFIX = "/v1/secrets/";

  private final SecretReads reads;

  NativeDialect(SecretReads reads) {
    this.reads = reads;
  }

  @Override
  public String word() {
    return "native";
  }

  @Override
  public boolean takes(HttpRequest request) {
    return request.path().startsWith(PREFIX);
  }

  @Override
  public HttpAnswer answer(HttpRequest request, Caller caller) {
    if (!request.isGet()) {
      throw AgentFailure.badMethod("GET");
    }
    requireOwnHeader(request, caller);
    Secret secret = reads.current(caller, request.path().substring(PREFIX.length()));
    return HttpAnswer.of(200, "application/octet-stream", secret.value().asBytes())
        .with("ETag", '"' + secret.version() + '"');
  }

  /**
   * Over TCP a caller without a token sends a header of its own. A service that an attacker makes
   * fetch a URL sends the attacker's path, but not his headers.
   */
  static void requireOwnHeader(HttpRequest request, Caller caller) {
    if (!caller.socket().isUnix()
        && caller.token().isEmpty()
        && request.header("secrets-request").isEmpty()) {
      throw AgentFailure.denied(
          "the request has neither a token nor the header Secrets-Request",
          "Send 'Secrets-Request: true', or use the Unix socket");
    }
  }

  @Override
  public HttpAnswer failure(AgentFailure failure) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", failure.reason().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    body.put("message", failure.getMessage());
    return HttpAnswer.json(failure.status(), body);
  }
}
