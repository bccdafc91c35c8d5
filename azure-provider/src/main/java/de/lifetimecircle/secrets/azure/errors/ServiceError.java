package de.lifetimecircle.secrets.azure.errors;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.form.StoredValue;
import de.lifetimecircle.secrets.remote.RetryAfter;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal of the service: its status and its two codes, which decide its meaning. The text beside
 * them is not kept. Immutable.
 *
 * @param status the HTTP status
 * @param code the outer code; empty if the answer is none of Key Vault's
 * @param inner the inner code; empty if there is none
 * @param retryAfter how long the service asks to wait
 */
public record ServiceError(int status, String code, String inner, @Nullable Duration retryAfter) {
  /** Reads an answer. */
  public static ServiceError of(HttpResponse answer) {
    Map<?, ?> error = Json.object(body(answer), "error");
    return new ServiceError(
        answer.getStatusCode(),
        word(Json.text(error, "code")),
        word(Json.text(Json.object(error, "innererror"), "code")),
        retryAfter(answer));
  }

  /**
   * Reads the document; an empty one if the answer is not Key Vault's, as the missing codes say.
   */
  private static Map<?, ?> body(HttpResponse answer) {
    try {
      BinaryData body = answer.getBodyAsBinaryData();
      return body == null ? Map.of() : Json.object(body.toBytes()).orElse(Map.of());
    } catch (RuntimeException e) {
      // The body broke off, and the status alone has to do.
      return Map.of();
    }
  }

  private static String word(String text) {
    return text.matches("[0-9A-Za-z_.-]{1,80}") ? text : "";
  }

  /** How long an answer asks to wait; every one of the vault's carries a 0, which says nothing. */
  public static @Nullable Duration retryAfter(HttpResponse answer) {
    return RetryAfter.parse(
            answer.getHeaderValue(HttpHeaderName.RETRY_AFTER),
            answer.getHeaderValue(HttpHeaderName.DATE))
        .orElse(null);
  }

  /** Translates the answer into a failure. */
  public StoreFailure problem() {
    return switch (status) {
      case 400 -> badRequest();
      case 401 ->
          of(
              Kind.UNAUTHENTICATED,
              "the vault does not accept the login",
              "Check azure.tenant-id, the credential and the clock of this host");
      case 403 -> forbidden();
      case 404 -> notFound();
      case 409 -> conflict();
      case 413 -> StoredValue.tooLarge();
      case 408 -> Failures.timeout("the service waited too long for the request");
      case 429 ->
          of(
              Kind.THROTTLED,
              "the vault is called too often",
              "Read through the cache and less often, or spread the secrets over several vaults");
      default -> status >= 500 ? failing() : strange();
    };
  }

  private StoreFailure failing() {
    return of(Kind.UNAVAILABLE, "the service fails on its side", "Try again later");
  }

  private StoreFailure strange() {
    return of(
        Kind.UNAVAILABLE,
        "the answer is not from a Key Vault",
        "Check azure.vault-url, and the proxies and portals in between");
  }

  private StoreFailure badRequest() {
    return code.isEmpty()
        ? strange()
        : of(
            Kind.INVALID_VALUE,
            "the service does not accept the request",
            "Check the size of the value, its tags and its content type; outside the public clouds"
                + " also azure.api-version");
  }

  private StoreFailure forbidden() {
    return switch (inner.isEmpty() ? code : inner) {
      case "SecretDisabled" -> disabled();
      case "ForbiddenByFirewall", "ForbiddenByConnection" ->
          of(
              Kind.ACCESS_DENIED,
              "the vault's firewall does not let this host in",
              "Allow its network on the vault, or use a private endpoint");
      default ->
          of(
              Kind.ACCESS_DENIED,
              "access denied",
              "Grant get on the vault's secrets, and list, set, delete, recover or purge for those"
                  + " actions; with purge protection no caller can purge");
    };
  }

  static StoreFailure disabled() {
    return StoreFailure.of(
        Kind.DISABLED,
        "its current version is disabled",
        "Enable it in the vault, or put a new one");
  }

  /** Another service of Azure's answers a path that it does not have with a code of its own. */
  private StoreFailure notFound() {
    return switch (code) {
      case "" -> strange();
      case "SecretNotFound" -> Failures.notFound();
      default ->
          of(
              Kind.CONFIGURATION,
              "the service at this address has no secrets",
              "Check azure.vault-url: az keyvault show --name VAULT --query properties.vaultUri");
    };
  }

  private StoreFailure conflict() {
    return switch (inner.isEmpty() ? code : inner) {
      case "ObjectIsDeletedButRecoverable" ->
          of(
              Kind.PENDING_DELETION,
              "it is deleted and can still be restored",
              "Restore it, or purge it first");
      case "ObjectIsBeingDeleted" -> underWay("its deletion");
      case "ObjectIsBeingRecovered" -> underWay("its restoration");
      default -> of(Kind.CONFLICT, "another writer is changing it", "Read it again, then decide");
    };
  }

  private StoreFailure underWay(String what) {
    return of(
            Kind.PENDING_DELETION,
            what + " is still in progress at the service",
            "Try again in some seconds")
        .asRetryable();
  }

  private StoreFailure of(Kind kind, String reason, String advice) {
    String codes = inner.isEmpty() ? code : inner;
    String shown = codes.isEmpty() ? "HTTP " + status : "HTTP " + status + ", " + codes;
    return StoreFailure.of(kind, reason + " (" + shown + ")", advice).after(retryAfter);
  }
}
