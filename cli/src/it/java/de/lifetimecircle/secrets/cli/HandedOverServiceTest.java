package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.VaultCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A service starts in another folder with the variables that the hand-over to DevOps prints, its
 * login, and nothing else: it reads the value that the inventory's commands have stored.
 */
class HandedOverServiceTest {
  private static final String NAME = "LTC_SECRET_KEY";
  private static final String SAME = "the same";
  private static final Pattern AGENT = Pattern.compile("secrets agent: serves on (.*)");

  @TempDir private Path folder;
  private String printed = "";

  /** A service: says whether it reads the value that its standard input has. */
  public static void main(String[] args) throws IOException {
    byte[] expected = System.in.readAllBytes();
    try (SecretProvider secrets = SecretProvider.open()) {
      String value = secrets.get(NAME).asString();
      System.out.println(
          value.equals(new String(expected, StandardCharsets.UTF_8)) ? SAME : "another value");
    }
  }

  private String secrets(Map<String, String> environment, String line) {
    FakeTerminal terminal = new FakeTerminal();
    int code = new CommandLineRun(terminal, environment).run(line.split(" ", -1));
    assertThat(code).as(line + ": " + terminal.errText()).isZero();
    return terminal.outText();
  }

  /** Facts that the inventory names, and those that it leaves open. */
  @ParameterizedTest
  @CsvSource({
    "gpg, folder: FOLDER/store",
    "gpg,",
    "aws, region: eu-central-1",
    "aws,",
    "vault, mount: secret",
    "vault,",
    "azure, vault: ltc-prod",
    "azure,"
  })
  void aServiceStartsWithWhatIsPrinted(String scheme, String fact) throws Exception {
    try (Backend backend = Backend.start(scheme, folder)) {
      String inventory = inventory(scheme, fact == null ? "" : fact);
      secrets(backend.environment(), "generate --all" + inventory);
      String value = secrets(backend.environment(), "get prod/" + NAME);
      printed = secrets(backend.environment(), "handover --to devops --lang en" + inventory);
      assertThat(printed).doesNotContain(value);
      Map<String, String> handed = new LinkedHashMap<>();
      printed
          .lines()
          .map(line -> line.replaceFirst("^ *- ", "").split("=", 2))
          .filter(setting -> setting.length == 2 && setting[0].matches("SECRETS_[A-Z_]+"))
          .forEach(setting -> handed.put(setting[0], setting[1]));
      handed.putAll(login(backend, inventory));
      handed.put("PATH", System.getenv("PATH"));
      handed.put("HOME", Files.createDirectory(folder.resolve("home")).toString());
      theServiceReads(value, handed);
    }
  }

  private String inventory(String scheme, String fact) throws IOException {
    Path file =
        Files.writeString(
            Files.createDirectory(folder.resolve("repository")).resolve("secrets.yaml"),
            "version: 1\nservice: ltc\nowner: team\ncontact: team@ltc.test\nenvironments:\n"
                + "  prod:\n    prefix: prod/\n"
                + (fact.isEmpty()
                    ? ""
                    : "    " + scheme + ": {" + fact.replace("FOLDER", folder.toString()) + "}\n")
                + "secrets:\n  LTC_SECRET_KEY:\n    description: signs tokens\n"
                + "    generator: hex 32\n    readers: [service]\n");
    return " --inventory " + file + " --environment prod";
  }

  /** As the message describes it in words: the deployment gives it. */
  private Map<String, String> login(Backend backend, String inventory) {
    return switch (backend.scheme()) {
      case "gpg" -> Map.of("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
      case "vault" -> approle(backend.server(OpenBaoServer.class).calls(), inventory);
      default -> Backend.variables(backend.login());
    };
  }

  /** A role with the policy of the service. */
  private Map<String, String> approle(VaultCalls calls, String inventory) {
    String policy = secrets(Map.of(), "policy --for service --backend vault" + inventory);
    calls.does("sys/policies/acl/service", Map.of("policy", policy));
    calls.does("sys/auth/approle", Map.of("type", "approle"));
    calls.does("auth/approle/role/ltc", Map.of("token_policies", List.of("service")));
    calls.does("auth/approle/role/ltc/role-id", Map.of("role_id", "id-of-ltc"));
    Map<?, ?> made = calls.does("auth/approle/role/ltc/secret-id", Map.of()).data();
    return Map.of(
        "SECRETS_VAULT_AUTH",
        "approle",
        "SECRETS_VAULT_ROLE_ID",
        "id-of-ltc",
        "SECRETS_VAULT_SECRET_ID",
        String.valueOf(made.get("secret_id")));
  }

  private void theServiceReads(String value, Map<String, String> handed) throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    CliProcess program = CliProcess.in(elsewhere);
    program.environment.putAll(handed);
    program.program(
        "service",
        "exec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -cp '"
            + CommandArchive.get().classPath()
            + "' "
            + HandedOverServiceTest.class.getName());
    assertThat(program.run(value, "service").text()).as(printed).isEqualTo(SAME + "\n");
    assertSame(program.secrets("", "get", NAME).text(), value, "secrets get");
    Path socket = elsewhere.resolve("agent.sock");
    try (RunningProcess agent =
        RunningProcess.start(
            elsewhere,
            handed,
            AGENT,
            elsewhere.resolve("programs/secrets").toString(),
            "agent",
            "--listen",
            "127.0.0.1:0",
            "--socket",
            socket.toString())) {
      String url = "http://localhost/v1/secrets/" + NAME;
      String answer =
          program.run("", "curl", "--silent", "--unix-socket", socket.toString(), url).text();
      assertSame(answer, value, "the agent, " + agent.place());
    }
  }

  /** Shows no value. */
  private void assertSame(String got, String value, String who) {
    assertThat(got.replace(value, SAME)).as(who + " with " + printed).isEqualTo(SAME);
  }
}
