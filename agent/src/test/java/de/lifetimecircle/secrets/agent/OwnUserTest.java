package de.lifetimecircle.secrets.agent;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.reads.ReadLog;
import de.lifetimecircle.secrets.agent.rules.CurrentRules;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An agent without rules, which answers the user who runs it. */
class OwnUserTest {
  @TempDir Path folder;

  /** As in a container that runs with a number only: Java has no name for it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void userWithoutAnAccountMayRead() throws IOException {
    try (SecretsAgent agent = agent(withoutAccount())) {
      agent.start();
      RunningAgent.Answer answer =
          RunningAgent.unix(
              folder.resolve("agent.sock"),
              RunningAgent.request(
                  "GET /v1/secrets/APP_KEY HTTP/1.1", "Host: localhost", "Connection: close"));
      assertThat(answer.text()).isEqualTo("value-of-app");
    }
  }

  private static CurrentRules withoutAccount() {
    String name = RunningAgent.OWN_USER; // first: it is read once, and other tests need it
    System.setProperty("user.name", "?");
    try {
      return CurrentRules.of(Optional.empty(), NamePrefix.NONE);
    } finally {
      System.setProperty("user.name", name);
    }
  }

  private SecretsAgent agent(CurrentRules rules) {
    AgentOptions options =
        AgentOptions.of(List.of("--socket", folder + "/agent.sock", "--listen", "none"), Map.of());
    SecretProvider provider =
        SecretProvider.builder()
            .store(FakeStore.create().holding("APP_KEY", "value-of-app"))
            .environment(Map.of())
            .build();
    return new SecretsAgent(options, provider, rules, ReadLog.NONE);
  }
}
