package de.lifetimecircle.secrets.testservers.keyvault;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gives tokens to any program on the machine, as a cloud does: at the address of virtual machines
 * (which wants a header that a tricked browser cannot send) and at that of App Service (which wants
 * a secret from the environment). Safe for use by several threads.
 */
final class KeyVaultManagedIdentity {
  private final KeyVaultTokens tokens;
  private final InstantSource clock;
  private final String clientId;
  private final String secret;

  KeyVaultManagedIdentity(
      KeyVaultTokens tokens, InstantSource clock, String clientId, String secret) {
    this.tokens = tokens;
    this.clock = clock;
    this.clientId = clientId;
    this.secret = secret;
  }

  /** Answers a request for a token; empty for any other request. */
  Optional<KeyVaultReply> answer(KeyVaultCall call) {
    return switch (String.join("/", call.path())) {
      case "metadata/identity/oauth2/token" ->
          Optional.of(
              call.header("metadata").orElse("").equals("true")
                  ? token(call)
                  : error("invalid_request", "Required metadata header not specified"));
      case "msi/token" ->
          Optional.of(
              call.header("x-identity-header").orElse("").equals(secret)
                  ? token(call)
                  : KeyVaultReply.json(401, Map.of("statusCode", 401, "message", "unauthorized")));
      default -> Optional.empty();
    };
  }

  private KeyVaultReply token(KeyVaultCall call) {
    String resource = call.query().getOrDefault("resource", "");
    String client = call.query().getOrDefault("client_id", clientId);
    if (resource.isEmpty()) {
      return error("invalid_request", "Required query variable 'resource' is missing");
    }
    if (!client.equals(clientId)) {
      return error("invalid_request", "Identity not found");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("access_token", tokens.issue(clientId, resource, ""));
    body.put("client_id", clientId);
    body.put("expires_in", "" + tokens.lifetimeSeconds());
    body.put("expires_on", "" + (clock.instant().getEpochSecond() + tokens.lifetimeSeconds()));
    body.put("resource", resource);
    body.put("token_type", "Bearer");
    return KeyVaultReply.json(200, body);
  }

  private static KeyVaultReply error(String error, String text) {
    return KeyVaultReply.json(400, Map.of("error", error, "error_description", text));
  }
}
