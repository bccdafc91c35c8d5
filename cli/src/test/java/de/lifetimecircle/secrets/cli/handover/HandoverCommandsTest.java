package de.lifetimecircle.secrets.cli.handover;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoverCommandsTest extends CommandTest {
  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void fill() throws IOException {
    inventory =
        Files.writeString(
                folder.resolve("secrets.yaml"),
                InventoryText.example()
                    .replace(".example", ".test")
                    .replace("123456789012", "210987654321"))
            .toString();
    ExampleHooks.write(folder.resolve("hooks"));
    store
        .holding("prod/DB_USERNAME", "postgres")
        .holding("prod/DB_HOST", "db.example.com")
        .holding("prod/DB_PORT", "5432")
        .holding("prod/DB_NAME", "ltc");
    succeed("generate", "--all", "--inventory", inventory);
  }

  @Test
  void writesTheRunbookThatTheCheckWantsAnewAfterARotation() {
    Path file = folder.resolve("docs/SECRETS_PROD_RUNBOOK.md");
    assertThat(succeed("runbook", "--lang", "de", "--inventory", inventory))
        .isEqualTo("Wrote docs/SECRETS_PROD_RUNBOOK.md\n");
    assertThat(file).content().contains("# Runbook: Secrets von");
    assertThat(succeed("check", "--inventory", inventory))
        .contains("OK    docs/SECRETS_PROD_RUNBOOK.md: is up to date\n");
    succeed("generate", "LTC_SECRET_KEY", "--force", "--inventory", inventory);
    assertThat(run("check", "--inventory", inventory)).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText()).contains("FAIL  docs/SECRETS_PROD_RUNBOOK.md: out of date");
    succeed("runbook", "--inventory", inventory);
    assertThat(file).content().contains("# Runbook: Secrets von");
    succeed("check", "--inventory", inventory);
  }

  /** Each has a copy of the encrypted files in a home folder of their own. */
  @Test
  void theRunbookOfAnnaIsTrueForBen() throws IOException {
    Path annas = folder.resolve("anna");
    environment.put("SECRETS_BACKEND", "gpg");
    environment.put("SECRETS_GPG_STORE", annas.resolve("store").toString());
    environment.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    for (String brought : List.of("DB_USERNAME", "DB_HOST", "DB_NAME", "DB_PORT")) {
      runWith(
          new FakeTerminal().input(utf8("5432")),
          "put",
          brought,
          "--trim-newline",
          "--inventory",
          inventory);
    }
    succeed("generate", "--all", "--inventory", inventory);
    succeed("runbook", "--lang", "en", "--inventory", inventory);
    assertThat(folder.resolve("docs/SECRETS_PROD_RUNBOOK.md"))
        .content()
        .contains("encrypted files (OpenPGP)")
        .doesNotContain(annas.toString());
    Files.move(annas, folder.resolve("ben"));
    environment.put("SECRETS_GPG_STORE", folder.resolve("ben/store").toString());
    assertThat(succeed("check", "--inventory", inventory))
        .contains("OK    docs/SECRETS_PROD_RUNBOOK.md: is up to date\n");
  }

  @Test
  void showsTheRunbookAndWritesItElsewhere() {
    assertThat(succeed("runbook", "--out", "-", "--inventory", inventory))
        .startsWith("<!-- secrets runbook 1 environment=prod language=en -->");
    assertThat(folder.resolve("docs")).doesNotExist();
    Path other = folder.resolve("other.md");
    succeed("runbook", "--out", other.toString(), "--inventory", inventory, "--json");
    assertThat(terminal.outText()).contains("\"outcome\":\"written\"");
    assertThat(other).isNotEmptyFile();
  }

  @Test
  void writesTheMessagesInTheLanguageOfTheEnvironment() {
    environment.put("LANG", "de_DE.UTF-8");
    assertThat(succeed("handover", "--to", "devops", "--inventory", inventory))
        .contains("Übergabe an DevOps")
        .contains("NICHT bereit für das Deployment:\n");
    environment.put("LC_ALL", "en_GB.UTF-8");
    assertThat(succeed("handover", "--to", "sre", "--inventory", inventory, "--json"))
        .contains("\"result\":{\"message\":\"Secrets of lifetimecircle, prod: hand-over to SRE");
  }

  @Test
  void recordsThatAMessageWasDelivered() {
    int code = run("handover", "--to", "sre", "--delivered-by", "Anna", "--inventory", inventory);
    assertThat(code).as(terminal.errText()).isZero();
    assertThat(terminal.errText()).contains("recorded in docs/SECRETS_PROD_RECORDS.jsonl");
    assertThat(folder.resolve("docs/SECRETS_PROD_RECORDS.jsonl"))
        .content()
        .contains("\"by\":\"Anna\",\"what\":\"handover-sre\"");
  }

  @Test
  void doesNotRecordAMessageThatSaysNotReady() {
    int code =
        run("handover", "--to", "devops", "--delivered-by", "Anna", "--inventory", inventory);
    assertThat(code).isEqualTo(ExitCode.CONFLICT.code());
    assertThat(terminal.outText()).contains("NOT ready for deployment:");
    assertThat(terminal.errText())
        .contains("Cannot record the delivery of the message to 'devops'")
        .contains("missing in the repository");
    assertThat(folder.resolve("docs/SECRETS_PROD_RECORDS.jsonl")).doesNotExist();
  }

  /** A policy with the example's account would be attached, and grant nothing. */
  @Test
  void documentsNameTheValuesOfTheExampleThatTheyRepeat() throws IOException {
    Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example());
    int policy = run("policy", "--for", "ci", "--backend", "aws", "--inventory", inventory);
    assertThat(policy).isZero();
    assertThat(terminal.outText()).startsWith("{");
    assertThat(terminal.errText())
        .contains("secrets.yaml still has values of the example")
        .contains("prod.aws.account, prod.aws.kms-key");
    int runbook = run("runbook", "--inventory", inventory);
    assertThat(runbook).isZero();
    assertThat(terminal.errText()).contains("still has values of the example").contains("contact");
  }

  @Test
  void refusesOtherReadersAndLanguages() {
    fail(ExitCode.USAGE, "handover", "--to", "everybody", "--inventory", inventory);
    fail(ExitCode.USAGE, "runbook", "--lang", "fr", "--inventory", inventory);
  }
}
