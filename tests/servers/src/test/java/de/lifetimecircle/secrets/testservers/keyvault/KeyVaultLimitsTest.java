package de.lifetimecircle.secrets.testservers.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the vault refuses to take. */
final class KeyVaultLimitsTest {
  private KeyVaultServer server;
  private KeyVaultTestClient client;

  @BeforeEach
  void start() {
    server = KeyVaultServer.builder().start();
    client = new KeyVaultTestClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a_b", "a.b", "%C3%A4", "a%2Fb", "a%20b", "a+b"})
  void nameOfOtherSignsIsABadParameter(String name) {
    KeyVaultTestClient.Answer answer = client.set(name, "v");
    answer.isError(400, "BadParameter", null);
    assertThat(answer.text("error", "message"))
        .startsWith("The request URI contains an invalid name: ");
    client.get("/secrets/" + name + "/").isError(400, "BadParameter", null);
  }

  @Test
  void nameHas127SignsAtMost() {
    client.set("n".repeat(127), "v").is(200);
    client.set("n".repeat(128), "v").isError(400, "BadParameter", null);
  }

  @Test
  void valueHas25600BytesAtMost() {
    client.set("name", "v".repeat(25_600)).is(200);
    client.set("name", "v".repeat(25_601)).isError(400, "BadParameter", null);
    client.set("name", "ä".repeat(12_800)).is(200);
    client.set("name", "ä".repeat(12_801)).isError(400, "BadParameter", null);
    assertThat(client.get("/secrets/name/versions").items()).hasSize(2);
  }

  @Test
  void valueIsNeeded() {
    client.call("PUT", "/secrets/name", Map.of()).isError(400, "BadParameter", null);
    client.call("PUT", "/secrets/name", Map.of("value", 7)).isError(400, "BadParameter", null);
  }

  @Test
  void tagsAreLimited() {
    Map<String, String> tags = new HashMap<>();
    for (int i = 0; i < 15; i++) {
      tags.put("tag" + i, "t".repeat(256));
    }
    client.call("PUT", "/secrets/name", Map.of("value", "v", "tags", tags)).is(200);
    tags.put("one more", "");
    client
        .call("PUT", "/secrets/name", Map.of("value", "v", "tags", tags))
        .isError(400, "BadParameter", null);
    client
        .call("PUT", "/secrets/name", Map.of("value", "v", "tags", Map.of("t".repeat(257), "")))
        .isError(400, "BadParameter", null);
    client
        .call("PUT", "/secrets/name", Map.of("value", "v", "contentType", "c".repeat(256)))
        .isError(400, "BadParameter", null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"7.0", "7.1-preview", "7.3", "7.4", "7.5", "7.6-preview.2", "7.6", "2025-07-01"})
  void knownVersionsOfTheInterfaceAreTaken(String version) {
    client.call("GET", server.uri() + "/secrets?api-version=" + version, null).is(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/secrets", "/secrets?api-version=7.9", "/secrets?api-version=2015-06-01"})
  void otherVersionsAreRefused(String target) {
    client.call("GET", server.uri() + target, null).isError(400, "BadParameter", null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"value\":\"\\ud800\"}"})
  void bodyThatIsNoJsonIsABadParameter(String body) {
    client
        .send(
            client
                .to("/secrets/name?" + KeyVaultTestClient.VERSION)
                .header("Authorization", "Bearer " + server.token())
                .PUT(BodyPublishers.ofString(body, StandardCharsets.UTF_8)))
        .isError(400, "BadParameter", null);
  }

  @Test
  void bodyThatIsNoUtf8IsABadParameter() {
    byte[] body = "{\"value\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1);
    client
        .send(
            client
                .to("/secrets/name?" + KeyVaultTestClient.VERSION)
                .header("Authorization", "Bearer " + server.token())
                .PUT(BodyPublishers.ofByteArray(body)))
        .isError(400, "BadParameter", null);
  }

  @Test
  void otherMethodsAndPathsHaveNoRoute() {
    client.call("POST", "/secrets", null).is(405);
    client.call("PUT", "/secrets/name/0123", Map.of("value", "v")).is(405);
    client.call("PUT", "/deletedsecrets/name", null).is(405);
    client.call("GET", "/keys", null).is(404);
    client.call("GET", "/", null).is(404);
  }
}
