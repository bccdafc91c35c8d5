package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** A service over HTTP, as its clients see it. Safe for use by several threads. */
public final class HttpService {
  private final String base;
  private final HttpClient http;

  /** Reaches the service at {@code http://127.0.0.1:PORT}. */
  public HttpService(int port) {
    this("http://127.0.0.1:" + port, HttpClient.newBuilder());
  }

  /** Reaches the service at that address, by TLS if it begins with {@code https}. */
  public HttpService(String base, SSLContext tls) {
    this(base, HttpClient.newBuilder().sslContext(tls));
  }

  private HttpService(String base, HttpClient.Builder http) {
    this.base = base;
    this.http = http.connectTimeout(Duration.ofSeconds(10)).build();
  }

  /** Returns the answer to a GET. */
  public HttpResponse<String> send(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Returns the body of an answer; of one that is no success, its status. */
  public String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(path);
    return answer.statusCode() == 200 ? answer.body() : "status " + answer.statusCode();
  }

  /** Returns the object in an answer. */
  public Map<?, ?> json(String path) throws IOException, InterruptedException {
    String body = get(path);
    if (!body.startsWith("status ") && Json.parse(body) instanceof Map<?, ?> object) {
      return object;
    }
    throw new IllegalStateException(path + " answers no object: " + body);
  }
}
