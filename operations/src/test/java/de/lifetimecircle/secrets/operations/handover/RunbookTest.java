package de.lifetimecircle.secrets.operations.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.check.CheckFinding;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.StoreSnapshot;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakProbeExtension.class)
class RunbookTest {
  @TempDir Path folder;
  private HandoverCase service;
  private Path file;

  @BeforeEach
  void begin() throws IOException {
    service = new HandoverCase(folder);
    file = folder.resolve("docs/SECRETS_PROD_RUNBOOK.md");
  }

  private String write(Language language) throws IOException {
    try (SecretProvider provider = service.provider()) {
      Runbook.write(file, service.site(), StoreSnapshot.of(service.site(), provider), language);
    }
    return Files.readString(file);
  }

  private List<CheckFinding> findings() {
    try (SecretProvider provider = service.provider()) {
      return Runbook.findings(service.site(), StoreSnapshot.of(service.site(), provider));
    }
  }

  private CheckFinding finding() {
    assertThat(findings()).hasSize(1);
    return findings().get(0);
  }

  @Test
  void saysEverythingButValues(LeakProbe probe) throws IOException {
    service.fill(probe.canary("value"));
    String text = write(Language.ENGLISH);
    probe.look("runbook", text).lookAtFiles(folder);
    assertThat(service.store.calls(FakeStore.Op.FETCH)).isZero();
    assertThat(text)
        .startsWith("<!-- secrets runbook 1 environment=prod language=en -->\n# Runbook")
        .contains("\n- backend: AWS Secrets Manager\n- place: `memory`\n")
        .contains("| `prod/LTC_SECRET_KEY` | `prod/LTC_SECRET_KEY` | `v1` | 1 March 2026 |")
        .contains("| `secrets emergency LTC_SECRET_KEY` |")
        .contains("How the service reaches its database | `secrets emergency DB_ADMIN_PW` |")
        .contains(
            "| `prod/DB_HOST` | Where the database is | no secret by itself: it says where or as"
                + " whom DATABASE_URL connects, and stays as it is |")
        .contains(
            "# the exposed secret\nNAME=LTC_SECRET_KEY\n"
                + "export EMERGENCY_SERVICE=lifetimecircle EMERGENCY_ENVIRONMENT=prod"
                + " EMERGENCY_SECRET=\"$NAME\" EMERGENCY_NAME=prod/\"$NAME\"\n"
                + "secrets rotate \"$NAME\"\nsecrets rotate retire \"$NAME\"\n"
                + "# end the sessions\nEMERGENCY_STEP=invalidate-sessions ./hooks/end-sessions\n"
                + "# verify\nEMERGENCY_STEP=verify curl --fail ")
        .contains("secrets policy --for ci --backend aws > infra/secrets/prod/ci.json\n")
        .contains(
            "| `prod/DB_ADMIN_PW` | every 6 months, on 1 March, 1 September | 1 September 2026 |"
                + " 24 hours |")
        .contains("security@lifetimecircle.example")
        .endsWith("<!-- secrets runbook: end -->\n");
  }

  /** A key that somebody issued is replaced there; a host, a port and a user are not. */
  @Test
  void onlyWhatSomebodyIssuesIsGotFromThere() throws IOException {
    service.write(
        """
        version: 1
        service: shop
        owner: security
        environments: {prod: {prefix: prod/}}
        secrets:
          KEY: {description: signs, generator: hex 32}
          STRIPE: {description: pays, issuer: "https://dashboard.example/keys"}
          USER: {description: who}
          PASSWORD: {description: opens}
          HOST: {description: where}
          TOKEN: {description: hook}
          URL: {description: url, template: 'postgresql://{USER}:{PASSWORD}@{HOST}/db?t={TOKEN}'}
          HOOK: {description: hook, template: 'https://{HOST}/{STRIPE}'}
          PATH_TOKEN: {description: sends}
          LOGIN: {description: url, template: 'https://{USER}:{PASSWORD}@{HOST}/x/{PATH_TOKEN}'}
          DB_NAME: {description: where}
          DB: {description: url, template: 'postgresql://{USER}:{PASSWORD}@{HOST}/{DB_NAME}'}
        """);
    String text = write(Language.ENGLISH);
    for (String issued : List.of("STRIPE", "PASSWORD", "TOKEN", "PATH_TOKEN")) {
      assertThat(text).contains("`secrets emergency " + issued + "`: it asks for the new value");
    }
    assertThat(text).contains("which you get at <https://dashboard.example/keys>");
    for (String place : List.of("USER", "HOST", "DB_NAME")) {
      assertThat(text).doesNotContain("secrets emergency " + place);
    }
  }

