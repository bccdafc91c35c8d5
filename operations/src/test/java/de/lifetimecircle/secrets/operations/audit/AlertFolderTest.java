package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertFolderTest {
  @TempDir Path folder;

  private static Map<String, String> files(String backend) {
    return AlertFolder.files(
        Inventory.parse(InventoryText.example(), "secrets.yaml"),
        "",
        backend,
        LocalDate.of(2026, 3, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure", "vault"})
  void theScriptIsOneAndThePageNamesItsVariables(String backend)
      throws IOException, InterruptedException {
    Map<String, String> files = files(backend);
    Path script = Files.writeString(folder.resolve("attach.sh"), files.get("attach.sh"));
    Process shell = new ProcessBuilder("sh", "-n", script.toString()).inheritIO().start();
    assertThat(shell.waitFor()).isZero();
    assertThat(files).containsKey("README.md");
    assertThat(files.get("attach.sh").lines().filter(line -> line.startsWith(": ")))
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(files.get("README.md"))
                    .contains("`" + line.replaceAll("^: \"\\$\\{([A-Z_]+):.*", "$1") + "`"));
  }

  /**
   * The rules of the published schema (2019-04-01/deploymentTemplate.json, read 2026-11-26) above
   * the level of single services, and that each reference leads somewhere.
   */
  @Test
  void theTemplateOfAzureHasTheFormOfItsSchema() {
    String text = files("azure").get("arm.json");
    Map<?, ?> template = (Map<?, ?>) Json.parse(text);
    assertThat(template.get("$schema"))
        .isEqualTo(
            "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#");
    assertThat(String.valueOf(template.get("contentVersion")))
        .matches("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+");
    assertThat(template.keySet().stream().map(String::valueOf))
        .isSubsetOf(
            "$schema",
            "apiProfile",
            "contentVersion",
            "variables",
            "parameters",
            "functions",
            "resources",
            "outputs")
        .contains("$schema", "contentVersion", "resources");
    Map<?, ?> parameters = (Map<?, ?>) template.get("parameters");
    Map<?, ?> variables = (Map<?, ?>) template.get("variables");
    assertThat(parameters.values())
        .allMatch(each -> ((Map<?, ?>) each).get("type") instanceof String);
    for (Object each : (List<?>) template.get("resources")) {
      Map<?, ?> resource = (Map<?, ?>) each;
      assertThat(resource.get("type")).asString().matches("Microsoft\\.[A-Za-z.]+/[A-Za-z/]+");
      assertThat(resource.get("apiVersion")).asString().matches("\\d{4}-\\d\\d-\\d\\d(-preview)?");
      assertThat(resource.get("name")).asString().isNotBlank();
    }
    Matcher used = Pattern.compile("(parameters|variables)\\('(\\w+)'\\)").matcher(text);
    int references = 0;
    while (used.find()) {
      references++;
      Map<?, ?> known = used.group(1).equals("parameters") ? parameters : variables;
      assertThat(known.containsKey(used.group(2))).as(used.group()).isTrue();
    }
    assertThat(references).isPositive();
  }

  @Test
  void parametersWithoutADefaultBecomeVariables() {
    assertThat(files("aws").get("attach.sh"))
        .contains("--parameter-overrides \\\n  SlackWorkspaceId=\"$SLACK_WORKSPACE_ID\"")
        .contains(": \"${TRAIL_LOG_GROUP:?}\"");
    assertThat(files("azure").get("attach.sh"))
        .contains("--parameters \\\n  workspaceId=\"$WORKSPACE_ID\"\n")
        .contains("RESOURCE_GROUP=lifetimecircle-prod\n");
    assertThat(files("vault").get("README.md")).contains("`ALERTMANAGER_CONFIG`");
  }
}
