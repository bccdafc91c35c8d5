package de.lifetimecircle.secrets.testservers.keyvault;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the server. Immutable.
 *
 * @param status the HTTP status
 * @param headers the headers beyond those of every answer
 * @param body a JSON document, or null for none
 */
record KeyVaultReply(int status, Map<String, String> headers, @Nullable Object body) {

  /** The service adds this to every answer that succeeds, so its presence alone means nothing. */
  private static final Map<String, String> NO_WAIT = Map.of("retry-after", "0");

  static KeyVaultReply ok(Object body) {
    return new KeyVaultReply(200, NO_WAIT, body);
  }

  static KeyVaultReply json(int status, Object body) {
    return new KeyVaultReply(status, Map.of(), body);
  }

  static KeyVaultReply empty(int status) {
    return new KeyVaultReply(status, Map.of(), null);
  }

  static KeyVaultReply throttled(@Nullable Duration retryAfter) {
    String message =
        "Request was not processed because too many requests were received. "
            + "Reason: VaultRequestTypeLimitReached";
    Map<String, String> headers =
        retryAfter == null ? Map.of() : Map.of("Retry-After", "" + seconds(retryAfter));
    return new KeyVaultReply(429, headers, error("Throttled", message, null));
  }

  /** Whole seconds, rounded up: the header has no smaller unit. */
  private static long seconds(Duration wait) {
    return wait.plusNanos(999_999_999).toSeconds();
  }

  /** The body of an error of the vault. */
  static Map<String, Object> error(String code, String message, @Nullable String inner) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    if (inner != null) {
      error.put("innererror", Map.of("code", inner));
    }
    return Map.of("error", error);
  }

  /** Shows the status only: a body can hold a value or a token. */
  @Override
  public String toString() {
    return "KeyVaultReply[" + status + "]";
  }
}
