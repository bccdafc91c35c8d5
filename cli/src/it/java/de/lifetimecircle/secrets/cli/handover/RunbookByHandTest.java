package de.lifetimecircle.secrets.cli.handover;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.testservers.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of the runbook that people paste when a command is not there: each of them runs. */
class RunbookByHandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: shop
      owner: security
      environments: {prod: {prefix: prod/, gpg: {folder: STORE}}}
      secrets:
        KEY:
          description: signs
          generator: hex 24
          rotation: {every: 3 months}
          hooks: {invalidate-sessions: [./hooks/end-sessions], verify: [./hooks/verify]}
        DB_USERNAME: {description: who}
        DB_ADMIN_PW: {description: opens}
        DB_HOST: {description: where}
        DB_PORT: {description: where}
        DB_NAME: {description: where}
      """;

  @TempDir Path folder;

  private CliProcess command(Backend backend) throws Exception {
    CliProcess command = CliProcess.in(folder);
    command.environment.putAll(backend.environment());
    // Without what else this machine has: a program that nothing installs must not be found.
    command.environment.put("PATH", folder.resolve("programs") + ":/usr/bin:/bin");
    String store = command.environment.getOrDefault("SECRETS_GPG_STORE", "/none");
    Files.writeString(folder.resolve("secrets.yaml"), INVENTORY.replace("STORE", store));
    Path hooks = Files.createDirectories(folder.resolve("hooks"));
    Files.copy(Path.of("../examples/hooks/end-sessions"), hooks.resolve("end-sessions"));
    Files.writeString(
        hooks.resolve("verify"), "#!/bin/sh\necho $EMERGENCY_STEP $EMERGENCY_NAME >verified\n");
    for (String hook : List.of("end-sessions", "verify")) {
      Files.setPosixFilePermissions(
          hooks.resolve(hook), PosixFilePermissions.fromString("rwx------"));
    }
    command.succeed("", "generate", "KEY");
    command.succeed("", "runbook", "--out", "runbook.md", "--lang", "en");
    return command;
  }

  /** Runs a block of the runbook as a person pastes it. */
  private String paste(CliProcess command, int block) throws Exception {
    String lines =
        Files.readString(folder.resolve("runbook.md"))
            .split("```sh\n", -1)[block]
            .split("```", -1)[0];
    CliProcess.Result result = command.run("", "sh", "-euc", lines);
    assertThat(result.code()).as(lines + result.text()).isZero();
    return result.text();
  }

  private static List<String> valid(SecretProvider provider) {
    List<String> valid = new ArrayList<>();
    for (SecretVersion version : provider.versions("prod/KEY")) {
      if (version.stages().contains(Stage.CURRENT) || version.stages().contains(Stage.PREVIOUS)) {
        valid.add(version.id());
      }
    }
    return valid;
  }

  @Test
  void theEmergencyByHandRunsItsHooksToo() throws Exception {
    try (Backend backend = Backend.start("gpg", folder)) {
      CliProcess command = command(backend);
      command.program("psql", "echo \"$PGUSER@$PGHOST:$PGPORT/$PGDATABASE $*\" >ended");
      for (String part :
          List.of("DB_USERNAME=u", "DB_ADMIN_PW=p", "DB_HOST=h", "DB_PORT=5", "DB_NAME=d")) {
        String[] pair = part.split("=", -1);
        command.succeed(pair[1], "put", pair[0]);
      }
      String before = command.succeed("", "get", "KEY");
      paste(command, 1);
      assertThat(command.succeed("", "get", "KEY")).hasSize(48).isNotEqualTo(before);
      assertThat(folder.resolve("ended")).content().startsWith("u@h:5/d ").contains("DELETE FROM");
      assertThat(folder.resolve("verified")).hasContent("verify prod/KEY");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws", "vault", "gpg"})
  void theProgramOfTheBackendReplacesTheValueAlone(String scheme) throws Exception {
    try (Backend backend = Backend.start(scheme, folder.resolve("backend"))) {
      CliProcess command = command(backend);
      tools(command, scheme);
      String before = command.succeed("", "get", "KEY");
      command.succeed("", "generate", "KEY", "--force"); // so that there is an old value
      String exposed = command.succeed("", "get", "KEY");
      String unused = paste(command, 2);
      Map<String, String> reading = new LinkedHashMap<>(backend.environment());
      reading.put("SECRETS_GPG_FOREIGN_EDITS", "adopt");
      try (SecretProvider provider = SecretProvider.builder().environment(reading).build()) {
        String now = provider.get("prod/KEY", Duration.ZERO).asString();
        assertThat(now).hasSize(48).isNotIn(before, exposed);
        if (!scheme.equals("gpg")) {
          assertThat(valid(provider)).hasSize(1);
        }
      }
    }
  }

  /** Logs the backend's own program in, as its administrator is. */
  private void tools(CliProcess command, String scheme) throws IOException, InterruptedException {
    Map<String, String> variables = command.environment;
    if (scheme.equals("aws")) {
      installed(command, "aws", "aws-clients/bin/aws");
      variables.put("AWS_ACCESS_KEY_ID", variables.get("SECRETS_AWS_ACCESS_KEY_ID"));
      variables.put("AWS_SECRET_ACCESS_KEY", variables.get("SECRETS_AWS_SECRET_ACCESS_KEY"));
      variables.put("AWS_PAGER", "");
    } else if (scheme.equals("vault")) {
      installed(command, "bao", "openbao/bao");
      variables.put("BAO_TOKEN", variables.get("SECRETS_VAULT_TOKEN"));
      variables.put("BAO_CACERT", variables.getOrDefault("SECRETS_VAULT_CA_FILE", ""));
    } else if (scheme.equals("gpg")) {
      Path home = Files.createDirectories(folder.resolve("gnupg"));
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
      variables.put("GNUPGHOME", home.toString());
      String key = variables.get("SECRETS_GPG_KEY_FILE");
      CliProcess.Result imported = command.run("", "gpg", "--batch", "--import", key);
      assertThat(imported.code()).as(imported.text()).isZero();
    }
  }

  private static void installed(CliProcess command, String name, String file) throws IOException {
    Path program = Path.of("../.servers", file).toAbsolutePath();
    command.program(name, "exec '" + program + "' \"$@\"");
  }
}
