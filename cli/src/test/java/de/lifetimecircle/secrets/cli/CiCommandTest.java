package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CiCommandTest extends CommandTest {
  private static final String SUM = "0".repeat(64);

  @TempDir Path folder;

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
    Path file = Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example());
    String inventory = Path.of("").toAbsolutePath().relativize(file.toRealPath()).toString();
    for (String backend : new String[] {"aws", "azure", "vault"}) {
      assertThat(succeed(ci("github", backend, inventory, SUM)))
          .startsWith("# Written by 'secrets ci github'")
          .contains("exec --for ci --inventory " + inventory + " --environment prod");
    }
    fail(ExitCode.USAGE, ci("gitlab", "aws", inventory, SUM));
    assertThat(fail(ExitCode.USAGE, ci("github", "gpg", inventory, SUM)))
        .contains("A store of files has no login without a key");
    fail(ExitCode.INVALID, ci("github", "aws", inventory, "0"));
    fail(ExitCode.INVALID, ci("github", "aws", file.toString(), SUM));
    assertThat(store.calls()).isZero();
  }
}
