package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.LocalServer;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.VaultCalls;
import de.lifetimecircle.secrets.testservers.VaultCalls.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
  private static VaultCalls calls;
  private static String inventory;
  private FakeTerminal terminal = new FakeTerminal();

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    server = OpenBaoServer.start(folder);
    calls = server.calls();
    String text =
        InventoryText.example().replaceAll("(?m)^  (deploy|verify): .*$", "  $1: [\"true\"]");
    inventory = Files.writeString(folder.resolve("secrets.yaml"), text).toString();
    ExampleHooks.write(folder.resolve("hooks"));
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
    calls.does("sys/policies/acl/" + audience, Map.of("policy", terminal.outText()));
    Answer made = calls.does("auth/token/create", Map.of("policies", List.of(audience)));
    return settings(String.valueOf(made.auth().get("client_token")));
  }

  private static Map<String, String> settings(String token) {
    Map<String, String> environment = Backend.of(server).environment();
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

  /** The folder for an administrator, applied by its own script, then used by each login. */
  @Test
  void theScriptOfTheFolderAttachesThePolicies() throws IOException, InterruptedException {
    Map<String, String> root = settings(server.rootToken());
    for (String name : List.of("prod/LTC_SECRET_KEY", "prod/ADMIN_API_TOKEN", "prod/DB_HOST")) {
      // Not the value of the refused writes: a put of the served value writes nothing.
      assertThat(run(root, "value", "put", name, "--plain")).as(terminal.errText()).isZero();
    }
    Path out = folder.resolve("policies");
    String[] line = {
      "policy", "--backend", "vault", "--out", out.toString(), "--inventory", inventory
    };
    assertThat(run(Map.of(), "", line)).as(terminal.errText()).isZero();
    // Twice: whoever runs it again changes nothing and is refused nothing.
    assertThat(attach(out)).contains("Attached service.hcl to the AppRole lifetimecircle\n");
    calls.does(
        "auth/approle/role/lifetimecircle-ci", Map.of("token_policies", List.of("of-others")));
    assertThat(attach(out)).contains("Attached rotator.hcl to the AppRole lifetimecircle-rotator");
    Map<String, String> service = login("lifetimecircle");
    assertThat(run(service, "", "get", "prod/ADMIN_API_TOKEN")).as(terminal.errText()).isZero();
    assertRefused(service, "get prod/DB_HOST", "put prod/ADMIN_API_TOKEN --plain");
    Map<String, String> ci = login("lifetimecircle-ci");
    assertThat(policies(ci)).contains("of-others").contains("lifetimecircle-prod-ci");
    assertThat(run(ci, "", "get", "prod/LTC_SECRET_KEY")).as(terminal.errText()).isZero();
    assertRefused(ci, "get prod/ADMIN_API_TOKEN", "versions prod/LTC_SECRET_KEY");
    Map<String, String> rotator = login("lifetimecircle-rotator");
    assertThat(run(rotator, "y", "put", "prod/DB_HOST", "--plain")).isZero();
    assertRefused(rotator, "put prod/OTHER --plain", "delete test/LTC_SECRET_KEY --yes");
  }

  /** Runs the script with the real program as the administrator; what it printed. */
  private static String attach(Path out) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(out.resolve("attach.sh").toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Path bao = LocalServer.find("openbao/bao").orElseThrow();
    builder.environment().put("PATH", bao.getParent() + ":/usr/bin:/bin");
    builder.environment().put("BAO_ADDR", server.uri().toString());
    builder.environment().put("BAO_TOKEN", server.rootToken());
    builder.environment().put("BAO_CACERT", server.caFile().toString());
    builder.environment().put("HOME", folder.toString());
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    return Files.readString(said);
  }

  private static String policies(Map<String, String> login) {
    Answer answer =
        calls.does(
            "auth/approle/login",
            Map.of(
                "role_id", login.getOrDefault("SECRETS_VAULT_ROLE_ID", ""),
                "secret_id", login.getOrDefault("SECRETS_VAULT_SECRET_ID", "")));
    return String.valueOf(answer.auth().get("policies"));
  }

  /** The settings of a program that logs in by an AppRole. */
  private static Map<String, String> login(String role) {
    String path = "auth/approle/role/" + role;
    calls.does(path + "/role-id", Map.of("role_id", "id-of-" + role));
    Map<?, ?> made = calls.does(path + "/secret-id", Map.of()).data();
    Map<String, String> environment = settings("");
    environment.remove("SECRETS_VAULT_TOKEN");
    environment.put("SECRETS_VAULT_AUTH", "approle");
    environment.put("SECRETS_VAULT_ROLE_ID", "id-of-" + role);
    environment.put("SECRETS_VAULT_SECRET_ID", String.valueOf(made.get("secret_id")));
    return environment;
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
    assertThat(terminal.errText()) // the example names no server
        .startsWith("secrets: the inventory leaves open, so this is used: environments.prod.vault.")
        .hasLineCount(1);
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
