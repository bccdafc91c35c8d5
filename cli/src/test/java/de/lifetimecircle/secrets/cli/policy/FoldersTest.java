package de.lifetimecircle.secrets.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folders that policy, alerts and handover write with --out. */
class FoldersTest extends CommandTest {
  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void begin() throws IOException {
    inventory =
        Files.writeString(
                folder.resolve("secrets.yaml"),
                InventoryText.example()
                    .replace(".example", ".test")
                    .replace("123456789012", "210987654321")
                    .replace(
                        "00000000-0000-0000-0000-000000000000",
                        "0f0e0d0c-0000-4000-8000-000000000001"))
            .toString();
  }

  private String[] line(String... words) {
    String[] line = new String[words.length + 4];
    System.arraycopy(words, 0, line, 0, words.length);
    line[words.length] = "--inventory";
    line[words.length + 1] = inventory;
    line[words.length + 2] = "--out";
    line[words.length + 3] = folder.resolve("out").toString();
    return line;
  }

  @Test
  void policyWritesAllRolesOrOneAndReplacesNothingUnasked() throws IOException {
    Path out = folder.resolve("out");
    assertThat(succeed(line("policy", "--backend", "aws", "--repository", "acme/ltc")))
        .contains("Wrote " + out + "/service.json\n")
        .contains("Wrote " + out + "/ci-trust.json\n")
        .endsWith("Read " + out + "/README.md, then run: sh " + out + "/attach.sh\n");
    assertThat(out.resolve("attach.sh")).isExecutable();
    assertThat(succeed(line("policy", "--backend", "aws", "--repository", "acme/ltc")))
        .contains("Same  " + out + "/service.json\n")
        .doesNotContain("Wrote");
    Files.writeString(out.resolve("ci.json"), "by hand");
    assertThat(
            fail(
                ExitCode.CONFLICT,
                line("policy", "--backend", "aws", "--for", "ci", "--repository", "acme/ltc")))
        .contains("other files are there: ")
        .contains("ci.json");
    assertThat(succeed(line("policy", "--backend", "aws", "--for", "ci", "--replace", "--json")))
        .contains("\"written\":[\"ci.json\"");
    assertThat(out.resolve("ci.json")).content().startsWith("{");
  }

  /** A team that has chosen its store in the settings need not name it again. */
  @Test
  void thePapersAreForTheBackendOfTheSettings() {
    environment.put("SECRETS_AWS_REGION", "eu-central-1");
    List<String[]> papers =
        List.of(
            new String[] {"policy", "--for", "service"},
            new String[] {"alerts"},
            "ci github --archive https://h.test/s.tar.gz --sha256 "
                .concat("0".repeat(64))
                .split(" "));
    for (String[] words : papers) {
      List<String> all = new ArrayList<>(List.of(words));
      all.addAll(List.of("--inventory", inventory));
      String[] line = all.toArray(new String[0]);
      environment.put("SECRETS_BACKEND", "aws");
      String chosen = succeed(line);
      environment.remove("SECRETS_BACKEND");
      assertThat(fail(ExitCode.USAGE, line)).contains("add --backend with one of aws, azure");
      all.addAll(List.of("--backend", "aws"));
      assertThat(succeed(all.toArray(new String[0]))).isEqualTo(chosen);
      all.set(all.size() - 1, "azure");
      environment.put("SECRETS_BACKEND", "aws");
      assertThat(run(all.toArray(new String[0]))).isZero();
      assertThat(terminal.outText()).as("the option wins").isNotEqualTo(chosen);
    }
  }

  /** As far as the configuration says it, because the command asks no backend. */
  @Test
  void policySaysIfTheInventoryNamesAnotherStoreThanTheConfiguration() throws IOException {
    environment.put("SECRETS_AWS_REGION", "us-east-1");
    assertThat(run(line("policy", "--backend", "aws"))).isZero();
    assertThat(terminal.errText())
        .isEqualTo(
            "secrets: "
                + inventory
                + " names another store: environments.prod.aws.region is eu-central-1, and the store"
                + " is us-east-1; correct environments.prod.aws.region, or choose the other"
                + " store.\n");
    environment.put("SECRETS_AWS_REGION", "eu-central-1");
    assertThat(succeed(line("policy", "--backend", "aws"))).contains("Same");
  }

  /** The folder in the inventory is that of a server; where it exists, it must be the store. */
  @Test
  void policyComparesAFolderThatExistsHere() throws IOException {
    Path named = Files.createDirectories(folder.resolve("named"));
    Path other = Files.createDirectories(folder.resolve("other"));
    String text = Files.readString(Path.of(inventory));
    environment.put("SECRETS_GPG_STORE", other.toString());
    assertThat(succeed(line("policy", "--backend", "gpg"))).contains("Wrote");
    Files.writeString(
        Path.of(inventory), text.replace("/var/lib/lifetimecircle/secrets", named.toString()));
    assertThat(run(line("policy", "--backend", "gpg", "--replace"))).isZero();
    assertThat(terminal.errText()).contains("gpg.folder is " + named, "the store is " + other);
    environment.put("SECRETS_GPG_STORE", folder.resolve("other/../named").toString());
    assertThat(succeed(line("policy", "--backend", "gpg"))).contains("Same");
  }

  @Test
  void alertsAndHandOverWriteWhatTheirReadersApply() {
    store.holding("prod/DB_HOST", CANARY);
    assertThat(succeed(line("alerts", "--backend", "azure"))).contains("arm.json", "attach.sh");
    assertThat(succeed(line("handover", "--to", "sre", "--replace")))
        .contains("message.txt", "runbook.md");
    assertThat(folder.resolve("out/message.txt"))
        .content()
        .contains("Date: ")
        .doesNotContain(CANARY);
    assertThat(folder.resolve("out/runbook.md")).content().doesNotContain(CANARY);
  }

  @Test
  void aHandOverNamesTheRepositoryThatTakesTheRoleOfCi() {
    store.holding("prod/DB_HOST", CANARY);
    String[] words = {"handover", "--to", "devops", "--repository", "acme/ltc"};
    assertThat(succeed(line(words))).contains("message.txt");
    assertThat(fail(ExitCode.USAGE, "handover", "--to", "devops", "--repository", "acme/ltc"))
        .contains("--to devops --out DIR");
    assertThat(fail(ExitCode.USAGE, line("handover", "--to", "sre", "--runs-on", "lambda")))
        .contains("--to devops --out DIR");
  }

  @Test
  void refusesWhatItCannotMean() {
    fail(ExitCode.USAGE, "policy", "--backend", "aws", "--inventory", inventory);
    for (String repository : List.of("a b", "acme", "acme@1/ltc", "acme/ltc@2", "acme@x/ltc@2")) {
      fail(ExitCode.USAGE, line("policy", "--backend", "aws", "--repository", repository));
    }
    fail(ExitCode.USAGE, line("policy", "--backend", "aws", "--runs-on", "mainframe"));
    assertThat(fail(ExitCode.USAGE, "policy", "--backend", "aws", "--for", "ci", "--replace"))
        .contains("without --out");
  }
}
