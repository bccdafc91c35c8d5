package de.lifetimecircle.secrets.agent.rules;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that are wrong at first, and become right by a change elsewhere. */
class RulesReloadTest {
  private static final String OWN = "user " + RunningAgent.OWN_USER + " ";
  private static final String INVENTORY =
      """
      version: 1
      service: shop
      owner: backend
      contact: a@shop.example
      time-zone: UTC
      environments:
        prod: {prefix: prod/}
      secrets:
        APP_KEY:
          description: Signs sessions.
          owner: backend
          generator: hex 32
          readers: [service]
      """;

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void make() throws IOException {
    folder = Files.createDirectory(temporary.resolve("rules"));
    mode(folder, "rwxr-xr-x");
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static int status(RunningAgent agent) {
    agent.tick();
    return agent.get("/v1/secrets/APP_KEY").status();
  }

  private RunningAgent agent() throws IOException {
    RunningAgent agent = RunningAgent.start(folder, OWN + "*\n");
    agent.store.holding("APP_KEY", "value");
    assertThat(status(agent)).isEqualTo(200);
    return agent;
  }

  /** As a deployment that copies one file after the other. */
  @Test
  void inventoryThatArrivesAfterTheRulesIsRead() throws IOException {
    try (RunningAgent agent = agent()) {
      agent.writeRules("inventory secrets.yaml prod\nuser somebody-else @service\n");
      assertThat(status(agent)).as("the rules from before").isEqualTo(200);
      Path inventory = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
      mode(inventory, "rw-r--r--");
      assertThat(status(agent)).isEqualTo(403);
    }
  }

  /**
   * The advice of the agent's own message: it revokes a right, so it must not wait for a signal.
   */
  @Test
  void rulesAreReadOnceOthersCannotWriteThem() throws IOException {
    try (RunningAgent agent = agent()) {
      agent.writeRules("user somebody-else *\n");
      mode(agent.rules, "rw-rw-r--");
      assertThat(status(agent)).as("the rules from before").isEqualTo(200);
      mode(agent.rules, "rw-r--r--");
      assertThat(status(agent)).isEqualTo(403);
    }
  }

  @Test
  void rulesAreReadOnceOthersCannotWriteTheirFolder() throws IOException {
    try (RunningAgent agent = agent()) {
      mode(folder, "rwxrwxr-x");
      agent.writeRules("user somebody-else *\n");
      assertThat(status(agent)).as("the rules from before").isEqualTo(200);
      mode(folder, "rwxr-xr-x");
      assertThat(status(agent)).isEqualTo(403);
    }
  }

  /** The loop that calls it is the agent: what ends the loop ends the agent. */
  @Test
  void errorOfATickEndsNothing() throws IOException {
    Logger logger = Logger.getLogger("de.lifetimecircle.secrets.agent");
    AtomicInteger failed = new AtomicInteger();
    Handler full =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getMessage().startsWith("The agent uses the rules")) {
              failed.incrementAndGet();
              throw new InternalError("as of a full heap");
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    try (RunningAgent agent = agent()) {
      logger.addHandler(full);
      agent.writeRules("user somebody-else *\n");
      assertThat(status(agent)).isEqualTo(403);
      assertThat(failed).hasValue(1);
      assertThat(status(agent)).isEqualTo(403);
      assertThat(failed).as("read again, although no file has changed").hasValue(2);
    } finally {
      logger.removeHandler(full);
    }
  }
}
