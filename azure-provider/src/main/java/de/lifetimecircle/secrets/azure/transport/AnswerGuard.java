package de.lifetimecircle.secrets.azure.transport;

import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.errors.ServiceError;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;

/**
 * Looks at each answer before the SDK does, and fails if it is none of the server that was asked.
 * Stateless.
 */
public final class AnswerGuard {
  private AnswerGuard() {}

  /** A successful Key Vault response is a JSON object; anything else came from elsewhere. */
  public static void vault(HttpResponse answer) {
    int status = answer.getStatusCode();
    if (status / 100 == 2 && status != 204 && !isObject(answer)) {
      throw StoreFailure.of(
          Kind.UNAVAILABLE,
          "the answer is not from a Key Vault: not a JSON object",
          "Check azure.vault-url, and the proxies and portals in between");
    }
  }

  /**
   * A login endpoint that fails on its side: MSAL would sleep and try again, for up to 70 s where
   * it is a machine's token service, and has no switch that the SDK reaches. That service says 404
   * and 410 while it is not ready.
   */
  public static void login(HttpResponse answer) {
    int status = answer.getStatusCode();
    if (status == 429) {
      throw StoreFailure.of(
              Kind.THROTTLED, "the login is asked for too often (HTTP 429)", "Try again later")
          .after(ServiceError.retryAfter(answer));
    }
    if (status >= 500 || status == 404 || status == 408 || status == 410) {
      throw StoreFailure.of(
              Kind.UNAVAILABLE,
              "the login fails on the side of the service (HTTP " + status + ")",
              "Try again later, and check azure.authority if it stays so")
          .after(ServiceError.retryAfter(answer));
    }
    if (status < 400 && !isObject(answer)) {
      throw StoreFailure.of(
          Kind.UNAVAILABLE,
          "the answer to the login is not from an authority: not a JSON object (HTTP "
              + status
              + ")",
          "Check azure.authority, and the proxies and portals in between");
    }
  }

  private static boolean isObject(HttpResponse answer) {
    BinaryData body = answer.getBodyAsBinaryData();
    return body != null && Json.object(body.toBytes()).isPresent();
  }
}
