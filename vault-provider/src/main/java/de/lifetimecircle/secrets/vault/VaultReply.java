package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.RetryAfter;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the server: its status, how long it asks to wait, and its document. Immutable;
 * {@code toString} shows the status only.
 */
final class VaultReply {
  private final int status;
  private final @Nullable Duration retryAfter;
  private final @Nullable String index;
  private final @Nullable String date;
  private final @Nullable Map<?, ?> document;

  private VaultReply(
      int status,
      @Nullable Duration retryAfter,
      @Nullable String index,
      @Nullable String date,
      @Nullable Map<?, ?> document) {
    this.status = status;
    this.retryAfter = retryAfter;
    this.index = index;
    this.date = date;
    this.document = document;
  }

  static VaultReply of(int status, HttpHeaders headers, byte[] body) {
    return new VaultReply(
        status,
        RetryAfter.parse(first(headers, "Retry-After"), first(headers, "Date")).orElse(null),
        first(headers, "X-Vault-Index"),
        first(headers, "Date"),
        Json.object(body).orElse(null));
  }

  private static @Nullable String first(HttpHeaders headers, String name) {
    return headers.firstValue(name).orElse(null);
  }

  int status() {
    return status;
  }

  boolean ok() {
    return status == 200 || status == 204;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The state of the cluster after this answer, where the server tells it (Vault Enterprise). */
  Optional<String> index() {
    return Optional.ofNullable(index);
  }

  /** The time of this answer by the server's clock, in whole seconds, where it has one. */
  Optional<Instant> time() {
    try {
      return Optional.ofNullable(date)
          .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
    } catch (DateTimeException e) {
      return Optional.empty(); // from a gateway that writes it in another form
    }
  }

  /** Whether the answer has the form of the server's, and not of something in its place. */
  boolean isDocument() {
    return document != null || status == 204;
  }

  /** Returns the answer's data; empty if it has none. */
  Map<?, ?> data() {
    return member("data");
  }

  /** The login in the answer. */
  Map<?, ?> auth() {
    return member("auth");
  }

  private Map<?, ?> member(String name) {
    return document == null ? Map.of() : Json.object(document, name);
  }

  /** A member at the top of the document. */
  Optional<Object> top(String key) {
    return document == null ? Optional.empty() : Optional.ofNullable(document.get(key));
  }

  /** Whether the server's own explanation has these words; the text itself is never handed on. */
  boolean says(String words) {
    return texts("errors").contains(words) || texts("warnings").contains(words);
  }

  /**
   * Whether a KV engine says that there is nothing: 404 with an empty list of errors, or with the
   * data that it has of a deleted version. The server answers 404 with an error for a namespace or
   * a mount that it does not have, and so does a gateway in its place.
   */
  boolean isNothing() {
    return status == 404
        && document != null
        && (document.containsKey("data")
            || (document.get("errors") instanceof List<?> errors && errors.isEmpty()));
  }

  /** Whether the server explains its answer at all. */
  boolean explains() {
    return !texts("errors").isEmpty() || !texts("warnings").isEmpty();
  }

  private String texts(String key) {
    return document != null && document.get(key) instanceof List<?> list
        ? String.join("\n", list.stream().map(String::valueOf).toList())
        : "";
  }

  /** Creates the failure for an answer that lacks a required part. */
  static StoreFailure foreign() {
    return StoreFailure.of(
        Kind.UNAVAILABLE,
        "the answer is not one of Vault's",
        "Check vault.address, and any proxy between this service and the server");
  }

  @Override
  public String toString() {
    return "Reply[" + status + "]";
  }
}
