package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Two public checkers, actionlint and zizmor, have nothing to say about the workflows. */
class GithubWorkflowTest {
  private static final CiSystem.Archive ARCHIVE =
      new CiSystem.Archive("https://example.org/secrets-1.tar.gz", "0".repeat(64));

  @TempDir Path folder;

  private static String workflow(String inventory, String backend) {
    return CiSystem.GITHUB.text(
        Inventory.parse(inventory, "example"), "", "secrets.yaml", backend, ARCHIVE);
  }

  private static String workflow(String backend) {
    return workflow(InventoryText.example(), backend);
  }

  /** What both say; nothing where all is well. */
  private String check(String workflow) throws IOException, InterruptedException {
    Path file = folder.resolve(".github/workflows/deploy-prod.yml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, workflow);
    String actionlint = tool("actionlint/actionlint");
    String zizmor = tool("zizmor/bin/zizmor");
    return run(List.of(actionlint, "-shellcheck=", "-pyflakes=", file.toString()))
        + run(List.of(zizmor, "--offline", "--quiet", "--persona=auditor", file.toString()));
  }

  private static String tool(String path) {
    return LocalServer.find(path)
        .orElseThrow(() -> new IllegalStateException(path + " is not installed. Run ./verify"))
        .toString();
  }

  private static String run(List<String> line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return code == 0 ? "" : code + ": " + said;
  }

  @ParameterizedTest
  @CsvSource({"aws", "azure", "vault"})
  void theCheckersFindNothing(String backend) throws IOException, InterruptedException {
    assertThat(check(workflow(backend))).isEmpty();
  }

  @Test
  void theCheckersFindWhatIsPlanted() throws IOException, InterruptedException {
    String workflow = workflow("aws");
    assertThat(check(workflow.replaceFirst("checkout@[0-9a-f]{40}", "checkout@v5")))
        .contains("unpinned-uses");
    assertThat(check(workflow.replace("persist-credentials: false", "fetch-depth: 1")))
        .contains("artipacked");
    assertThat(check(workflow.replace("permissions: {}", "permissions: write-all")))
        .contains("excessive-permissions");
    assertThat(check(workflow.replace("timeout-minutes", "timeout-minuts")))
        .contains("unexpected key \"timeout-minuts\"");
    assertThat(check(workflow.replace("\"$ARCHIVE\"", "${{ github.event.inputs.x }}")))
        .contains("template-injection");
  }

  @ParameterizedTest
  @CsvSource({"aws", "azure", "vault"})
  void oneStepHasTheSecretsAndNobodyAKey(String backend) {
    String text = workflow(backend);
    assertThat(text).doesNotContain("secrets.AWS").doesNotContain("${{ secrets");
    Map<?, ?> parsed = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    assertThat(parsed.get("permissions")).isEqualTo(Map.of());
    Map<?, ?> job = (Map<?, ?>) ((Map<?, ?>) parsed.get("jobs")).get("deploy");
    assertThat(job.get("environment")).isEqualTo("prod");
    assertThat(job.get("permissions")).isEqualTo(Map.of("contents", "read", "id-token", "write"));
    List<?> steps = (List<?>) job.get("steps");
    List<String> scripts =
        steps.stream().map(step -> String.valueOf(((Map<?, ?>) step).get("run"))).toList();
    assertThat(scripts)
        .filteredOn(script -> script.contains("bin/secrets"))
        .singleElement()
        .asString()
        .contains("exec --for ci --inventory secrets.yaml --environment prod")
        .endsWith("--mask github -- ./hooks/ecs-deploy prod api\n");
    assertThat(scripts.get(scripts.size() - 1))
        .isEqualTo("curl --fail --silent https://app.lifetimecircle.example/api/health\n");
  }

  @Test
  void quotesWhatAShellWouldRead() {
    String inventory =
        InventoryText.example()
            .replace("[./hooks/ecs-deploy, prod, api]", "[deploy, \"it's $HOME; `id`\"]");
    assertThat(workflow(inventory, "aws")).contains(" -- deploy 'it'\\''s $HOME; `id`'\n");
    String injected =
        InventoryText.example()
            .replace("[./hooks/ecs-deploy, prod", "[./hooks/ecs-deploy, \"${{ x }}\"");
    assertThatThrownBy(() -> workflow(injected, "aws")).hasMessageContaining("'${{'");
  }

  @Test
  void saysWhatTheInventoryLacks() {
    String text = InventoryText.example();
    assertThatThrownBy(() -> workflow(text.replaceAll(" *deploy: .*\n", ""), "aws"))
        .hasMessageContaining("no hook 'deploy'");
    assertThatThrownBy(
            () ->
                workflow(
                    text.replace(
                        "    local-override: DATABASE_URL_LOCAL",
                        "    hooks:\n      deploy: [other]"),
                    "aws"))
        .hasMessageContaining("different hooks 'deploy'");
    assertThatThrownBy(() -> workflow(text.replaceAll(" *region: .*\n", ""), "aws"))
        .hasMessageContaining("lacks environments.prod.aws.region");
    assertThatThrownBy(() -> new CiSystem.Archive("http://example.org/x", "0".repeat(64)))
        .hasMessageContaining("https://");
    assertThatThrownBy(() -> new CiSystem.Archive("https://example.org/x", "0123"))
        .hasMessageContaining("64 small hexadecimal digits");
  }
}
