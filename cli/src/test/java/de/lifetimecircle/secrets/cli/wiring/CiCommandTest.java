package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CiCommandTest extends CommandTest {
  private static final String SUM = "0".repeat(64);

  private String[] ci(String system, String backend, String inventory, String sum) {
    return new String[] {
      "ci",
      system,
      "--backend",
      backend,
      "--inventory",
      inventory,
      "--archive",
      "https://example.org/secrets.tar.gz",
      "--sha256",
      sum
    };
  }

  @Test
  void writesAWorkflowAndAsksNoBackend() throws IOException {
    Path repository = Files.createTempDirectory("ci");
    Files.createDirectory(repository.resolve(".git"));
    Path folder = Files.createDirectories(repository.resolve("services/a"));
    Path file = Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example());
    String inventory = file.toString();
    for (String backend : new String[] {"aws", "azure", "vault"}) {
      assertThat(succeed(ci("github", backend, inventory, SUM)))
          .startsWith("# Written by 'secrets ci github'")
          .contains("exec --for ci --inventory secrets.yaml --environment prod")
          .contains("- name: Deploy\n        working-directory: services/a\n")
          .contains("- name: Verify\n        working-directory: services/a\n");
    }
    fail(ExitCode.USAGE, ci("jenkins", "aws", inventory, SUM));
    assertThat(fail(ExitCode.USAGE, ci("github", "gpg", inventory, SUM)))
        .contains("A store of files always needs a key");
    fail(ExitCode.INVALID, ci("github", "aws", inventory, "0"));
    Path odd = Files.createDirectory(repository.resolve("a b"));
    String other = Files.copy(file, odd.resolve("secrets.yaml")).toString();
    assertThat(fail(ExitCode.INVALID, ci("github", "aws", other, SUM)))
        .contains("not a plain path inside the repository");
    assertThat(store.calls()).isZero();
  }
}
