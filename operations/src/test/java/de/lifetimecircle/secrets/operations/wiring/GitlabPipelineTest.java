package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class GitlabPipelineTest {
  private static String pipeline(String inventory, String file, String backend) {
    return CiSystem.GITLAB.text(
        Inventory.parse(inventory, "example"),
        "",
        file,
        backend,
        new CiSystem.Archive("https://example.org/secrets-1.tar.gz", "0".repeat(64)));
  }

  private static Map<?, ?> job(String text) {
    Map<?, ?> parsed = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    assertThat(parsed).hasSize(1);
    return (Map<?, ?>) parsed.get("deploy-prod");
  }

  @Test
  void theJobHasAReasonIfTheInventoryDemandsOne() throws IOException {
    String inventory =
        InventoryText.example().replaceFirst("(?m)^audit:$", "audit:\n  reason: required");
    assertThat(inventory).contains("reason: required");
    assertThat((Map<?, ?>) job(pipeline(inventory, "secrets.yaml", "aws")).get("variables"))
        .extracting("SECRETS_AUDIT_REASON")
        .isEqualTo("pipeline $CI_PIPELINE_ID");
    assertThat(pipeline(InventoryText.example(), "secrets.yaml", "aws")).doesNotContain("REASON");
  }

  @Test
  void theServerOfTheInventoryIsTheAudience() throws IOException {
    String named =
        InventoryText.example()
            .replaceFirst("( +)mount: ", "$1address: https://bao.test:8200\n$1mount: ");
    Map<?, ?> job = job(pipeline(named, "secrets.yaml", "vault"));
    assertThat(job.get("id_tokens"))
        .isEqualTo(Map.of("SECRETS_ID_TOKEN", Map.of("aud", "https://bao.test:8200")));
    assertThat((Map<?, ?>) job.get("variables"))
        .extracting("SECRETS_VAULT_ADDRESS")
        .isEqualTo("https://bao.test:8200");
  }

  @ParameterizedTest
  @CsvSource({
    "aws,sts.amazonaws.com,AWS_WEB_IDENTITY_TOKEN_FILE",
    "azure,api://AzureADTokenExchange,SECRETS_AZURE_FEDERATED_TOKEN_FILE",
    "vault,$SECRETS_VAULT_ADDRESS,SECRETS_VAULT_JWT_FILE"
  })
  void oneJobLogsInWithATokenOfGitlab(String backend, String audience, String variable)
      throws IOException, InterruptedException {
    String text = pipeline(InventoryText.example(), "secrets.yaml", backend);
    Map<?, ?> job = job(text);
    assertThat(job.get("id_tokens")).isEqualTo(Map.of("SECRETS_ID_TOKEN", Map.of("aud", audience)));
    assertThat(job.get("environment")).isEqualTo(Map.of("name", "prod"));
    Map<?, ?> variables = (Map<?, ?>) job.get("variables");
    assertThat(variables.get("SECRETS_BACKEND")).isEqualTo(backend);
    assertThat(variables.get("SECRETS_PREFIX")).isEqualTo("prod/");
    String script = (String) ((List<?>) job.get("script")).get(0);
    assertThat(script)
        .contains("export " + variable + "=\"$tools/id-token\"")
        .contains("exec --for ci --inventory secrets.yaml --environment prod -- \\\n")
        .contains("| \"$tools/secrets/bin/secrets\" redact --for ci --inventory secrets.yaml")
        .contains(
            "\ncurl --fail --silent https://app.lifetimecircle.example/api/health </dev/null\n")
        .contains(" 2>&1 </dev/null \\\n");
    assertThat(text).doesNotContain("@");
    Process shell = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    shell.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
    shell.getOutputStream().close();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(said).isZero();
  }

  @Test
  void hooksRunInTheFolderOfTheInventory() {
    String script =
        (String)
            ((List<?>)
                    job(pipeline(InventoryText.example(), "deploy/secrets.yaml", "aws"))
                        .get("script"))
                .get(0);
    assertThat(script).contains("\ncd 'deploy'\n").contains("--inventory secrets.yaml");
    assertThatThrownBy(() -> pipeline(InventoryText.example(), "../secrets.yaml", "aws"))
        .hasMessageContaining("inside the repository");
    assertThatThrownBy(
            () ->
                pipeline(
                    InventoryText.example().replaceAll(" *deploy: .*\n", ""),
                    "secrets.yaml",
                    "aws"))
        .hasMessageContaining("no hook 'deploy'");
  }
}
