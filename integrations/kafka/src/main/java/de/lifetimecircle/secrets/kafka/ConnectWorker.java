package de.lifetimecircle.secrets.kafka;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The REST API of a Connect worker. Safe for use by several threads; each call blocks. */
final class ConnectWorker {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int OK = 200;
  private static final int GONE = 404;
  private static final int FIRST_ERROR = 300;

  private final URI worker;
  private final @Nullable Supplier<String> authorization;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  ConnectWorker(URI worker, @Nullable Supplier<String> authorization) {
    this.worker = worker;
    this.authorization = authorization;
  }

  /** Asks which secrets each connector names. */
  Map<String, Set<String>> connectors(String provider) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(request("connectors?expand=info").GET());
    if (answer.statusCode() != OK) {
      throw new IOException("status " + answer.statusCode() + " for the list of connectors");
    }
    try {
      return ConnectorSecrets.of(answer.body(), provider);
    } catch (IllegalArgumentException e) {
      throw new IOException("its list of connectors is not JSON: is this a Connect worker?", e);
    }
  }

  /** Restarts a connector with all its tasks; one that is gone by now is no failure. */
  void restart(String connector) throws IOException, InterruptedException {
    String name = URLEncoder.encode(connector, StandardCharsets.UTF_8).replace("+", "%20");
    HttpResponse<String> answer =
        send(
            request("connectors/" + name + "/restart?includeTasks=true&onlyFailed=false")
                .POST(HttpRequest.BodyPublishers.noBody()));
    // 409 while the workers rebalance, 500 while they have no leader: worth another try.
    if (answer.statusCode() >= FIRST_ERROR && answer.statusCode() != GONE) {
      throw new IOException(
          "status " + answer.statusCode() + " for the restart of '" + connector + "'");
    }
  }

  private HttpRequest.Builder request(String path) {
    String base = worker.toString();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.endsWith("/") ? base + path : base + "/" + path))
            .timeout(PATIENCE)
            .header("Accept", "application/json");
    return authorization == null ? request : request.header("Authorization", authorization.get());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    String user = worker.getRawUserInfo();
    return user == null ? worker.toString() : worker.toString().replace(user + "@", "");
  }
}
