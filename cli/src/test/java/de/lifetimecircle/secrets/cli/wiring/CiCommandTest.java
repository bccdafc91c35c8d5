package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void aCommandThatFailsLeavesTheOldFile() throws IOException {
    Path folder = Files.createTempDirectory("ci");
    Path inventory = Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example());
    Path out = folder.resolve("new/deploy.yml");
    List<String> line = new ArrayList<>(List.of(ci("github", "aws", inventory.toString(), SUM)));
    line.addAll(List.of("--out", out.toString()));
    assertThat(succeed(line.toArray(new String[0]))).isEqualTo("Wrote " + out + "\n");
    String written = Files.readString(out);
    assertThat(written).startsWith("# Written by 'secrets ci github'");
    line.set(line.indexOf(SUM), "SUM"); // as the checklist prints it
    fail(ExitCode.INVALID, line.toArray(new String[0]));
    assertThat(out).content().isEqualTo(written);
    line.set(line.indexOf("SUM"), SUM);
    assertThat(succeed(line.toArray(new String[0]))).startsWith("Wrote ");
    Files.writeString(out, "name: by hand\n");
    assertThat(fail(ExitCode.INVALID, line.toArray(new String[0]))).contains("did not write it");
    assertThat(out).content().isEqualTo("name: by hand\n");
  }
}
