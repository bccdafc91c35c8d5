package de.lifetimecircle.secrets.testservers.keyvault;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An error of the directory's token endpoint, with the fields that its clients read.
 *
 * @param status the HTTP status
 * @param error the OAuth error
 * @param code the number after {@code AADSTS}
 * @param text the failure
 */
record KeyVaultLoginError(int status, String error, int code, String text) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The client could not prove who it is. */
  static Optional<KeyVaultLoginError> client(int code, String text) {
    return Optional.of(new KeyVaultLoginError(401, "invalid_client", code, text));
  }

  static KeyVaultLoginError request(String error, int code, String text) {
    return new KeyVaultLoginError(400, error, code, text);
  }

  KeyVaultReply reply(KeyVaultCall call, Instant now) {
    String trace = UUID.randomUUID().toString();
    String correlation =
        call.header("client-request-id").orElseGet(() -> UUID.randomUUID().toString());
    String time = TIME.format(now);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", error);
    body.put(
        "error_description",
        String.join(
            " ",
            "AADSTS" + code + ": " + text,
            "Trace ID: " + trace,
            "Correlation ID: " + correlation,
            "Timestamp: " + time));
    body.put("error_codes", List.of(code));
    body.put("timestamp", time);
    body.put("trace_id", trace);
    body.put("correlation_id", correlation);
    body.put("error_uri", call.base() + "/error?code=" + code);
    return KeyVaultReply.json(status, body);
  }
}
