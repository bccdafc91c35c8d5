package de.lifetimecircle.secrets.agent.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.sockets.TcpPeerLookup;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessRulesTest {
  private static final String INVENTORY =
      """
      version: 1
      service: shop
      owner: backend
      contact: a@shop.example
      time-zone: UTC
      environments:
        prod: {prefix: prod/}
      secrets:
        APP_KEY:
          description: Signs sessions.
          owner: backend
          generator: hex 32
          readers: [service]
        CI_KEY:
          description: Signs builds.
          owner: backend
          generator: hex 32
          readers: [ci]
      """;

  @TempDir Path folder;

  private RunningAgent.Answer read(RunningAgent agent, String name, String... headers) {
    return agent.get("/v1/secrets/" + name, headers);
  }

  private RunningAgent agent(String rules) throws IOException {
    RunningAgent agent = RunningAgent.start(folder, rules);
    agent.store.holding("APP_KEY", "app").holding("prod/DB", "db").holding("OTHER", "other");
    return agent;
  }

  private static String digest(String token) {
    return "sha256:" + AccessRules.digest(token);
  }

  @Test
  void userReadsOnlyTheNamesOfHisRules() throws IOException {
    try (RunningAgent agent = agent("user " + RunningAgent.OWN_USER + " APP_KEY prod/*\n")) {
      assertThat(read(agent, "APP_KEY").text()).isEqualTo("app");
      assertThat(read(agent, "prod/DB").text()).isEqualTo("db");
      assertThat(read(agent, "OTHER").status()).isEqualTo(403);
      assertThat(read(agent, "APP_KEY2").status()).isEqualTo(403);
      assertThat(read(agent, "APP_KE").status()).isEqualTo(403);
    }
  }

  /** The backend aws takes the ARN of any secret for its name. */
  @Test
  void prefixOfNamesDoesNotReachArns() throws IOException {
    String arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:";
    String user = "user " + RunningAgent.OWN_USER + " ";
    for (String pattern : List.of("a*", "arn*", arn + "prod/*", "prod/*")) {
      try (RunningAgent agent = agent(user + "app* " + pattern + "\n")) {
        agent.store.holding("app-key", "app").holding(arn + "DB-AbCdEf", "db");
        assertThat(read(agent, "app-key").text()).isEqualTo("app");
        assertThat(read(agent, arn + "DB-AbCdEf").status()).as(pattern).isEqualTo(403);
      }
    }
    for (String pattern : List.of("*", "arn:*", arn + "DB*", arn + "DB-AbCdEf")) {
      try (RunningAgent agent = agent(user + pattern + "\n")) {
        agent.store.holding(arn + "DB-AbCdEf", "db");
        assertThat(read(agent, arn + "DB-AbCdEf").text()).as(pattern).isEqualTo("db");
      }
    }
  }

  @Test
  void denialDoesNotTellWhetherTheSecretExists() throws IOException {
    try (RunningAgent agent = agent("user " + RunningAgent.OWN_USER + " APP_KEY\n")) {
      assertThat(read(agent, "OTHER").text()).isEqualTo(read(agent, "ABSENT").text());
      assertThat(agent.store.calls()).isZero();
    }
  }

  @Test
  void anotherUsersRulesDoNotHelp() throws IOException {
    try (RunningAgent agent = agent("user somebody-else *\n")) {
      assertThat(read(agent, "APP_KEY").status()).isEqualTo(403);
      assertThat(
              agent
                  .unix(
                      RunningAgent.request(
                          "GET /v1/secrets/APP_KEY HTTP/1.1",
                          "Host: localhost",
                          "Connection: close"))
                  .status())
          .isEqualTo(403);
    }
  }

  /** Of the user who sends it, too: the request is the token's. */
  @Test
  void leakedTokenReachesOnlyItsOwnNames() throws IOException {
    String rules =
        "user " + RunningAgent.OWN_USER + " *\ntoken web " + digest("t0ken") + " APP_KEY\n";
    try (RunningAgent agent = agent(rules)) {
      assertThat(read(agent, "APP_KEY", "X-Vault-Token: t0ken").text()).isEqualTo("app");
      assertThat(read(agent, "OTHER", "X-Vault-Token: t0ken").status()).isEqualTo(403);
      assertThat(read(agent, "OTHER", "Authorization: Bearer t0ken").status()).isEqualTo(403);
      assertThat(agent.get("/t/t0ken/v1/secrets/OTHER").status()).isEqualTo(403);
      assertThat(agent.get("/t/t0ken/v1/secrets/APP_KEY").text()).isEqualTo("app");
      assertThat(read(agent, "OTHER").text()).isEqualTo("other");
    }
  }

  @Test
  void inventorySaysWhoReads() throws IOException {
    Path inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
    Files.setPosixFilePermissions(inventory, PosixFilePermissions.fromString("rw-r--r--"));
    String rules = "inventory secrets.yaml prod\nuser " + RunningAgent.OWN_USER + " @service\n";
    try (RunningAgent agent = agent(rules)) {
      agent.store.holding("prod/APP_KEY", "of the service").holding("prod/CI_KEY", "of ci");
      assertThat(read(agent, "prod/APP_KEY").text()).isEqualTo("of the service");
      assertThat(read(agent, "prod/CI_KEY").status()).isEqualTo(403);
      assertThat(read(agent, "APP_KEY").status()).isEqualTo(403);
      Files.writeString(
          folder.resolve("secrets.yaml"), INVENTORY.replace("readers: [ci]", "readers: [service]"));
      agent.currentRules().reloadIfChanged();
      assertThat(read(agent, "prod/CI_KEY").text()).isEqualTo("of ci");
    }
  }

  private void inventory(String file, String text) throws IOException {
    Path inventory = Files.writeString(folder.resolve(file), text);
    Files.setPosixFilePermissions(inventory, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** Else a service would get the secrets of another one that has readers of the same name. */
  @Test
  void readerIsOneOfTheInventoryAboveTheLine() throws IOException {
    inventory("a.yaml", INVENTORY);
    inventory("b.yaml", INVENTORY.replace("APP_KEY", "B_KEY").replace("[ci]", "[service]"));
    String rules =
        "inventory a.yaml prod\nuser "
            + RunningAgent.OWN_USER
            + " @service\ninventory b.yaml prod\ntoken b "
            + digest("t0ken")
            + " @service\n";
    try (RunningAgent agent = agent(rules)) {
      agent.store.holding("prod/APP_KEY", "of a").holding("prod/B_KEY", "of b");
      String token = "X-Vault-Token: t0ken";
      assertThat(read(agent, "prod/B_KEY", token).text()).isEqualTo("of b");
      assertThat(read(agent, "prod/APP_KEY", token).status()).isEqualTo(403);
      assertThat(read(agent, "prod/APP_KEY").text()).isEqualTo("of a");
      assertThat(read(agent, "prod/B_KEY").status()).isEqualTo(403);
      agent.writeRules(rules + "user somebody-else @ci\n");
      assertThatThrownBy(() -> RulesFile.read(agent.rules, NamePrefix.NONE, new HashMap<>()))
          .hasMessageContaining("'@ci' (expected: a reader of the inventory: ");
    }
  }

  @Test
  void reloadReplacesTheRulesAndAMistakeKeepsThem() throws IOException {
    try (RunningAgent agent = agent("user " + RunningAgent.OWN_USER + " APP_KEY\n")) {
      agent.writeRules("\ufeffuser " + RunningAgent.OWN_USER + " OTHER\n"); // from Windows
      agent.currentRules().reload();
      assertThat(read(agent, "APP_KEY").status()).isEqualTo(403);
      assertThat(read(agent, "OTHER").text()).isEqualTo("other");
      for (String mistake : List.of("usr " + RunningAgent.OWN_USER + " *\n", "inventory a\0b\n")) {
        agent.writeRules(mistake);
        agent.currentRules().reload();
        assertThat(read(agent, "APP_KEY").status()).isEqualTo(403);
        assertThat(read(agent, "OTHER").text()).isEqualTo("other");
      }
    }
  }

  /** On one connection, so that a lost request would show. */
  @Test
  void reloadLosesNoRequest() throws Exception {
    try (RunningAgent agent = agent(RunningAgent.everything())) {
      List<Integer> statuses = new ArrayList<>();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), agent.port())) {
        String request =
            RunningAgent.request(
                "GET /v1/secrets/APP_KEY HTTP/1.1", "Host: localhost", "Secrets-Request: true");
        for (int i = 0; i < 200; i++) {
          if (i % 10 == 0) {
            agent.currentRules().reload();
          }
          client
              .getOutputStream()
              .write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          byte[] part = new byte[1024];
          int length = client.getInputStream().read(part);
          statuses.add(RunningAgent.Answer.of(java.util.Arrays.copyOf(part, length)).status());
        }
      }
      assertThat(statuses).hasSize(200).containsOnly(200);
    }
  }

  /** Rules that allow a name before and after a reload allow it while it happens. */
  @Test
  void requestsDuringReloadsSeeTheOldRulesOrTheNewOnes() throws Exception {
    String before = "user " + RunningAgent.OWN_USER + " A*\nuser " + RunningAgent.OWN_USER + " X\n";
    String after = "user " + RunningAgent.OWN_USER + " X\nuser " + RunningAgent.OWN_USER + " A*\n";
    try (RunningAgent agent = agent(before)) {
      AtomicBoolean isDone = new AtomicBoolean();
      CompletableFuture<Void> reloads =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; !isDone.get(); i++) {
                  agent.rewriteRules(i % 2 == 0 ? after : before);
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                }
              },
              work -> new Thread(work, "reloads").start());
      try {
        for (int i = 0; i < 100; i++) {
          assertThat(read(agent, "APP_KEY").status()).isEqualTo(200);
          assertThat(read(agent, "OTHER").status()).isEqualTo(403);
        }
      } finally {
        isDone.set(true);
        reloads.join();
      }
    }
  }

  /** An agent with the setting prefix reads prod/APP_KEY as APP_KEY, as its callers do. */
  @Test
  void namesOfTheInventoryLoseThePrefixOfTheAgent() throws IOException {
    inventory("secrets.yaml", INVENTORY);
    String rules = "inventory secrets.yaml prod\nuser " + RunningAgent.OWN_USER + " @service\n";
    try (RunningAgent agent =
        RunningAgent.start(
            folder,
            rules,
            FakeStore.create(),
            RunningAgent.Adjustments.NONE.provider(builder -> builder.set("prefix", "prod/")))) {
      agent.store.holding("prod/APP_KEY", "of the service").holding("prod/CI_KEY", "of ci");
      assertThat(read(agent, "APP_KEY").text()).isEqualTo("of the service");
      assertThat(read(agent, "CI_KEY").status()).isEqualTo(403);
      assertThat(read(agent, "prod/APP_KEY").status()).isEqualTo(403);
      assertThatThrownBy(
              () -> RulesFile.read(agent.rules, new NamePrefix("dev/", "test"), new HashMap<>()))
          .hasMessageContaining("the setting prefix is 'dev/' (test)");
    }
  }

  @Test
  void allMistakesOfTheFileAreReported() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bad.rules"),
            """
            # comment
            usr app *
            user app
            user app @service
            user app a*b
            token ci sha256:12 X
            inventory missing.yaml
            """);
    assertThatThrownBy(() -> RulesFile.read(file, NamePrefix.NONE, new HashMap<>()))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFIGURATION);
              assertThat(e.problems()).hasSize(6);
              assertThat(e.getMessage()).contains("bad.rules:2:", "bad.rules:7:");
            });
  }

  @Test
  void rulesThatOthersCanWriteAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("open.rules"), "user app *\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    assertThatThrownBy(() -> RulesFile.read(file, NamePrefix.NONE, new HashMap<>()))
        .hasMessageContaining("chmod go-w");
    Files.writeString(file, "inventory secrets.yaml prod\nuser app @service\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Path inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
    Files.setPosixFilePermissions(inventory, PosixFilePermissions.fromString("rw-rw-r--"));
    assertThatThrownBy(() -> RulesFile.read(file, NamePrefix.NONE, new HashMap<>()))
        .hasMessageContaining("secrets.yaml: others can");
  }

  /** An empty list, or Vault's 404 for it, would say that there are no secrets. */
  @Test
  void callerThatMayReadNothingIsDeniedItsList() throws IOException {
    try (RunningAgent agent = agent("user somebody-else *\n")) {
      RunningAgent.Answer answer =
          agent.vault(
              RunningAgent.request(
                  "LIST /v1/secret/metadata HTTP/1.1",
                  "Host: localhost",
                  "X-Vault-Request: true",
                  "Connection: close"));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(agent.store.calls()).isZero();
      RunningAgent.Answer unread =
          agent.tcp(
              RunningAgent.request(
                      "POST / HTTP/1.1",
                      "Host: localhost",
                      "X-Amz-Target: secretsmanager.GetSecretValue",
                      "Content-Length: 5000",
                      "Connection: close")
                  + "{".repeat(5000));
      assertThat(unread.text()).as("its body is not looked at").contains("AccessDeniedException");
    }
  }

  /** As from another network namespace, whose sockets are not in the tables of this one. */
  @Test
  void rulesOfUsersDoNotReachAConnectionOfAnUnknownOne() throws IOException {
    TcpPeerLookup nobody = new TcpPeerLookup(folder.resolve("none"), folder.resolve("none"));
    String rules =
        "user unknown *\nuser "
            + RunningAgent.OWN_USER
            + " *\ntoken web "
            + digest("t0ken")
            + " A*\n";
    try (RunningAgent agent =
        RunningAgent.start(
            folder, rules, FakeStore.create(), RunningAgent.Adjustments.NONE.owners(nobody))) {
      agent.store.holding("APP_KEY", "app");
      RunningAgent.Answer denied = read(agent, "APP_KEY");
      assertThat(denied.status()).isEqualTo(403);
      assertThat(denied.text()).contains("the user at the other end of the connection is unknown");
      assertThat(agent.store.calls()).isZero();
      assertThat(read(agent, "APP_KEY", "X-Vault-Token: t0ken").text()).isEqualTo("app");
      assertThat(read(agent, "OTHER", "X-Vault-Token: t0ken").status()).isEqualTo(403);
    }
  }
}
