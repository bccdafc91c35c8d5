package de.lifetimecircle.secrets.operations.policy;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.wiring.CiSystem;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder that an administrator applies: names, trust and commands that agree with each other. */
class PolicyFolderTest {
  private static final List<AccessPolicy.Audience> ALL = List.of(AccessPolicy.Audience.values());

  @TempDir Path folder;

  private static Inventory inventory(String text) {
    return Inventory.parse(text, "secrets.yaml");
  }

  private static Map<String, String> files(String backend, String repository) {
    return files(InventoryText.example(), "", backend, repository);
  }

  private static Map<String, String> files(
      String text, String environment, String backend, String repository) {
    return PolicyFolder.files(
        inventory(text),
        environment,
        ALL,
        backend,
        new PolicyFolder.Users(repository, PolicyFolder.Platform.ECS_TASKS));
  }

  /** Runs the script of a folder with a tool that only notes what it was asked. */
  private List<String> calls(Map<String, String> files, String tool, String... arguments)
      throws IOException, InterruptedException {
    // The first question of each script is whether something exists; here nothing does.
    int code = attach(files, tool, "case \"$*\" in iam\\ get-role*) exit 1;; esac\n", arguments);
    assertThat(code).as(said()).isZero();
    return noted();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("said"));
  }

  private List<String> noted() throws IOException {
    Path noted = folder.resolve("noted");
    return Files.exists(noted) ? Files.readAllLines(noted) : List.of();
  }

  /** Runs the script of a folder with a tool that notes what it was asked, then answers. */
  private int attach(Map<String, String> files, String tool, String answers, String... arguments)
      throws IOException, InterruptedException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    Path noted = folder.resolve("noted");
    Files.deleteIfExists(noted);
    Path program = folder.resolve("bin/" + tool);
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\necho \"$@\" >> " + noted + "\n" + answers);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    List<String> line = new ArrayList<>(List.of("sh", "attach.sh"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile());
    builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    for (String who : List.of("SERVICE", "CI", "ROTATOR")) {
      builder.environment().put(who + "_PRINCIPAL_ID", "id-of-" + who);
    }
    builder.environment().put("CI_APPLICATION_ID", "application");
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void awsHasRolesAsTheInventoryNamesThem() throws IOException, InterruptedException {
    Map<String, String> files = files("aws", "acme/ltc");
    assertThat(files)
        .containsOnlyKeys(
            "service.json",
            "ci.json",
            "rotator.json",
            "service-trust.json",
            "ci-trust.json",
            "rotator-trust.json",
            "attach.sh",
            "README.md");
    // These are the texts in which the linter of PolicyLintTest finds nothing.
    for (AccessPolicy.Audience who : ALL) {
      assertThat(files.get(PolicyFolder.file(who, "aws")))
          .isEqualTo(AccessPolicy.text(inventory(InventoryText.example()), "", who, "aws"));
    }
    assertThat(files.get("ci-trust.json"))
        .contains("\"repo:acme/ltc:environment:prod\"")
        .contains("oidc-provider/token.actions.githubusercontent.com");
    assertThat(files.get("service-trust.json"))
        .contains("ecs-tasks.amazonaws.com")
        .contains("\"aws:SourceAccount\": \"123456789012\"");
    assertThat(files.get("README.md"))
        .contains("| service | `arn:aws:iam::123456789012:role/lifetimecircle` |")
        .contains("| rotator | `arn:aws:iam::123456789012:role/lifetimecircle-prod-rotator` |")
        .contains("No service of AWS has taken these files");
    assertThat(calls(files, "aws"))
        .contains(
            "iam create-role --role-name lifetimecircle --assume-role-policy-document"
                + " file://service-trust.json",
            "iam put-role-policy --role-name lifetimecircle-ci --policy-name"
                + " lifetimecircle-prod-ci --policy-document file://ci.json")
        .hasSize(9);
    assertThat(calls(files, "aws", "rotator")).hasSize(3);
  }

  /** GitHub writes the environment of the job into its token, and the role trusts one subject. */
  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure"})
  void theTrustNamesTheEnvironmentOfTheWorkflow(String backend) {
    String workflow =
        CiSystem.GITHUB.text(
            inventory(InventoryText.example()),
            "",
            "secrets.yaml",
            backend,
            new CiSystem.Archive("https://example.org/secrets.tar.gz", "0".repeat(64)));
    Matcher environment = Pattern.compile("\n    environment: (.*)\n").matcher(workflow);
    assertThat(environment.find()).isTrue();
    assertThat(files(backend, "acme/ltc").get("ci-trust.json"))
        .contains("\"repo:acme/ltc:environment:" + environment.group(1) + "\"");
  }

  /** Since July 2026 the tokens of a new repository have ids, which only GitHub knows. */
  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure"})
  void theTrustTakesARepositoryWithItsIds(String backend) {
    Map<String, String> files = files(backend, "acme@123/ltc@456");
    assertThat(files.get("ci-trust.json")).contains("\"repo:acme@123/ltc@456:environment:prod\"");
    assertThat(files.get("README.md")).doesNotContain("sub_claim_prefix");
    assertThat(files(backend, "acme/ltc").get("README.md"))
        .contains("`gh api repos/acme/ltc/actions/oidc/customization/sub --jq .sub_claim_prefix`");
  }

  @Test
  void withoutARepositoryNobodyMayTakeTheRoleOfCi() throws IOException, InterruptedException {
    Map<String, String> files = files("aws", "");
    assertThat(files).doesNotContainKey("ci-trust.json");
    assertThat(files.get("README.md")).contains("--repository OWNER/NAME");
    assertThat(calls(files, "aws")).noneMatch(call -> call.contains("ci.json"));
  }

  @Test
  void azureAssignsEachSecretAndDefinesTheRotator() throws IOException, InterruptedException {
    Map<String, String> files = files("azure", "acme/ltc");
    Map<?, ?> role = (Map<?, ?>) Json.parse(files.get("rotator-role.json"));
    assertThat(role.get("Name")).isEqualTo("lifetimecircle prod secrets rotator");
    List<String> calls = calls(files, "az");
    assertThat(calls)
        .filteredOn(call -> call.contains("id-of-SERVICE"))
        .hasSize(3)
        .allMatch(call -> call.contains(AzurePolicy.SECRETS_USER) && call.contains("/secrets/"));
    assertThat(calls)
        .anyMatch(call -> call.startsWith("role definition create --role-definition @rotator-role"))
        .anyMatch(call -> call.contains("--role lifetimecircle prod secrets rotator --scope"))
        .anyMatch(call -> call.startsWith("ad app federated-credential create --id application"));
    assertThat(files.get("README.md")).contains("No service of Azure has taken these files");
  }

  /** Else the role of staging would get the rights of production. */
  @Test
  void environmentsDoNotShareARoleByAccident() {
    String two =
        InventoryText.example()
            .replace(
                "\naudit:\n", "\n  staging: {prefix: staging/, vault: {mount: secret}}\naudit:\n");
    assertThat(files(two, "staging", "vault", "").get("attach.sh"))
        .contains("role lifetimecircle-staging-service lifetimecircle-staging-service service.hcl");
    assertThat(files(two, "prod", "vault", "").get("attach.sh"))
        .contains("role lifetimecircle-prod-service ");
    assertThat(files("vault", "").get("attach.sh"))
        .contains("role lifetimecircle lifetimecircle-prod-service service.hcl");
    String nested =
        InventoryText.example()
            .replace("[approle/lifetimecircle, ", "[approle/shop-preprod, approle/shop-prod, ")
            .replace("\naudit:\n", "\n  preprod: {prefix: pre/, vault: {mount: secret}}\naudit:\n");
    assertThat(nested).contains("approle/shop-preprod");
    assertThat(files(nested, "prod", "vault", "").get("attach.sh"))
        .contains("role shop-prod ")
        .doesNotContain("shop-preprod");
    assertThat(files(nested, "preprod", "vault", "").get("attach.sh"))
        .contains("role shop-preprod ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure", "vault", "gpg"})
  void eachPageNamesItsFilesAndEachScriptIsOne(String backend)
      throws IOException, InterruptedException {
    Map<String, String> files = files(backend, "acme/ltc");
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (file.getKey().endsWith(".sh")) {
        Path script = Files.writeString(folder.resolve(file.getKey()), file.getValue());
        Process shell = new ProcessBuilder("sh", "-n", script.toString()).inheritIO().start();
        assertThat(shell.waitFor()).as(file.getKey()).isZero();
      }
    }
    for (AccessPolicy.Audience who : ALL) {
      assertThat(files.get("README.md")).contains("](" + PolicyFolder.file(who, backend) + ")");
    }
    assertThat(files.get("README.md")).contains("SECRETS_BACKEND=" + backend, "\nSECRETS_PREFIX=");
  }

  /** Run with sudo, 'recipients add' would look for the store of root. */
  @Test
  void onlyTheCommandsForTheOwnerOfTheFilesNeedRoot() {
    assertThat(files("gpg", "").get("README.md"))
        .contains("| ci | `a recipient of the store` | [ci.sh](ci.sh) |")
        .contains("| `sh ci.sh` |", "| `sudo sh service.sh` |", "| `sudo sh rotator.sh` |");
  }

  /** The writes to an OpenBao or Vault whose answer to the question for an AppRole is this. */
  private List<String> writes(String read, int expected) throws IOException, InterruptedException {
    String answers =
        """
        case "$*" in
          "auth list -format=json") echo '{"approle/": {}}' ;;
          read*) ANSWER ;;
        esac
        """
            .replace("ANSWER", read);
    int code = attach(files("vault", ""), "vault", answers, "service");
    assertThat(code).as(said()).isEqualTo(expected);
    return noted().stream().filter(call -> call.matches("(policy )?write .*")).toList();
  }

  @Test
  void anAppRoleThatCannotBeReadIsNotOverwritten() throws IOException, InterruptedException {
    String policy = "policy write lifetimecircle-prod-service service.hcl";
    String write = "write auth/approle/role/lifetimecircle token_policies=";
    String ours = "lifetimecircle-prod-service";
    for (String error : List.of("Code: 403. * permission denied", "Code: 503. * Vault is sealed")) {
      assertThat(writes("echo '" + error + "' >&2; exit 2", 1)).isEmpty();
      assertThat(said()).contains("Cannot read the AppRole lifetimecircle").contains(error);
    }
    assertThat(writes("echo 'No value found at auth/approle/role/lifetimecircle' >&2; exit 2", 0))
        .containsExactly(policy, write + ours + " token_ttl=20m token_max_ttl=24h");
    assertThat(writes("echo '[]'", 0)).containsExactly(policy, write + ours);
    assertThat(writes("echo 'WARNING! Old server' >&2; echo '[of-others more]'", 0))
        .containsExactly(policy, write + "of-others,more," + ours);
    assertThat(writes("echo '[of-others " + ours + "]'", 0)).containsExactly(policy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure", "vault"})
  void aRoleThatTheScriptDoesNotHaveIsRefused(String backend)
      throws IOException, InterruptedException {
    Map<String, String> files = files(backend, "acme/ltc");
    String tool = backend.equals("azure") ? "az" : backend;
    for (String word : List.of("servcie", "all", "service ci", "*")) {
      assertThat(attach(files, tool, "", word)).as(word).isEqualTo(2);
      assertThat(said())
          .contains("Cannot attach '" + word + "'")
          .contains("none for all: service, ci, rotator");
    }
    assertThat(attach(files, tool, "", "service", "ci")).isEqualTo(2);
    assertThat(noted()).isEmpty();
    assertThat(attach(files("aws", ""), "aws", "", "ci")).as("without a repository").isEqualTo(2);
    assertThat(said()).contains("none for all: service, rotator");
    assertThat(noted()).isEmpty();
  }
}
