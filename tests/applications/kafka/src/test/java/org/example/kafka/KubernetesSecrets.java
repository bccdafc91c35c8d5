package org.example.kafka;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers as the API of Kubernetes does to a read of a secret; no cluster can run where the tests
 * do. Only for the config provider of others that reads there.
 */
final class KubernetesSecrets implements AutoCloseable {
  static final String NAMESPACE = "shop";
  private static final String PATH = "/api/v1/namespaces/" + NAMESPACE + "/secrets/";

  private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();
  private final HttpServer server;

  private KubernetesSecrets(HttpServer server) {
    this.server = server;
  }

  static KubernetesSecrets start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    KubernetesSecrets secrets = new KubernetesSecrets(server);
    server.createContext("/", secrets::answer);
    server.start();
    return secrets;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = answers.get(exchange.getRequestURI().getPath());
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Gives the secret a new value. */
  void put(String name, String key, String text) {
    String encoded =
        Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    Map<String, Object> metadata =
        Map.of(
            "name", name,
            "namespace", NAMESPACE,
            "resourceVersion", "" + version.incrementAndGet());
    Map<String, Object> secret =
        Map.of(
            "apiVersion", "v1",
            "kind", "Secret",
            "metadata", metadata,
            "type", "Opaque",
            "data", Map.of(key, encoded));
    answers.put(PATH + name, Json.write(secret).getBytes(StandardCharsets.UTF_8));
  }

  /** The environment in which clients of Kubernetes find it. */
  Map<String, String> environment() {
    return Map.of(
        "KUBERNETES_MASTER", "http://127.0.0.1:" + server.getAddress().getPort() + "/",
        "KUBERNETES_NAMESPACE", NAMESPACE,
        "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
        "KUBERNETES_AUTH_TRYSERVICEACCOUNT", "false");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
