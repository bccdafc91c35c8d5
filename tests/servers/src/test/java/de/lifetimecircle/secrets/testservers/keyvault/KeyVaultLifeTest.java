package de.lifetimecircle.secrets.testservers.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes, deletion and what follows it, with the delays that were recorded. */
final class KeyVaultLifeTest {
  private final VaultClock clock = new VaultClock();
  private KeyVaultServer server;
  private KeyVaultTestClient client;

  @BeforeEach
  void start() {
    server =
        KeyVaultServer.builder()
            .clock(clock)
            .deleteDelay(Duration.ofSeconds(7))
            .recoverDelay(Duration.ofSeconds(12))
            .purgeDelay(Duration.ofSeconds(5))
            .start();
    client = new KeyVaultTestClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private KeyVaultTestClient.Answer delete() {
    return client.call("DELETE", "/secrets/name", null);
  }

  private KeyVaultTestClient.Answer recover() {
    return client.call("POST", "/deletedsecrets/name/recover", null);
  }

  private KeyVaultTestClient.Answer purge() {
    return client.call("DELETE", "/deletedsecrets/name", null);
  }

  private void pass(int seconds) {
    clock.pass(Duration.ofSeconds(seconds));
  }

  @Test
  void missingSecretIsNotFound() {
    KeyVaultTestClient.Answer answer = client.get("/secrets/name/");
    answer.isError(404, "SecretNotFound", null);
    assertThat(answer.text("error", "message"))
        .startsWith("A secret with (name/id) name was not found in this key vault.");
    assertThat(answer.header("retry-after")).isEmpty();
    client.put("name", "v");
    client
        .get("/secrets/name/0123456789abcdef0123456789abcdef")
        .isError(404, "SecretNotFound", null);
    assertThat(client.get("/secrets/other/versions").is(200).items()).isEmpty();
  }

  @Test
  void deletedSecretShowsOnlyAfterAWhile() {
    client.put("name", "v");
    KeyVaultTestClient.Answer deleted = delete().is(200);
    long now = clock.instant().getEpochSecond();
    assertThat(deleted.text("recoveryId")).isEqualTo(server.uri() + "/deletedsecrets/name");
    assertThat(deleted.number("deletedDate")).isEqualTo(now);
    assertThat(deleted.number("scheduledPurgeDate")).isEqualTo(now + 90 * 86_400);
    assertThat(deleted.at("value")).isNull();
    client.get("/secrets/name/").isError(404, "SecretNotFound", null);
    assertThat(client.get("/secrets").names()).isEmpty();
    assertThat(client.get("/secrets/name/versions").items()).isEmpty();
    KeyVaultTestClient.Answer early = client.get("/deletedsecrets/name");
    early.isError(404, "SecretNotFound", null);
    assertThat(early.text("error", "message")).startsWith("Deleted Secret not found");
    assertThat(client.get("/deletedsecrets").names()).isEmpty();
    pass(7);
    client.get("/deletedsecrets/name").is(200);
    assertThat(client.get("/deletedsecrets").names()).containsExactly("name");
    delete().isError(404, "SecretNotFound", null);
  }

  @Test
  void setOnADeletedNameIsAConflictThatSaysWhy() {
    client.put("name", "v");
    delete().is(200);
    client.set("NAME", "w").isError(409, "Conflict", "ObjectIsBeingDeleted");
    pass(7);
    client.set("NAME", "w").isError(409, "Conflict", "ObjectIsDeletedButRecoverable");
    recover().is(200);
    client.set("NAME", "w").isError(409, "Conflict", "ObjectIsBeingRecovered");
    pass(12);
    client.set("NAME", "w").is(200);
  }

  @Test
  void recoveredSecretComesBackAfterAWhileWithItsVersions() {
    String first = client.put("name", "one");
    client.put("name", "two");
    delete().is(200);
    recover().isError(409, "Conflict", "ObjectIsBeingDeleted");
    pass(7);
    assertThat(recover().is(200).text("id")).contains("/secrets/name/");
    client.get("/secrets/name/").isError(404, "SecretNotFound", null);
    delete().isError(409, "Conflict", "ObjectIsBeingRecovered");
    pass(11);
    client.get("/secrets/name/").isError(404, "SecretNotFound", null);
    pass(1);
    assertThat(client.get("/secrets/name/").text("value")).isEqualTo("two");
    assertThat(client.get("/secrets/name/" + first).text("value")).isEqualTo("one");
    client.get("/deletedsecrets/name").isError(404, "SecretNotFound", null);
    recover().isError(404, "SecretNotFound", null);
  }

  @Test
  void purgedNameIsFreeAfterAWhile() {
    client.put("name", "v");
    purge().isError(404, "SecretNotFound", null);
    delete().is(200);
    purge().isError(409, "Conflict", "ObjectIsBeingDeleted");
    pass(7);
    assertThat(purge().is(204).raw().body()).isEmpty();
    client.get("/deletedsecrets/name").isError(404, "SecretNotFound", null);
    client.get("/secrets/name/").isError(404, "SecretNotFound", null);
    client.set("name", "w").isError(409, "Conflict", "ObjectIsBeingDeleted");
    pass(5);
    String version = client.put("name", "w");
    assertThat(client.get("/secrets/name/versions").names()).containsExactly(version);
  }

  @Test
  void disabledVersionIsListedButNotRead() {
    String version = client.put("name", "v");
    Map<String, Object> off = Map.of("attributes", Map.of("enabled", false));
    pass(3);
    KeyVaultTestClient.Answer changed =
        client.call("PATCH", "/secrets/name/" + version, off).is(200);
    assertThat(changed.at("value")).isNull();
    assertThat(changed.number("attributes", "updated") - changed.number("attributes", "created"))
        .isEqualTo(3);
    for (String path : List.of("/secrets/name/", "/secrets/name/" + version)) {
      KeyVaultTestClient.Answer refused = client.get(path);
      refused.isError(403, "Forbidden", "SecretDisabled");
      assertThat(refused.text("error", "message"))
          .isEqualTo("Operation get is not allowed on a disabled secret.");
    }
    assertThat(client.get("/secrets").raw().body()).contains("\"enabled\":false");
    assertThat(client.get("/secrets/name/versions").raw().body()).contains("\"enabled\":false");
    client.put("name", "w");
    assertThat(client.get("/secrets/name/").text("value")).isEqualTo("w");
  }

  /** Recorded by azure-sdk-for-js, "can update a disabled secret", service 1.2.265.0. */
  @Test
  void deletedAndDisabledSecretIsListedButNotRead() {
    client.call("PUT", "/secrets/name", Map.of("value", "v", "tags", Map.of("a", "1"))).is(200);
    server.disable("name");
    assertThat(delete().is(200).at("attributes", "enabled")).isEqualTo(false);
    client.get("/deletedsecrets/name").isError(404, "SecretNotFound", null);
    pass(7);
    client.get("/deletedsecrets/name").isError(403, "Forbidden", "SecretDisabled");
    client.set("name", "w").isError(409, "Conflict", "ObjectIsDeletedButRecoverable");
    assertThat(client.get("/deletedsecrets").raw().body())
        .contains("\"enabled\":false", "\"tags\":{\"a\":\"1\"}");
    recover().is(200);
    pass(12);
    client.get("/secrets/name/").isError(403, "Forbidden", "SecretDisabled");
    delete().is(200);
    pass(7);
    purge().is(204);
    client.get("/deletedsecrets/name").isError(404, "SecretNotFound", null);
  }

  @Test
  void changeReplacesOnlyWhatItNames() {
    Map<String, Object> made =
        Map.of("value", "v", "contentType", "text", "tags", Map.of("a", "1", "b", "2"));
    client.call("PUT", "/secrets/name", made).is(200);
    client.call("PATCH", "/secrets/name", Map.of("tags", Map.of("c", "3"))).is(200);
    KeyVaultTestClient.Answer read = client.get("/secrets/name/");
    assertThat(read.at("tags")).isEqualTo(Map.of("c", "3"));
    assertThat(read.text("contentType")).isEqualTo("text");
    assertThat(read.text("value")).isEqualTo("v");
  }

  @Test
  void caseOfANameIsKeptAndMakesNoDifference() {
    client.put("Name", "v");
    client.put("NAME", "w");
    assertThat(client.get("/secrets").names()).containsExactly("Name");
    assertThat(client.get("/secrets/nAME/").text("value")).isEqualTo("w");
    assertThat(client.get("/secrets/nAME/").text("id")).contains("/secrets/Name/");
    assertThat(client.get("/secrets/name/versions").items()).hasSize(2);
  }

  @Test
  void backupBringsAllVersionsBack() {
    client.put("name", "one");
    client.put("name", "two");
    String blob = client.call("POST", "/secrets/name/backup", null).is(200).text("value");
    Map<String, Object> body = Map.of("value", blob);
    client.call("POST", "/secrets/restore", body).is(409);
    delete().is(200);
    pass(7);
    purge().is(204);
    pass(5);
    client.call("POST", "/secrets/restore", body).is(200);
    assertThat(client.get("/secrets/name/").text("value")).isEqualTo("two");
    assertThat(client.get("/secrets/name/versions").items()).hasSize(2);
    client
        .call("POST", "/secrets/restore", Map.of("value", "AAAA"))
        .isError(400, "BadParameter", null);
  }

  @Test
  void resetEmptiesTheVault() {
    client.put("name", "v");
    client.get("/secrets/name/");
    server.reset();
    assertThat(server.requests() + server.valueReads("name") + server.logins()).isZero();
    client.get("/secrets/name/").isError(404, "SecretNotFound", null);
    assertThat(server.requests()).isEqualTo(1);
  }
}
