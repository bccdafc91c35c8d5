package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.rotation.RotationSchedule.For;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that rotate each night. */
class RotationScheduleTest {
  private static final String TEXT =
      """
      version: 1
      service: LTC shop
      owner: security
      time-zone: Europe/Berlin
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      secrets:
        KEY: {description: key, generator: hex 32}
      """;

  private static final Inventory INVENTORY = Inventory.parse(TEXT, "secrets.yaml");

  private static Map<String, String> files(For system) {
    return RotationSchedule.text(INVENTORY, "prod", "secrets.yaml", system, 3);
  }

  @Test
  void cronHasOneLine() {
    assertThat(files(For.CRON)).containsOnlyKeys("secrets-rotate-ltc-shop-prod");
    assertThat(files(For.CRON).get("secrets-rotate-ltc-shop-prod"))
        .contains("SECRETS_CONFIG=/etc/ltc-shop/secrets.properties\n")
        .endsWith(
            "\n17 3 * * * ltc-shop cd /srv/ltc-shop && secrets rotate due --environment prod\n");
  }

  @Test
  void systemdHasAServiceAndATimer() {
    assertThat(files(For.SYSTEMD))
        .containsOnlyKeys(
            "secrets-rotate-ltc-shop-prod.service", "secrets-rotate-ltc-shop-prod.timer");
    assertThat(files(For.SYSTEMD).get("secrets-rotate-ltc-shop-prod.service"))
        .contains(
            "ExecStart=/usr/bin/env secrets rotate due --environment prod\n", "User=ltc-shop\n");
    assertThat(files(For.SYSTEMD).get("secrets-rotate-ltc-shop-prod.timer"))
        .contains("OnCalendar=*-*-* 03:17:00 Europe/Berlin\n");
  }

  /** systemd and GitHub know UTC, and refuse the Z of Java and any offset. */
  @Test
  void withoutATimeZoneTheHourIsInUtc() {
    Inventory inventory =
        Inventory.parse(TEXT.replace("time-zone: Europe/Berlin\n", ""), "secrets.yaml");
    assertThat(RotationSchedule.text(inventory, "prod", "secrets.yaml", For.SYSTEMD, 3))
        .extractingByKey("secrets-rotate-ltc-shop-prod.timer", STRING)
        .contains("OnCalendar=*-*-* 03:17:00 UTC\n");
    assertThat(RotationSchedule.text(inventory, "prod", "secrets.yaml", For.GITHUB, 3))
        .extractingByKey("rotate-secrets.yml", STRING)
        .contains("timezone: \"UTC\"\n");
  }

  @Test
  void githubHasAWorkflow() {
    assertThat(files(For.GITHUB)).containsOnlyKeys("rotate-secrets.yml");
    assertThat(files(For.GITHUB).get("rotate-secrets.yml"))
        .contains(
            "cron: \"17 3 * * *\"\n      timezone: \"Europe/Berlin\"\n",
            "run: secrets rotate due --environment prod\n")
        .startsWith("name: Rotate secrets\n");
  }

  /** The runner's copy is as actions/checkout makes it, and is cleaned before the next run. */
  @Test
  void theJournalIsKeptAlsoIfSomebodyPushedMeanwhile(@TempDir Path folder) throws Exception {
    run(folder, "git init -q --bare -b main origin && git clone -q origin person");
    Path person = folder.resolve("person");
    run(person, COMMIT + " one && git push -q origin HEAD:main");
    run(folder, "git clone -q --depth 1 \"file://$PWD/origin\" runner");
    Path runner = folder.resolve("runner");
    run(person, COMMIT + " two && git push -q origin HEAD:main");
    run(runner, "mkdir secrets-rotations && echo line >secrets-rotations/log");
    String workflow = files(For.GITHUB).get("rotate-secrets.yml");
    run(runner, workflow.substring(workflow.lastIndexOf("run: |") + "run: |".length()));
    assertThat(run(folder, "git -C origin log --format=%s main").lines())
        .containsExactly("Keep the journal of rotations", "two", "one");
  }

  /** The rotations of another environment append to the same log. */
  @Test
  void theJournalIsKeptOnABranchIfBothHaveNewLines(@TempDir Path folder) throws Exception {
    run(folder, "git init -q --bare -b main origin && git clone -q origin person");
    Path person = folder.resolve("person");
    run(person, COMMIT + " one && git push -q origin HEAD:main");
    run(folder, "git clone -q --depth 1 \"file://$PWD/origin\" runner");
    run(person, "mkdir secrets-rotations && echo theirs >secrets-rotations/log && git add .");
    run(person, COMMIT + " two && git push -q origin HEAD:main");
    Path runner = folder.resolve("runner");
    run(runner, "mkdir secrets-rotations && echo ours >secrets-rotations/log");
    String workflow = files(For.GITHUB).get("rotate-secrets.yml");
    String keep = workflow.substring(workflow.lastIndexOf("run: |") + "run: |".length());
    run(runner, "export GITHUB_RUN_ID=7 GITHUB_RUN_ATTEMPT=1; ! (set -e\n" + keep + ")");
    assertThat(run(folder, "git -C origin show secrets-rotations-7-1:secrets-rotations/log"))
        .isEqualTo("ours\n");
    assertThat(run(folder, "git -C origin show main:secrets-rotations/log")).isEqualTo("theirs\n");
  }

  private static final String COMMIT =
      "git -c user.name=a -c user.email=a@localhost commit -q --allow-empty -m";

  /** Runs a script as GitHub does, and returns what it printed. */
  private static String run(Path folder, String script) throws Exception {
    ProcessBuilder bash = new ProcessBuilder("bash", "-e", "-c", script).redirectErrorStream(true);
    bash.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = bash.directory(folder.toFile()).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  /** Each runs at the root of the repository, where an inventory in a folder is not found. */
  @Test
  void anInventoryInAFolderIsNamed() {
    String command = "secrets rotate due --environment prod --inventory infra/secrets.yaml\n";
    for (For system : For.values()) {
      assertThat(RotationSchedule.text(INVENTORY, "prod", "infra/secrets.yaml", system, 3).values())
          .anyMatch(text -> text.contains(command));
    }
    assertThat(
            RotationSchedule.text(INVENTORY, "prod", "infra/secrets.yaml", For.GITHUB, 3).values())
        .allMatch(text -> text.contains("git add infra/secrets-rotations\n"))
        .allMatch(text -> text.contains("[ -d infra/secrets-rotations ] ||"));
  }

  /** YAML ends a text at a blank and a number sign, and cron and systemd read a percent sign. */
  @Test
  void aPathThatNeedsQuotesIsRefused() {
    for (String path : List.of("app #2/secrets.yaml", "50%/secrets.yaml", "a b/secrets.yaml")) {
      assertThatThrownBy(() -> RotationSchedule.text(INVENTORY, "prod", path, For.CRON, 3))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("Move it to a folder");
    }
  }

  @Test
  void anEnvironmentThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> RotationSchedule.text(INVENTORY, "stage", "secrets.yaml", For.CRON, 3))
        .isInstanceOf(SecretException.class);
  }
}
