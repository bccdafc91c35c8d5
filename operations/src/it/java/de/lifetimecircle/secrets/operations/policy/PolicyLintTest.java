package de.lifetimecircle.secrets.operations.policy;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A public linter, parliament, has nothing to say about the IAM policies that we write. */
class PolicyLintTest {
  private final Path linter =
      LocalServer.find("parliament/bin/parliament")
          .orElseThrow(
              () -> new IllegalStateException("parliament is not installed. Run ./verify"));

  /** What the linter says; nothing where all is well. */
  private String lint(String policy) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(linter.toString()).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(policy.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(said.isBlank() ? 0 : 1);
    return said;
  }

  private static String policy(AccessPolicy.Audience audience) {
    Inventory inventory = Inventory.parse(InventoryText.example(), "example");
    return AccessPolicy.text(inventory, "", audience, "aws");
  }

  @ParameterizedTest
  @EnumSource(AccessPolicy.Audience.class)
  void findsNothing(AccessPolicy.Audience audience) throws IOException, InterruptedException {
    assertThat(lint(policy(audience))).isEmpty();
  }

  @Test
  void findsWhatIsPlanted() throws IOException, InterruptedException {
    String policy = policy(AccessPolicy.Audience.CI);
    assertThat(lint(policy.replace("GetSecretValue", "GetSecretValeu"))).contains("Unknown action");
    assertThat(lint(policy.replaceAll("arn:aws:secretsmanager:[^\"]*", "*")))
        .contains("Unnecessary use of Resource");
  }
}
