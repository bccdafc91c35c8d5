package de.lifetimecircle.secrets.testservers.keyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The switches, the quota, the counters, and the end. */
final class KeyVaultFaultsTest {
  private final VaultClock clock = new VaultClock();
  private KeyVaultServer server;
  private KeyVaultTestClient client;

  @BeforeEach
  void start() {
    server = KeyVaultServer.builder().clock(clock).quota(50).start();
    client = new KeyVaultTestClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void throttledAnswersNameATimeWhenTold() {
    client.put("name", "v");
    server.faults().throttleNext(2, Duration.ofMillis(1200));
    server.faults().throttleNext(1);
    for (int i = 0; i < 2; i++) {
      KeyVaultTestClient.Answer answer = client.get("/secrets/name/");
      answer.isError(429, "Throttled", null);
      assertThat(answer.header("Retry-After")).hasValue("2");
    }
    KeyVaultTestClient.Answer unnamed = client.get("/secrets/name/");
    unnamed.isError(429, "Throttled", null);
    assertThat(unnamed.header("Retry-After")).isEmpty();
    client.get("/secrets/name/").is(200);
  }

  @Test
  void quotaAnswersWithTheTimeThatIsLeft() {
    client.put("name", "v");
    clock.pass(Duration.ofSeconds(4));
    for (int i = 1; i < 50; i++) {
      client.get("/secrets/name/").is(200);
    }
    KeyVaultTestClient.Answer answer = client.get("/secrets/name/");
    answer.isError(429, "Throttled", null);
    assertThat(answer.header("Retry-After")).hasValue("6");
    clock.pass(Duration.ofSeconds(6));
    client.get("/secrets/name/").is(200);
  }

  @Test
  void challengeIsNeverStruck() {
    server.faults().failNext(1, 503);
    client.send(client.to("/secrets?" + KeyVaultTestClient.VERSION).GET()).is(401);
    client.get("/secrets").is(503);
    client.get("/secrets").is(200);
  }

  @Test
  void rightIsMissedByNameAndOperation() {
    client.put("name", "v");
    client.put("other", "v");
    server.faults().deny("NAME", KeyVaultOperation.GET);
    KeyVaultTestClient.Answer refused = client.get("/secrets/name/");
    refused.isError(403, "Forbidden", "ForbiddenByRbac");
    assertThat(refused.text("error", "message"))
        .startsWith("Caller is not authorized to perform action on resource.")
        .contains("appid=" + server.clientId(), "getSecret/action");
    client.get("/secrets/other/").is(200);
    client.set("name", "w").is(200);
    server.faults().deny(KeyVaultOperation.LIST);
    client.get("/secrets").isError(403, "Forbidden", "ForbiddenByRbac");
    client.get("/secrets/other/versions").isError(403, "Forbidden", "ForbiddenByRbac");
    server.faults().allowAll();
    client.get("/secrets/name/").is(200);
  }

  @Test
  void missingRightIsNoHintThatANameIsThere() {
    server.faults().deny("name", KeyVaultOperation.GET);
    client.get("/secrets/name/").isError(403, "Forbidden", "ForbiddenByRbac");
  }

  @Test
  void accessPoliciesRefuseInTheirOwnWords() {
    try (KeyVaultServer policies =
        KeyVaultServer.builder().rights(KeyVaultServer.Rights.ACCESS_POLICIES).start()) {
      policies.faults().deny(KeyVaultOperation.SET);
      KeyVaultTestClient.Answer refused = new KeyVaultTestClient(policies).set("name", "v");
      refused.isError(403, "Forbidden", "AccessDenied");
      assertThat(refused.text("error", "message"))
          .contains("does not have secrets set permission on key vault");
    }
  }

  @Test
  void listCanBeginWithAnEmptyPage() {
    client.put("name", "v");
    server.faults().startListsWithAnEmptyPage();
    for (String path : List.of("/secrets", "/secrets/name/versions")) {
      KeyVaultTestClient.Answer first = client.get(path).is(200);
      assertThat(first.items()).isEmpty();
      KeyVaultTestClient.Answer second = client.get(first.text("nextLink")).is(200);
      assertThat(second.items()).hasSize(1);
      assertThat(second.at("nextLink")).isNull();
    }
  }

  /** A request that the server has got and does not answer. */
  private CompletableFuture<?> hanging() throws InterruptedException {
    // The JDK's client repeats a GET by itself when its connection is cut.
    CompletableFuture<?> hanging =
        client
            .http()
            .sendAsync(
                client
                    .to("/secrets/name?" + KeyVaultTestClient.VERSION)
                    .header("Authorization", "Bearer " + server.token())
                    .PUT(BodyPublishers.ofString("{}"))
                    .build(),
                BodyHandlers.ofString());
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 500 && server.requests() == 0; i++) {
      assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(hanging).isNotDone();
    return hanging;
  }

  @Test
  void hangingRequestIsCutByClear() throws Exception {
    server.faults().hangNext(1);
    CompletableFuture<?> hanging = hanging();
    client.get("/secrets").is(200);
    server.faults().clear();
    assertThatThrownBy(() -> hanging.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void connectionsAreCountedAndKept() {
    for (int i = 0; i < 20; i++) {
      client.get("/secrets").is(200);
    }
    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.requests()).isEqualTo(20);
  }

  @Test
  void closeFreesThePortAndItsThreads() throws Exception {
    int port = server.uri().getPort();
    server.faults().hangNext(1);
    CompletableFuture<?> hanging = hanging();
    server.close();
    server.close();
    assertThatThrownBy(() -> hanging.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IOException.class);
    try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(free.isBound()).isTrue();
    }
    List<Thread> left = new ArrayList<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("key-vault-server")) {
        left.add(thread);
      }
    }
    for (Thread thread : left) {
      thread.join(5000);
      assertThat(thread.isAlive()).isFalse();
    }
  }
}