  @Test
  void anEnvironmentWithoutSecretsHasARunbookToo() throws IOException {
    service.write(
        """
        version: 1
        service: shop
        owner: security
        environments: {prod: {prefix: prod/}, dev: {prefix: dev/}}
        secrets:
          KEY: {description: signs, generator: hex 32, environments: [dev]}
        """);
    InventoryLocation site = InventoryLocation.read(folder.resolve("secrets.yaml"), "prod");
    try (SecretProvider provider = service.provider()) {
      assertThat(Runbook.text(site, StoreSnapshot.of(site, provider), Language.ENGLISH))
          .contains("NAME=NAME\n");
    }
  }

  /** An interactive zsh passes a comment behind a command to it as arguments. */
  @ParameterizedTest
  @ValueSource(strings = {"aws", "azure", "vault", "gpg"})
  void noCommentStandsBehindACommand(String backend) {
    service.fill("x");
    try (SecretProvider provider = service.provider(backend)) {
      String[] blocks =
          Runbook.text(service.site(), StoreSnapshot.of(service.site(), provider), Language.ENGLISH)
              .split("```sh\n", -1);
      for (String block : List.of(blocks[1], blocks[2])) {
        assertThat(block.split("```", -1)[0]).contains("# the exposed").doesNotContain(" #");
      }
    }
  }

  @Test
  void theLineForVaultWritesTheFieldThatTheStoreReads() {
    service.fill("x");
    for (String field : List.of("value", "password")) {
      service.store.fact("field", field);
      try (SecretProvider provider = service.provider("vault")) {
        StoreSnapshot store = StoreSnapshot.of(service.site(), provider);
        assertThat(Runbook.text(service.site(), store, Language.ENGLISH).lines())
            .anyMatch(line -> line.endsWith(" -field=version \"$NAME\" " + field + "=-)"));
      }
    }
  }

  /** {@code az} is not everywhere, so this one holds its arguments against those documented. */
  @Test
  void linesWithoutTheCommandRunWithTheProgramOfTheBackend() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    program(bin.resolve("openssl"), "[ \"$*\" = 'rand -hex 32' ] && echo n3w");
    program(
        bin.resolve("az"),
        "echo \"$*\" >>calls; case \"$3\" in set) cat >given; echo https://v/secrets/K/3;;"
            + " list-versions) printf 'https://v/secrets/K/1\\nhttps://v/secrets/K/2\\n';; esac");
    service.fill("x");
    String text;
    try (SecretProvider provider = service.provider("azure")) {
      text =
          Runbook.text(
              service.site(), StoreSnapshot.of(service.site(), provider), Language.ENGLISH);
    }
    String lines = text.split("```sh\n", -1)[2].split("```", -1)[0];
    Process shell =
        new ProcessBuilder("sh", "-euc", "PATH=" + bin + ":$PATH\n" + lines)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(lines + said).isZero();
    String which = "--vault-name VAULT --name prod/LTC_SECRET_KEY";
    assertThat(folder.resolve("calls"))
        .hasContent(
            "keyvault secret set "
                + which
                + " --file /dev/stdin --encoding utf-8 --query id --output tsv\n"
                + "keyvault secret list-versions "
                + which
                + " --query [?attributes.enabled && id != 'https://v/secrets/K/3'].id --output"
                + " tsv\n"
                + "keyvault secret set-attributes --id https://v/secrets/K/1 --enabled false"
                + " --query id --output tsv\n"
                + "keyvault secret set-attributes --id https://v/secrets/K/2 --enabled false"
                + " --query id --output tsv");
    assertThat(folder.resolve("given")).content().isEqualTo("n3w");
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** In a store of files the service can read the administrator's password too. */
  @Test
  void claimsNoRightsThatFilesCannotHave() {
    service.fill("x");
    try (SecretProvider provider = service.provider("gpg")) {
      StoreSnapshot store = StoreSnapshot.of(service.site(), provider);
      assertThat(Runbook.text(service.site(), store, Language.ENGLISH))
          .contains("every recipient can read every secret")
          .doesNotContain("grant exactly this");
    }
  }

  @Test
  void doesNotSayThatADatabaseAcceptsTheOldPasswordDuringTheGrace() throws IOException {
    service.fill("x");
    assertThat(write(Language.ENGLISH))
        .contains("| Name | When | Next due | Grace |")
        .contains("such as a database, refuses the old password from the rotation on.")
        .doesNotContain("valid for");
  }

  @Test
  void germanSaysTheSame() throws IOException {
    service.fill("x");
    String german = write(Language.GERMAN);
    String english = write(Language.ENGLISH);
    assertThat(german)
        .contains("# Runbook: Secrets von lifetimecircle, prod")
        .contains("| alle 6 Monate, am 1. März, 1. September | 1. September 2026 | 24 Stunden |");
    assertThat(german.lines().map(RunbookTest::form))
        .containsExactlyElementsOf(english.lines().map(RunbookTest::form).toList());
  }

