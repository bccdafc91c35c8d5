package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same commands fill an empty store and pass their check on every backend: here the file store,
 * a stand-in for AWS and the Key Vault test server; a real OpenBao does so in {@link
 * EnforcedPolicyTest}.
 */
class EveryBackendTest {
  private static final Map<String, String> BROUGHT =
      Map.of("DB_USERNAME", "postgres", "DB_HOST", "db", "DB_PORT", "5432", "DB_NAME", "ltc");

  @TempDir Path folder;
  private final StringBuilder transcript = new StringBuilder();
  private String inventory = "";
  private FakeTerminal terminal = new FakeTerminal();

  @BeforeEach
  void writeInventory() throws IOException {
    inventory =
        Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example()).toString();
    ExampleHooks.write(folder.resolve("hooks"));
  }

  private int run(Map<String, String> environment, String input, String... args) {
    terminal = new FakeTerminal().input(CommandTest.utf8(input));
    return new CommandLineRun(terminal, environment).run(args);
  }

  private void operate(Map<String, String> environment, ExitCode code, String line, String input) {
    String[] args = (line + " --inventory " + inventory).split(" ", -1);
    assertThat(run(environment, input, args))
        .as(line + ": " + terminal.outText() + terminal.errText())
        .isEqualTo(code.code());
    transcript.append(terminal.outText()).append(terminal.errText());
  }

  private void fillAndCheck(Map<String, String> environment) {
    operate(environment, ExitCode.FOUND, "check", "");
    operate(environment, ExitCode.NOT_FOUND, "generate --all", "");
    BROUGHT.forEach(
        (name, value) ->
            operate(environment, ExitCode.OK, "put " + name + " --trim-newline", value));
    operate(environment, ExitCode.OK, "generate --all", "");
    operate(environment, ExitCode.OK, "generate --all", "");
    assertThat(terminal.outText()).doesNotContain("Created").contains("Exists");
    operate(environment, ExitCode.OK, "check", "");
    operate(environment, ExitCode.OK, "put DB_NAME --trim-newline", "renamed");
    operate(environment, ExitCode.FOUND, "check", "");
    operate(environment, ExitCode.OK, "generate DATABASE_URL --force", "");
    operate(environment, ExitCode.OK, "check", "");
    operate(environment, ExitCode.OK, "document", "");
    for (String name : List.of("LTC_SECRET_KEY", "DB_ADMIN_PW", "ADMIN_API_TOKEN")) {
      assertThat(run(environment, "", "get", "prod/" + name)).isZero();
      assertThat(terminal.outText()).matches("[0-9a-f]{32,64}");
      assertThat(transcript.toString()).doesNotContain(terminal.outText());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpg", "aws", "azure"})
  void fillsAndChecks(String scheme) {
    try (Backend backend = Backend.start(scheme, folder)) {
      fillAndCheck(backend.environment());
    }
    if (scheme.equals("aws")) {
      assertThat(transcript).contains("arn:aws:secretsmanager:eu-central-1:");
    }
  }
}
