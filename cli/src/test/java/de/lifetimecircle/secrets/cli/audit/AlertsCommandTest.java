package de.lifetimecircle.secrets.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandLineRun;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsCommandTest {
  @TempDir Path folder;
  private FakeTerminal terminal = new FakeTerminal();

  private int run(String... options) throws IOException {
    Path inventory = folder.resolve("secrets.yaml");
    Files.writeString(inventory, InventoryText.example());
    List<String> args = new ArrayList<>(List.of("alerts", "--inventory", inventory.toString()));
    args.addAll(List.of(options));
    terminal = new FakeTerminal();
    return new CommandLineRun(terminal, Map.of()).run(args.toArray(String[]::new));
  }

  private Stream<String> keys() {
    return Json.parse(terminal.outText()) instanceof Map<?, ?> document
        ? document.keySet().stream().map(String::valueOf)
        : Stream.empty();
  }

  @Test
  void writesWhatTheBackendsSystemsTake() throws IOException {
    assertThat(run("--backend", "aws", "--target", "slack")).isZero();
    assertThat(keys()).contains("Resources");
    assertThat(run("--backend", "azure")).isZero();
    assertThat(keys()).contains("resources");
    assertThat(run("--backend", "vault", "--part", "loki-rules.yaml")).isZero();
    assertThat(terminal.outText()).startsWith("groups:\n");
    assertThat(run("--backend", "vault", "--json")).isZero();
    assertThat((Map<?, ?>) CommandTest.result(terminal.outText())).hasSize(3);
  }

  @Test
  void asksForWhatIsMissing() throws IOException {
    assertThat(run()).isEqualTo(2);
    assertThat(terminal.errText()).contains("add --backend with one of aws, azure, vault");
    assertThat(run("--backend", "aws", "--target", "pager")).isEqualTo(2);
    assertThat(run("--backend", "vault")).isEqualTo(2);
    assertThat(terminal.errText()).contains("--part with one of loki-rules.yaml");
    assertThat(run("--backend", "vault", "--part", "x")).isEqualTo(2);
    assertThat(run("--backend", "gpg")).isEqualTo(5);
  }
}
