package de.lifetimecircle.secrets.testservers.keyvault;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends the handling of a request with an error of the vault; has no stack trace. */
final class KeyVaultRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient KeyVaultReply reply;

  KeyVaultRefusal(KeyVaultReply reply) {
    super("The vault refuses: " + reply.status(), null, false, false);
    this.reply = reply;
  }

  private static KeyVaultRefusal of(
      int status, String code, String message, @Nullable String inner) {
    return new KeyVaultRefusal(
        KeyVaultReply.json(status, KeyVaultReply.error(code, message, inner)));
  }

  static KeyVaultRefusal badParameter(String message) {
    return of(400, "BadParameter", message, null);
  }

  static KeyVaultRefusal forbidden(String message, String inner) {
    return of(403, "Forbidden", message, inner);
  }

  static KeyVaultRefusal conflict(String message, String inner) {
    return of(409, "Conflict", message, inner);
  }

  static KeyVaultRefusal noRoute(String method) {
    return of(405, "MethodNotAllowed", "The method " + method + " is not allowed here.", null);
  }

  static KeyVaultRefusal noSecret(String nameOrId) {
    String message =
        "A secret with (name/id) "
            + nameOrId
            + " was not found in this key vault. If you recently deleted this secret you may be able"
            + " to recover it using the correct recovery command. For help resolving this issue,"
            + " please see https://go.microsoft.com/fwlink/?linkid=2125182";
    return of(404, "SecretNotFound", message, null);
  }

  static KeyVaultRefusal noDeletedSecret(String name) {
    return of(404, "SecretNotFound", "Deleted Secret not found: " + name, null);
  }

  /** 401 with the challenge that tells a client where to get a token. */
  static KeyVaultRefusal unauthorized(String message, String challenge) {
    return new KeyVaultRefusal(
        new KeyVaultReply(
            401,
            Map.of("WWW-Authenticate", challenge),
            KeyVaultReply.error("Unauthorized", message, null)));
  }

  KeyVaultReply reply() {
    return reply;
  }
}
