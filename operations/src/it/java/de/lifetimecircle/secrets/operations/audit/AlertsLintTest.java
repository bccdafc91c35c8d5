package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Public linters have nothing to say about the definitions that we write. */
class AlertsLintTest {
  @TempDir Path folder;

  private static Map<String, String> files(String backend) {
    Inventory inventory = Inventory.parse(InventoryText.example(), "example");
    return AlertDefinitions.files(inventory, "", backend, LocalDate.of(2026, 11, 25));
  }

  private record Said(int exitCode, String text) {}

  private Said lint(String program, String file, String text, String... arguments)
      throws IOException, InterruptedException {
    Path found =
        LocalServer.find(program)
            .orElseThrow(
                () -> new IllegalStateException(program + " is not installed. Run ./verify"));
    List<String> command = new ArrayList<>(List.of(found.toString()));
    command.addAll(List.of(arguments));
    command.add(Files.writeString(folder.resolve(file), text).toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), said);
  }

  @Test
  void cfnLintTakesTheTemplateAndFindsWhatIsPlanted() throws IOException, InterruptedException {
    String template = files("aws").get("cloudformation.json");
    Said said = lint("cfn-lint/bin/cfn-lint", "t.json", template);
    assertThat(said).isEqualTo(new Said(0, ""));
    Said planted =
        lint("cfn-lint/bin/cfn-lint", "t.json", template.replace("SlackChannelId", "SlackChanel"));
    assertThat(planted.exitCode()).isNotZero();
    assertThat(planted.text()).contains("SlackChanel");
  }

  @Test
  void promtoolTakesTheRules() throws IOException, InterruptedException {
    String rules = files("vault").get("prometheus-rules.yaml");
    Said said = lint("alerting/usr/bin/promtool", "r.yaml", rules, "check", "rules");
    assertThat(said.text()).contains("SUCCESS: 4 rules found");
    assertThat(said.exitCode()).isZero();
    Said planted =
        lint(
            "alerting/usr/bin/promtool",
            "r.yaml",
            rules.replace("[5m])", "[5m]"),
            "check",
            "rules");
    assertThat(planted.exitCode()).isNotZero();
  }

  @Test
  void amtoolTakesTheConfiguration() throws IOException, InterruptedException {
    String file = files("vault").get("alertmanager.yaml");
    Said said = lint("alerting/usr/bin/amtool", "a.yaml", file, "check-config");
    assertThat(said.text()).contains("SUCCESS").contains("1 inhibit rules").contains("2 receivers");
    assertThat(said.exitCode()).isZero();
    Said planted =
        lint(
            "alerting/usr/bin/amtool",
            "a.yaml",
            file.replace("\"saturday\"", "\"caturday\""),
            "check-config");
    assertThat(planted.exitCode()).isNotZero();
  }
}
