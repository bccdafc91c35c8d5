package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.azure.form.Naming;
import de.lifetimecircle.secrets.azure.form.StoredValue;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import org.jspecify.annotations.Nullable;

/** Answers of the service, as recorded or documented; null where the server shall answer. */
final class Documented {
  static final String JSON = "application/json; charset=utf-8";

  private Documented() {}

  /** Whether it is a request to the vault that brings a token. */
  static boolean isCall(Request request) {
    return request.headers().containsKey("authorization") && !request.target().contains("/oauth2/");
  }

  private static boolean isCallOf(Request request, String name) {
    return isCall(request)
        && request.target().matches(".*/secrets/" + Naming.MAPPED.stored(name) + "[/?].*");
  }

  static @Nullable Answer failing(Request request) {
    return isCall(request) ? error(503, "ServiceUnavailable", "") : null;
  }

  static @Nullable Answer throttled(Request request) {
    return isCall(request) ? error(429, "Throttled", "").with("retry-after", "1") : null;
  }

  static @Nullable Answer noBase64(Request request, String name) {
    String type = StoredValue.BINARY;
    return isCallOf(request, name) && !request.target().contains("/versions")
        ? Answer.of(200, JSON, secret("vault.test", Naming.MAPPED.stored(name), "%%%", type))
        : null;
  }

  /** An error as the service writes it. */
  static Answer error(int status, String code, String inner) {
    String more = inner.isEmpty() ? "" : ",\"innererror\":{\"code\":\"" + inner + "\"}";
    return Answer.of(
        status, JSON, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"text\"" + more + "}}");
  }

  /** A secret as the service writes it. */
  static String secret(String host, String stored, String value, String contentType) {
    return "{\"value\":\""
        + value
        + "\",\"contentType\":\""
        + contentType
        + "\",\"id\":\"https://"
        + host
        + "/secrets/"
        + stored
        + "/"
        + "0".repeat(31)
        + "1\",\"attributes\":{\"enabled\":true,\"created\":1648687886,\"updated\":1648687886,"
        + "\"recoveryLevel\":\"Recoverable+Purgeable\",\"recoverableDays\":90}}";
  }
}
