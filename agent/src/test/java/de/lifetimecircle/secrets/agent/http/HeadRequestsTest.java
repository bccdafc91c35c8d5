package de.lifetimecircle.secrets.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests without a body in their answer, and connections that a client ends. */
class HeadRequestsTest {
  @TempDir Path folder;
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    agent = RunningAgent.start(folder, RunningAgent.everything());
    agent.store.holding("APP_KEY", "value");
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private String onOneConnection(int port, String... requests) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      for (String each : requests) {
        socket.getOutputStream().write(each.getBytes(StandardCharsets.US_ASCII));
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static String head(String path) {
    return RunningAgent.request(
        "HEAD " + path + " HTTP/1.1", "Host: localhost", "Secrets-Request: true");
  }

  /** A client that keeps the connection reads the next answer right after the head. */
  @ParameterizedTest
  @CsvSource({"/ping, 200", "/health, 200", "/metrics, 200", "/v1/secrets/APP_KEY, 405"})
  void answerToHeadHasNoBody(String path, int status) throws IOException {
    String last =
        RunningAgent.request("GET /ping HTTP/1.1", "Host: localhost", "Connection: close");
    String all = onOneConnection(agent.port(), head(path), last);
    assertThat(all).startsWith("HTTP/1.1 " + status).contains("\r\n\r\nHTTP/1.1 200 OK");
    assertThat(all.split("HTTP/1.1 ", -1)).hasSize(3);
    assertThat(all).contains("Content-Length: ").doesNotContain("value");
  }

  /** As hvac's read_health_status() does. */
  @ParameterizedTest
  @CsvSource({
    "/v1/sys/health, 200",
    "/v1/sys/seal-status, 200",
    "/v1/secret/data/APP_KEY, 405",
  })
  void clientOfVaultAsksForTheHealthByHead(String path, int status) throws IOException {
    String close = head(path).replace("Secrets-Request: true", "Connection: close");
    String all = onOneConnection(agent.vaultPort(), close);
    assertThat(all).startsWith("HTTP/1.1 " + status).endsWith("\r\n\r\n");
    assertThat(all.indexOf("\r\n\r\n")).isEqualTo(all.length() - 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "Close", "close, TE", "TE ,close", "keep-alive,close"})
  void connectionEndsWhereTheClientSaysSo(String options) throws IOException {
    String ping =
        RunningAgent.request("GET /ping HTTP/1.1", "Host: localhost", "Connection: " + options);
    assertThat(onOneConnection(agent.port(), ping)).contains("Connection: close");
  }

  @Test
  void connectionIsKeptOtherwise() throws IOException {
    String kept =
        RunningAgent.request("GET /ping HTTP/1.1", "Host: localhost", "Connection: closed, TE");
    String last = kept.replace("closed, TE", "close");
    assertThat(onOneConnection(agent.port(), kept, last).split("HTTP/1.1 200", -1)).hasSize(3);
  }
}
