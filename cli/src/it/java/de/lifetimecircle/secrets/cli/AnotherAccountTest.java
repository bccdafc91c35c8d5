package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of AWS, whose ARNs are of account 123456789012, and an inventory that names another. */
class AnotherAccountTest {
  private static final String FINDING =
      "environments.prod.aws.account is 210987654321, and the store is 123456789012";

  @TempDir Path folder;

  private FakeTerminal run(ServedBackend backend, int code, String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--inventory", folder.resolve("secrets.yaml").toString()));
    FakeTerminal terminal = new FakeTerminal();
    assertThat(new CommandLineRun(terminal, backend.environment()).run(line.toArray(new String[0])))
        .as(terminal.outText() + terminal.errText())
        .isEqualTo(code);
    return terminal;
  }

  @Test
  void nothingPassesThere() throws IOException {
    String right = InventoryText.example();
    String wrong = right.replace("account: \"123456789012\"", "account: \"210987654321\"");
    assertThat(wrong).isNotEqualTo(right);
    Path inventory = Files.writeString(folder.resolve("secrets.yaml"), wrong);
    try (ServedBackend backend = ServedBackend.start("aws", folder)) {
      for (String name : List.of("DB_USERNAME", "DB_HOST", "DB_PORT", "DB_NAME")) {
        backend.secrets(name.equals("DB_PORT") ? "5432" : "x", "put", "prod/" + name);
      }
      run(backend, 0, "generate", "--all");
      String before = backend.secrets("", "get", "prod/LTC_SECRET_KEY");

      assertThat(run(backend, ExitCode.FOUND.code(), "check").outText())
          .contains("FAIL  " + inventory + ": names another store: " + FINDING);
      String status = run(backend, ExitCode.FOUND.code(), "status").outText();
      assertThat(status.replaceAll("\\s+", " ")).contains(FINDING); // it wraps its lines
      assertThat(run(backend, 0, "handover", "--to", "devops").outText())
          .contains("names another store: " + FINDING)
          .doesNotContain("Ready for deployment");
      assertThat(
              run(backend, ExitCode.INVALID.code(), "emergency", "LTC_SECRET_KEY", "--yes")
                  .errText())
          .contains(FINDING, "${EDITOR:-vi} ");
      assertThat(backend.secrets("", "get", "prod/LTC_SECRET_KEY")).isEqualTo(before);

      Files.writeString(inventory, right);
      // Its hooks are not there, which the account has nothing to do with.
      assertThat(run(backend, ExitCode.FOUND.code(), "check").outText())
          .contains("(hook)")
          .doesNotContain("another store");
    }
  }
}
