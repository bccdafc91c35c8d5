package de.lifetimecircle.secrets.cli.inventory;

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

class InventoryCommandsTest extends CommandTest {
  @TempDir Path folder;
  private String file = "";

  @BeforeEach
  void nameFile() {
    file = folder.resolve("secrets.yaml").toString();
  }

  @Test
  void beginsAnInventoryAndAsksNoBackend() {
    assertThat(succeed("init", "--inventory", file)).startsWith("Created " + file);
    assertThat(folder.resolve("secrets.yaml")).content().isEqualTo(InventoryText.example());
    assertThat(fail(ExitCode.CONFLICT, "init", "--inventory", file)).contains("exists");
    fail(ExitCode.USAGE, "init", "--inventory", file, "--write-config", "x");
    fail(ExitCode.INVALID, "init", "--inventory", folder.resolve("no/x.yaml").toString());
    assertThat(store.calls()).isZero();
  }

  @Test
  void tidiesAndChecks() throws IOException {
    String untidy = InventoryText.example().replace("version: 1\n", "version:     1\n");
    Files.writeString(Path.of(file), untidy);
    assertThat(fail(ExitCode.INVALID, "fmt", file, "--check")).contains("secrets fmt");
    assertThat(Path.of(file)).content().isEqualTo(untidy);
    assertThat(succeed("fmt", file)).isEqualTo("Formatted " + file + "\n");
    assertThat(succeed("fmt", file, "--json"))
        .isEqualTo(printed("fmt", "{\"file\":\"" + file + "\",\"outcome\":\"unchanged\"}"));
    assertThat(succeed("fmt", file, "--check")).startsWith("Unchanged");
  }

  @Test
  void tellsEachMistakeOnALineAndNoContent() throws IOException {
    Files.writeString(
        Path.of(file),
        "version: 1\nservce: x\nowner: o\nenvironments: {prod: {}}\nsecrets:\n  A: "
            + CANARY
            + "\n  B: {description: x, value: "
            + CANARY
            + "}\n");
    assertThat(run("fmt", file)).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText())
        .contains("4 mistakes")
        .contains(file + ":2:1: unknown key 'servce'; did you mean 'service'?")
        .contains(file + ":7:23: an inventory holds no values")
        .doesNotContain(CANARY)
        .hasLineCount(5);
    assertThat(terminal.outText()).isEmpty();
  }

  @Test
  void printsTheSchema() {
    assertThat(succeed("schema")).isEqualTo(InventoryText.schema());
  }
}
