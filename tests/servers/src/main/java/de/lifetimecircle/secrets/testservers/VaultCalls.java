package de.lifetimecircle.secrets.testservers;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls of an administrator to a server with the interface of Vault. Paths are relative to {@code
 * /v1/}. Safe for use by several threads; each call blocks for at most 20 s.
 */
public final class VaultCalls {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI server;
  private final String token;
  private final HttpClient client;

  /**
   * Creates the calls of a token's owner.
   *
   * @param caFile the authorities to trust, as PEM; those of the JDK if empty
   */
  public VaultCalls(URI server, Optional<Path> caFile, String token) {
    this.server = server;
    this.token = token;
    HttpClient.Builder builder = HttpClient.newBuilder();
    caFile.ifPresent(file -> builder.sslContext(PemTls.trusting(file).context()));
    this.client = builder.build();
  }

  /**
   * The answer to a call. Immutable.
   *
   * @param document empty if the answer has no body
   */
  public record Answer(int status, Map<?, ?> document) {
    /** Returns the member {@code data}. */
    public Map<?, ?> data() {
      return Json.object(document, "data");
    }

    /** Returns the member {@code auth}, which a login gives. */
    public Map<?, ?> auth() {
      return Json.object(document, "auth");
    }

    /** Shows the status and the server's errors, and nothing else, which may be a secret. */
    @Override
    public String toString() {
      return "Answer[" + status + ", " + document.get("errors") + "]";
    }
  }

  /** Reads. */
  public Answer get(String path) {
    return ask("GET", path, null, token);
  }

  /** Posts a document. */
  public Answer post(String path, Map<String, ?> body) {
    return ask("POST", path, body, token);
  }

  /**
   * Posts a document that the server must accept.
   *
   * @throws IllegalStateException if it rejects it
   */
  public Answer does(String path, Map<String, ?> body) {
    Answer answer = post(path, body);
    if (answer.status() > 204) {
      throw new IllegalStateException(path + " answers " + answer);
    }
    return answer;
  }

  /**
   * Sends a request.
   *
   * @param as the token to send
   * @param header names and values of more headers, alternately
   */
  public Answer ask(
      String method, String path, @Nullable Map<String, ?> body, String as, String... header) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(server + "/v1/" + path));
    if (header.length > 0) {
      builder.headers(header);
    }
    HttpRequest request =
        builder
            .header("X-Vault-Token", as)
            .timeout(PATIENCE)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(Json.write(body)))
            .build();
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(answer.statusCode(), document(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach " + server, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted during a call to " + server, e);
    }
  }

  private static Map<?, ?> document(byte[] body) throws IOException {
    return body.length == 0
        ? Map.of()
        : Json.object(body).orElseThrow(() -> new IOException("the answer is no JSON object"));
  }
}
