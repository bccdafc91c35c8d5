package de.lifetimecircle.secrets.testservers.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of the real service that were recorded, and what is documented beside them. */
final class KeyVaultServerTest {
  private final VaultClock clock = new VaultClock();
  private KeyVaultServer server;
  private KeyVaultTestClient client;

  @BeforeEach
  void start() {
    server = KeyVaultServer.builder().clock(clock).start();
    client = new KeyVaultTestClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void requestWithoutTokenGetsTheChallenge() {
    KeyVaultTestClient.Answer answer =
        client.send(client.to("/secrets/a/?api-version=7.4").GET()).is(401);
    assertThat(answer.header("WWW-Authenticate"))
        .hasValue(
            "Bearer authorization=\""
                + server.uri()
                + "/"
                + server.tenantId()
                + "\", resource=\"https://vault.azure.net\"");
    answer.isError(401, "Unauthorized", null);
    assertThat(answer.text("error", "message"))
        .isEqualTo("AKV10000: Request is missing a Bearer or PoP token.");
    assertThat(server.challenges()).isEqualTo(1);
    assertThat(server.requests()).isZero();
  }

  @Test
  void setAnswersAsRecorded() {
    Map<String, Object> body =
        Map.of("value", "v", "contentType", "text", "attributes", Map.of("exp", 1_900_000_000L));
    KeyVaultTestClient.Answer answer = client.call("PUT", "/secrets/Name", body).is(200);
    assertThat(answer.text("value")).isEqualTo("v");
    assertThat(answer.text("id")).matches(server.uri() + "/secrets/Name/[0-9a-f]{32}");
    assertThat(answer.text("contentType")).isEqualTo("text");
    assertThat(answer.at("attributes", "enabled")).isEqualTo(true);
    assertThat(answer.number("attributes", "exp")).isEqualTo(1_900_000_000L);
    assertThat(answer.number("attributes", "created"))
        .isEqualTo(clock.instant().getEpochSecond())
        .isEqualTo(answer.number("attributes", "updated"));
    assertThat(answer.text("attributes", "recoveryLevel")).isEqualTo("Recoverable+Purgeable");
    assertThat(answer.number("attributes", "recoverableDays")).isEqualTo(90);
    assertThat(answer.header("retry-after")).hasValue("0");
    assertThat(answer.header("content-type")).hasValue("application/json; charset=utf-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "päss€ 🔑", "line\r\nline\n", "null", "\u0000"})
  void valueComesBackAsItWasSet(String value) {
    String version = client.put("name", value);
    assertThat(client.get("/secrets/name/").is(200).text("value")).isEqualTo(value);
    assertThat(client.get("/secrets/name").is(200).text("value")).isEqualTo(value);
    assertThat(client.get("/secrets/name/" + version).is(200).text("value")).isEqualTo(value);
    assertThat(server.valueReads("NAME")).isEqualTo(3);
  }

  @Test
  void timesAreWholeSeconds() {
    List<Long> created = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      created.add(client.set("name", "v" + i).number("attributes", "created"));
      clock.pass(Duration.ofMillis(400));
    }
    long first = created.get(0);
    assertThat(created).containsExactly(first, first, first + 1, first + 1);
  }

  @Test
  void versionsAreSortedByTheirIds() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      made.add(client.put("name", "v" + i));
    }
    KeyVaultTestClient.Answer first = client.get("/secrets/name/versions").is(200);
    KeyVaultTestClient.Answer second = client.get(first.text("nextLink")).is(200);
    List<String> listed = new ArrayList<>(first.names());
    listed.addAll(second.names());
    assertThat(first.names()).hasSize(25);
    assertThat(second.at("nextLink")).isNull();
    List<String> sorted = new ArrayList<>(made);
    Collections.sort(sorted);
    assertThat(listed).isEqualTo(sorted).isNotEqualTo(made);
    assertThat(client.get("/secrets/name/").text("value")).isEqualTo("v29");
  }

  @Test
  void listOfNamesComesInPagesOfTwentyFive() {
    for (int i = 0; i < 60; i++) {
      client.put("name-" + i, "v");
    }
    List<String> all = new ArrayList<>();
    String next = "/secrets?maxresults=25";
    int pages = 0;
    while (!next.equals("null")) {
      KeyVaultTestClient.Answer page = client.get(next).is(200);
      all.addAll(page.names());
      next = page.text("nextLink");
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(all).hasSize(60).isSorted();
    client.get("/secrets?maxresults=26").isError(400, "BadParameter", null);
  }

  @Test
  void addressesLeadBackThroughAProxy() {
    try (FaultProxy proxy =
        FaultProxy.to(server.uri())
            .trusting(server.certificates().client())
            .presenting(server.certificates())
            .start()) {
      for (int i = 0; i < 26; i++) {
        client.put("name-" + i, "v");
      }
      String page = proxy.uri().resolve("/secrets?" + KeyVaultTestClient.VERSION).toString();
      KeyVaultTestClient.Answer answer = client.get(page).is(200);
      assertThat(answer.text("nextLink")).startsWith(proxy.uri().resolve("/secrets?").toString());
      assertThat(client.get(answer.text("nextLink")).is(200).names()).hasSize(1);
      KeyVaultTestClient.Answer challenge = client.send(client.to(page)).is(401);
      assertThat(challenge.header("WWW-Authenticate").orElse(""))
          .startsWith("Bearer authorization=\"" + proxy.uri().resolve("/") + server.tenantId());
      assertThat(proxy.requests()).isEqualTo(3);
    }
  }

  @Test
  void usualHeadersAreThere() {
    KeyVaultTestClient.Answer answer = client.get("/secrets").is(200);
    assertThat(answer.header("x-ms-request-id")).isPresent();
    assertThat(answer.header("x-ms-keyvault-region")).isPresent();
    assertThat(answer.header("cache-control")).hasValue("no-cache");
  }
}
