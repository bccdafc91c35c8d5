package de.lifetimecircle.secrets.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each server starts, answers, and leaves neither a process nor an open port. */
final class ServersTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(AwsServer.Program.class)
  void awsStandInAnswersUntilItIsClosed(AwsServer.Program program) throws Exception {
    URI uri;
    try (AwsServer server = AwsServer.start(program, folder)) {
      uri = server.uri();
      String made = call(uri, "CreateSecret", "{\"Name\":\"a\",\"SecretString\":\"b\"}");
      assertThat(made).contains("\"ARN\"");
      assertThat(call(uri, "ListSecrets", "{}")).contains("\"Name\"");
      server.reset();
      assertThat(call(uri, "ListSecrets", "{}")).doesNotContain("\"Name\"");
    }
    assertThatThrownBy(() -> call(uri, "ListSecrets", "{}")).isInstanceOf(ConnectException.class);
  }

  private static String call(URI uri, String action, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "secretsmanager." + action)
                .header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=test/20261124/eu-central-1/secretsmanager/aws4_request,"
                        + " SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void openBaoAnswersAndKeepsItsAuditLog() throws Exception {
    OpenBaoServer server = OpenBaoServer.start(folder);
    VaultCalls calls = server.calls();
    // Without a kept connection, which may break before a new one is refused.
    VaultCalls later = server.calls();
    try (server) {
      assertThat(calls.get("auth/token/lookup-self").status()).isEqualTo(200);
      assertThat(server.auditLog()).anyMatch(line -> line.contains("auth/token/lookup-self"));
      assertThat(server).asString().doesNotContain(server.rootToken());
      assertThat(String.join("", server.auditLog())).doesNotContain(server.rootToken());
      assertThat(Json.text(calls.get("auth/token/lookup-self").data(), "id"))
          .isEqualTo(server.rootToken());
      assertThat(calls.get("auth/token/lookup-self")).asString().doesNotContain(server.rootToken());
      assertThatThrownBy(() -> calls.does("no/such/path", Map.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("no/such/path answers Answer[404, ");
    }
    assertThatThrownBy(() -> later.get("sys/health")).hasCauseInstanceOf(ConnectException.class);
  }

  @Test
  void programThatEndsIsNamedWithItsLog() {
    assertThatThrownBy(() -> LocalServer.start(List.of("false"), Map.of(), folder, server -> false))
        .hasMessage("The server ended; see " + folder.resolve("false.log"));
  }

  @Test
  void programThatIsNotInstalledIsNamed() {
    assertThatThrownBy(() -> LocalServer.require("no/such-program"))
        .hasMessageStartingWith("Cannot start no/such-program: it is not installed. Run ./verify");
  }

  @Test
  void closedProgramIsGone() {
    LocalServer server =
        LocalServer.start(List.of("sleep", "600"), Map.of(), folder, started -> true);
    assertThat(ProcessHandle.of(server.pid())).isPresent();
    server.close();
    server.close();
    assertThat(ProcessHandle.of(server.pid()).filter(ProcessHandle::isAlive)).isEmpty();
  }
}
