package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code secrets exec --watch} and {@code secrets template} that read from an agent as from a
 * Vault, with no right at the backend, as docs/wiring.md says. All are processes.
 */
class ThroughAnAgentTest {
  @TempDir private Path folder;

  private boolean has(String file, String line) {
    try {
      Path path = folder.resolve(file);
      return Files.exists(path) && Files.readAllLines(path).contains(line);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRotationRestartsTheProgramAndRendersTheFile() throws Exception {
    BackgroundCommand.put(folder, "prod/PASSWORD", "canary-1");
    BackgroundCommand.put(folder, "prod/OTHER", "not for this program");
    List<String> printed =
        CliProcess.in(folder).succeed("", "agent", "token", "service").lines().toList();
    String rule =
        printed.stream().filter(each -> each.startsWith("token ")).findFirst().orElseThrow();
    String token = printed.stream().filter(each -> !each.contains(" ")).findFirst().orElseThrow();
    Files.writeString(
        folder.resolve("agent.rules"), rule.replace("NAME_OR_PREFIX*", "prod/PASSWORD") + "\n");
    String address = "127.0.0.1:" + LocalServer.freePort();
    List<String> throughTheAgent =
        List.of(
            "/usr/bin/env",
            "SECRETS_BACKEND=vault",
            "SECRETS_VAULT_ADDRESS=http://" + address,
            "SECRETS_VAULT_TOKEN=" + token);
    Files.writeString(folder.resolve("app.tmpl"), "password={{ prod/PASSWORD }}\n");
    try (BackgroundCommand agent =
        BackgroundCommand.start(
            folder,
            List.of(),
            "agent",
            "--socket",
            "none",
            "--vault",
            address,
            "--rules",
            "agent.rules")) {
      agent.until("listens", () -> agent.output().contains(address));
      followsARotation(throughTheAgent);
      assertThat(agent.output()).doesNotContain("canary").doesNotContain(token);
    }
  }

  private void followsARotation(List<String> throughTheAgent) throws Exception {
    String program = "echo \"start $PASSWORD\" >> log; exec sleep 1000";
    try (BackgroundCommand exec =
        BackgroundCommand.start(
            folder,
            throughTheAgent,
            "exec",
            "--watch=restart",
            "--debounce=1s",
            "--secret=prod/PASSWORD=PASSWORD",
            "--",
            "sh",
            "-c",
            program)) {
      exec.until("started", () -> has("log", "start canary-1"));
      try (BackgroundCommand template =
          BackgroundCommand.start(
              folder, throughTheAgent, "template", "app.tmpl", "--to", "app.conf", "--watch")) {
        template.until("rendered", () -> has("app.conf", "password=canary-1"));
        BackgroundCommand.put(folder, "prod/PASSWORD", "canary-2");
        exec.until("restarted", () -> has("log", "start canary-2"));
        template.until("rendered again", () -> has("app.conf", "password=canary-2"));
        assertThat(template.output()).doesNotContain("canary");
      }
      exec.signal("TERM");
      assertThat(exec.await()).as("the program ended by SIGTERM").isEqualTo(143);
      assertThat(exec.output()).doesNotContain("canary");
    }
  }
}
