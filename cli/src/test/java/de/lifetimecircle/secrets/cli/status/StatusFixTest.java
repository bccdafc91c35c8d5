package de.lifetimecircle.secrets.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What status --fix prints can be pasted. */
class StatusFixTest extends CommandTest {
  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void begin() throws IOException {
    inventory =
        Files.writeString(
                folder.resolve("secrets.yaml"),
                InventoryText.example()
                    .replace(".example", ".test")
                    .replace("123456789012", "210987654321"))
            .toString();
  }

  @Test
  void printsTheRestAsLinesOfAShell() throws IOException, InterruptedException {
    assertThat(run("status", "--fix", "--inventory", inventory)).isEqualTo(ExitCode.FOUND.code());
    String out = terminal.outText();
    assertThat(out)
        .startsWith("Wrote hooks/postgresql\nWrote hooks/ecs-deploy\nWrote hooks/end-sessions\n")
        .contains("\nLeft for a person, ready to paste:\n\n# ")
        .contains("\nsecrets put DB_USERNAME --trim-newline --inventory " + inventory + "\n")
        .contains("\nsecrets generate --all --inventory " + inventory + "\n");
    String left = out.substring(out.indexOf("ready to paste:\n") + "ready to paste:\n".length());
    assertThat(left.lines().filter(line -> !line.isEmpty()))
        .allMatch(
            line -> line.matches("(# .*|secrets .*|mkdir -p .*|\\$\\{EDITOR:-vi} .*|git log .*)"));
    Path script = Files.writeString(folder.resolve("left.sh"), left);
    Process shell = new ProcessBuilder("sh", "-n", script.toString()).inheritIO().start();
    assertThat(shell.waitFor()).isZero();
    assertThat(folder.resolve("hooks/ecs-deploy")).isExecutable();
  }

  @Test
  void saysWhatItHasWrittenToPrograms() {
    assertThat(run("status", "--fix", "--json", "--inventory", inventory))
        .isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText())
        .contains("\"fixed\":[{\"file\":\"hooks/postgresql\",\"outcome\":\"written\"}");
    assertThat(run("status", "--json", "--inventory", inventory)).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).doesNotContain("\"fixed\"");
  }

  @Test
  void doesNotMixWithAClaim() {
    assertThat(fail(ExitCode.USAGE, "status", "--fix", "--claim", "policies", "--by", "Anna"))
        .contains("Cannot use --fix with --claim");
  }
}
