package de.lifetimecircle.secrets.vault.errors;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.HttpTransport;
import de.lifetimecircle.secrets.remote.RetryAfter;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the server. Immutable; {@code toString} shows the status only.
 *
 * @param status the HTTP status
 * @param document its JSON object; empty if it is none of the server's
 */
public record Reply(int status, HttpHeaders headers, Optional<Map<?, ?>> document) {
  /** Reads an answer and overwrites its body. */
  public static Reply of(HttpTransport.Answer answer) {
    byte[] body = answer.body();
    try {
      return new Reply(answer.status(), answer.headers(), Json.object(body));
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  /** Returns whether the request did what it asked for. */
  public boolean ok() {
    return status == 200 || status == 204;
  }

  /** Returns the first header of this name. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** How long the server asks to wait. */
  @Nullable Duration retryAfter() {
    return RetryAfter.parse(header("Retry-After").orElse(null), header("Date").orElse(null))
        .orElse(null);
  }

  /** The time of this answer by the server's clock, in whole seconds, where it has one. */
  public Optional<Instant> time() {
    return header("Date").flatMap(RetryAfter::time);
  }

  /** Whether the answer has the form of the server's, and not of something in its place. */
  public boolean isDocument() {
    return document.isPresent() || status == 204;
  }

  /** Returns the answer's data; empty if it has none. */
  public Map<?, ?> data() {
    return member("data");
  }

  /** The login in the answer. */
  public Map<?, ?> auth() {
    return member("auth");
  }

  private Map<?, ?> member(String name) {
    return Json.object(document.orElse(Map.of()), name);
  }

  /** A member at the top of the document. */
  public Optional<Object> top(String key) {
    return document.map(all -> all.get(key));
  }

  /** Whether the server's own explanation has these words; the text itself is never handed on. */
  public boolean says(String words) {
    return texts("errors").contains(words) || texts("warnings").contains(words);
  }

  /**
   * Whether a KV engine says that there is nothing: 404 with an empty list of errors, or with the
   * data that it has of a deleted version. The server answers 404 with an error for a namespace or
   * a mount that it does not have, and so does a gateway in its place.
   */
  public boolean isNothing() {
    return status == 404
        && document.isPresent()
        && (document.get().containsKey("data")
            || (top("errors").orElse("") instanceof List<?> errors && errors.isEmpty()));
  }

  /** Whether the server explains its answer at all. */
  public boolean explains() {
    return !texts("errors").isEmpty() || !texts("warnings").isEmpty();
  }

  private String texts(String key) {
    return top(key).orElse("") instanceof List<?> list
        ? String.join("\n", list.stream().map(String::valueOf).toList())
        : "";
  }

  /** Creates the failure for an answer that lacks a required part. */
  public static StoreFailure foreign() {
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