  /** What a line is, whatever its language. */
  private static String form(String line) {
    if (line.startsWith("|")) {
      return "|".repeat((int) line.chars().filter(c -> c == '|').count());
    }
    return line.isEmpty() ? "" : line.substring(0, 1).replaceAll("[A-Za-z]", "a");
  }

  @Test
  void keepsWhatTheTeamAddsAndTheLanguage() throws IOException {
    service.fill("x");
    String text = write(Language.GERMAN);
    Files.writeString(file, text + "\nTelefon: 0\n");
    assertThat(finding().status()).isEqualTo(CheckFinding.Status.OK);
    assertThat(Runbook.language(file)).contains(Language.GERMAN);
    assertThat(write(Language.GERMAN)).isEqualTo(text + "\nTelefon: 0\n");
  }

  @Test
  void keepsWhatTheTeamAddsWhateverAnEditorMadeOfTheLines() throws IOException {
    service.fill("x");
    String text = write(Language.ENGLISH);
    Files.writeString(file, (text + "\nPhone: 0\n").replace("\n", "\r\n"));
    assertThat(finding().status()).isEqualTo(CheckFinding.Status.OK);
    assertThat(write(Language.ENGLISH)).isEqualTo(text + "\r\nPhone: 0\r\n");
    Files.writeString(file, text.stripTrailing());
    assertThat(finding().status()).isEqualTo(CheckFinding.Status.OK);
    assertThat(write(Language.ENGLISH)).isEqualTo(text);
  }

  @Test
  void isNotWrittenAnewWhereNobodyCanTellTheNotesOfTheTeam() throws IOException {
    service.fill("x");
    String text = write(Language.ENGLISH).replace("<!-- secrets runbook: end -->\n", "Phone: 0\n");
    Files.writeString(file, text);
    assertThatThrownBy(() -> write(Language.ENGLISH))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("'<!-- secrets runbook: end -->' is gone")
        .hasMessageContaining("Put that line back");
    assertThat(file).hasContent(text);
  }

  @Test
  void isOutOfDateWhenTheStoreTheInventoryOrTheFileChanges() throws IOException {
    service.fill("x");
    assertThat(finding().status()).isEqualTo(CheckFinding.Status.WARN);
    assertThat(write(Language.ENGLISH)).contains("| `v1` |");
    assertThat(finding()).extracting(CheckFinding::status).isEqualTo(CheckFinding.Status.OK);

    service.store.holding("prod/DB_NAME", "another");
    assertThat(finding().status()).isEqualTo(CheckFinding.Status.FAIL);
    assertThat(finding().detail())
        .contains("under 'Where the secrets are'; 'secrets runbook --inventory /")
        .endsWith("/secrets.yaml' updates it");
    String text = write(Language.ENGLISH);
    assertThat(finding().status()).isEqualTo(CheckFinding.Status.OK);

    Files.writeString(file, text.replace("24 hours", "48 hours"));
    assertThat(finding().detail()).contains("under 'Rotation'");
    Files.writeString(file, text);
    service.write(InventoryText.example().replace("security@", "phone@"));
    assertThat(finding().detail()).contains("under 'Emergency");
    Files.writeString(file, "# Somebody's own\n");
    assertThat(finding().detail()).startsWith("not a runbook of prod");
  }

  @Test
  void isNotMissedWhereNobodyNamedIt() throws IOException {
    service.fill("x");
    service.write(
        InventoryText.example().replace("      runbook: docs/SECRETS_PROD_RUNBOOK.md\n", ""));
    assertThat(findings()).isEmpty();
  }

  @Test
  void whoSeesLessCannotCallItOld() throws IOException {
    service.fill("x");
    write(Language.ENGLISH);
    service.store.always(
        FakeStore.Op.VERSIONS, "prod/DB_NAME", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThat(finding().status()).isEqualTo(CheckFinding.Status.WARN);
    assertThat(finding().detail()).contains("these permissions");
    service.store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThat(finding().detail()).contains("the store is unavailable");
  }

  @Test
  void writesOverNothingThatIsNotItsOwn() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "# Somebody's own\n");
    assertThatThrownBy(() -> write(Language.ENGLISH))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("did not write")
        .hasMessageContaining("--out");
    assertThat(file).hasContent("# Somebody's own\n");
    Files.delete(file);
    Files.delete(file.getParent());
    Files.writeString(file.getParent(), "a file where the folder should be");
    assertThatThrownBy(() -> write(Language.ENGLISH))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("nothing was changed");
  }
}
