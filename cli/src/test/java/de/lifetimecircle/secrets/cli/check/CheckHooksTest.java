package de.lifetimecircle.secrets.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckHooksTest extends CommandTest {
  @TempDir Path folder;
  private String inventory = "";

  @BeforeEach
  void begin() throws IOException {
    inventory =
        Files.writeString(
                folder.resolve("secrets.yaml"),
                """
                version: 1
                service: ltc
                owner: security
                environments: {prod: {prefix: prod/}}
                secrets:
                  KEY:
                    description: signs
                    generator: hex 32
                    rotation: {every: 3 months}
                    hooks: {deploy: [./deploy], verify: [./verify]}
                """)
            .toString();
    hook("deploy", "[ -z \"$HOOK_CHECK\" ] || exit 0; touch deployed");
    hook("verify", "touch verified");
    succeed("generate", "--all", "--inventory", inventory);
  }

  private void hook(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void asksOnlyTheHooksThatAnswer() throws IOException {
    assertThat(succeed("check", "--inventory", inventory)).doesNotContain("(hooks)");
    assertThat(succeed("check", "--hooks", "--inventory", inventory))
        .contains("OK    prod/KEY (hooks): deploy (./deploy) is ready: it answered a check call\n")
        .doesNotContain("verify (");
    hook("deploy", "[ -z \"$HOOK_CHECK\" ] || { secrets=x; echo no route; exit 7; }");
    assertThat(run("check", "--hooks", "--inventory", inventory)).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText())
        .contains(
            "FAIL  prod/KEY (hooks): deploy (./deploy): its check call failed: the hook ended with"
                + " 7; it said: no route\n");
    assertThat(folder.resolve("deployed")).doesNotExist();
    assertThat(folder.resolve("verified")).doesNotExist();
  }

  /** A program that asks a slow service took its time once for each of seven secrets. */
  @Test
  void theSameProgramIsAskedOnceAndAnswersForAllItsSecrets() throws IOException {
    StringBuilder secrets = new StringBuilder();
    for (String name : List.of("A", "B", "C", "D", "E", "F")) {
      secrets.append("  ").append(name).append(": {description: signs, generator: hex 32,");
      secrets.append(" rotation: {every: 3 months}, hooks: {deploy: [./deploy");
      secrets.append(name.equals("F") ? ", other" : "").append("]}}\n");
    }
    Files.writeString(Path.of(inventory), secrets, StandardOpenOption.APPEND);
    hook("deploy", "[ -z \"$HOOK_CHECK\" ] || { echo \"$* $ROTATION_SECRET\" >>asked; exit 0; }");
    succeed("generate", "--all", "--inventory", inventory);
    assertThat(succeed("check", "--hooks", "--inventory", inventory))
        .contains(
            "OK    prod/KEY (hooks): deploy (./deploy) is ready: it answered a check call; also"
                + " the hook of A, B, C, D, E\n",
            "OK    prod/F (hooks): deploy (./deploy) is ready: it answered a check call\n");
    assertThat(folder.resolve("asked")).content().isEqualTo(" KEY\nother F\n");
  }

  @Test
  void namesAMissingHookWithoutAnyCall() throws IOException {
    Files.delete(folder.resolve("verify"));
    assertThat(run("check", "--inventory", inventory)).isEqualTo(ExitCode.FOUND.code());
    assertThat(terminal.outText())
        .contains("FAIL  ./verify (hook): there is no such file; it is the hook verify of KEY\n")
        .contains("WARN  " + inventory + " (rotation): no workflow runs 'rotate due'");
    assertThat(fail(ExitCode.INVALID, "rotate", "KEY", "--inventory", inventory))
        .contains("verify (./verify): there is no such file")
        .contains("'secrets check --hooks --inventory " + inventory + "'");
  }
}
