package de.lifetimecircle.secrets.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Serves one made-up secret on loopback as AWS Secrets Manager would, so that the class-data
 * archive also gets the classes of the AWS client: loading them takes two thirds of a {@code
 * secrets get}. The client signs its request with a made-up key, so no real key is used.
 */
final class WarmUpServer implements AutoCloseable {
  private static final String ANSWER =
      "{\"ARN\":\"arn:aws:secretsmanager:eu-central-1:123456789012:secret:warm/UP-AbCdEf\","
          + "\"Name\":\"warm/UP\",\"VersionId\":\"00000000-0000-4000-8000-000000000001\","
          + "\"SecretString\":\"warm\",\"VersionStages\":[\"AWSCURRENT\"],\"CreatedDate\":1}";

  private final HttpServer server;

  WarmUpServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", WarmUpServer::answer);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Returns the variables that make a command use this server. */
  Map<String, String> environment() {
    return Map.of(
        "SECRETS_BACKEND", "aws",
        "SECRETS_AWS_REGION", "eu-central-1",
        "SECRETS_AWS_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort(),
        "SECRETS_AWS_ACCESS_KEY_ID", "AKIAWARMUPWARMUPWARM",
        "SECRETS_AWS_SECRET_ACCESS_KEY", "made-up-for-a-server-on-loopback");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
