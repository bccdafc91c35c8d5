package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real OpenBao enforces the policies that we write: what they name works, nothing else does. */
class EnforcedPolicyTest {
  private static final List<String> SERVED =
      List.of("prod/LTC_SECRET_KEY", "prod/ADMIN_API_TOKEN", "prod/DATABASE_URL");

  @TempDir static Path folder;
  private static OpenBaoServer server;
  private static OpenBaoCalls calls;
  private static String inventory;
  private FakeTerminal terminal = new FakeTerminal();

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    server = OpenBaoServer.start(folder);
    calls = new OpenBaoCalls(server);
    String text =
        InventoryText.example().replaceAll("(?m)^  (deploy|verify): .*$", "  $1: [\"true\"]");
    inventory = Files.writeString(folder.resolve("secrets.yaml"), text).toString();
  }

  @AfterAll
  static void stop() {
    if (server != null) { // else it did not start, which says why
      server.close();
    }
  }

  private int run(Map<String, String> environment, String input, String... args) {
    terminal = new FakeTerminal().input(CommandTest.utf8(input));
    return new CommandLineRun(terminal, environment).run(args);
  }

  /** A principal with exactly the generated policy, plus the rights that every token has itself. */
  private Map<String, String> who(String audience) {
    int code =
        run(
            Map.of(),
            "",
            "policy",
            "--for",
            audience,
            "--backend",
            "vault",
            "--inventory",
            inventory);
    assertThat(code).as(terminal.errText()).isZero();
    calls.post("sys/policies/acl/" + audience, Map.of("policy", terminal.outText()));
    Map<?, ?> answer = calls.post("auth/token/create", Map.of("policies", List.of(audience)));
    return settings(String.valueOf(((Map<?, ?>) answer.get("auth")).get("client_token")));
  }

  private static Map<String, String> settings(String token) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("SECRETS_BACKEND", "vault");
    environment.put("SECRETS_VAULT_ADDRESS", server.uri().toString());
    environment.put("SECRETS_VAULT_CA_FILE", server.caFile().toString());
    environment.put("SECRETS_VAULT_TOKEN", token);
    return environment;
  }

  @Test
  void eachDoesItsWorkAndNoMore() {
    Map<String, String> root = settings(server.rootToken());
    assertThat(run(root, "x", "put", "prod/UNKNOWN")).as(terminal.errText()).isZero();
    assertThat(run(root, "x", "put", "test/LTC_SECRET_KEY")).isZero();
    Map<String, String> rotator = who("rotator");
    theRotatorFillsAndChecks(rotator);
    theRotatorIsRefused(rotator);
    theRotatorRotates(rotator);
    Map<String, String> service = who("service");
    SERVED.forEach(name -> assertThat(run(service, "", "get", name)).as(name).isZero());
    assertThat(run(service, "", "versions", "prod/LTC_SECRET_KEY")).isZero();
    assertRefused(service, "get prod/ADMIN_API_TOKEN-pending");
    assertRefused(service, "get prod/DB_ADMIN_PW", "get prod/UNKNOWN", "get test/LTC_SECRET_KEY");
    assertRefused(
        service, "list prod/", "put prod/LTC_SECRET_KEY", "delete prod/LTC_SECRET_KEY --yes");
    Map<String, String> ci = who("ci");
    assertThat(run(ci, "", "get", "prod/LTC_SECRET_KEY")).isZero();
    assertThat(run(ci, "", "get", "prod/DATABASE_URL")).isZero();
    assertRefused(ci, "get prod/ADMIN_API_TOKEN", "get prod/DB_ADMIN_PW", "put prod/DATABASE_URL");
    assertRefused(ci, "versions prod/LTC_SECRET_KEY");
  }

  private void theRotatorFillsAndChecks(Map<String, String> rotator) {
    assertThat(run(rotator, "", "generate", "--all", "--inventory", inventory))
        .as(terminal.errText())
        .isEqualTo(ExitCode.NOT_FOUND.code());
    Map<String, String> brought =
        Map.of("DB_USERNAME", "postgres", "DB_HOST", "db", "DB_PORT", "5432", "DB_NAME", "ltc");
    brought.forEach(
        (name, value) ->
            assertThat(run(rotator, value, "put", name, "--trim-newline", "--inventory", inventory))
                .as(terminal.errText())
                .isZero());
    assertThat(run(rotator, "", "generate", "--all", "--inventory", inventory)).isZero();
    assertThat(run(rotator, "", "check", "--inventory", inventory)).isEqualTo(9);
    assertThat(terminal.outText())
        .containsOnlyOnce("FAIL")
        .contains("FAIL  prod/UNKNOWN: in the store, and the inventory does not know it");
    assertThat(run(rotator, "", "document", "--inventory", inventory))
        .as(terminal.errText())
        .isZero();
    assertThat(terminal.outText()).contains("prod/DATABASE_URL").contains("Rotation schedule:");
  }

  /** With its pending value beside the secret, which a service does not see. */
  private void theRotatorRotates(Map<String, String> rotator) {
    for (String line :
        List.of("rotate ADMIN_API_TOKEN --grace 1h", "rotate retire ADMIN_API_TOKEN")) {
      String[] args = (line + " --inventory " + inventory).split(" ");
      assertThat(run(rotator, "", args)).as(terminal.errText()).isZero();
    }
    assertThat(terminal.errText()).isEmpty();
    assertThat(run(rotator, "", "versions", "prod/ADMIN_API_TOKEN")).isZero();
    assertThat(terminal.outText()).doesNotContain("previous");
    assertRefused(rotator, "put prod/OTHER-pending", "get test/LTC_SECRET_KEY-pending");
  }

  private void theRotatorIsRefused(Map<String, String> rotator) {
    assertRefused(rotator, "get prod/UNKNOWN", "get test/LTC_SECRET_KEY", "put prod/OTHER");
    assertRefused(rotator, "delete test/LTC_SECRET_KEY --yes", "list test/");
  }

  private void assertRefused(Map<String, String> who, String... lines) {
    for (String line : lines) {
      assertThat(run(who, "x", line.split(" ")))
          .as(line + ": " + terminal.errText())
          .isEqualTo(ExitCode.DENIED.code());
    }
  }
}
