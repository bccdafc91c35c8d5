package de.lifetimecircle.secrets.agent.reads;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user who asks for the list of one prefix after the other, on a slow backend. */
class ManyLoadsTest {
  private static final int CLIENTS = 20;

  private final ExecutorService clients = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    clients.shutdownNow();
  }

  private static RunningAgent.Answer list(RunningAgent agent, String prefix, String... headers) {
    String body = "{\"Filters\":[{\"Key\":\"name\",\"Values\":[\"" + prefix + "\"]}]}";
    List<String> lines = new ArrayList<>(List.of("POST / HTTP/1.1", "Host: localhost"));
    lines.addAll(List.of(headers));
    lines.add("X-Amz-Target: secretsmanager.ListSecrets");
    lines.add("Content-Length: " + body.length());
    lines.add("Connection: close");
    return agent.tcp(RunningAgent.request(lines.toArray(new String[0])) + body);
  }

  private static void await(BooleanSupplier isTrue) {
    for (int i = 0; i < 2_000 && !isTrue.getAsBoolean(); i++) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void leaveTheBackendToOthers(@TempDir Path folder) throws Exception {
    try (RunningAgent agent =
        RunningAgent.start(
            folder,
            RunningAgent.everything(),
            FakeStore.create(),
            RunningAgent.Adjustments.NONE.provider(builder -> builder.set("timeout", "50s")))) {
      agent.store.holding("APP_KEY", "value");
      for (int i = 0; i < CLIENTS; i++) {
        agent.store.always(Op.LIST, "A" + i, FakeStep.hang());
      }
      List<Future<RunningAgent.Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String prefix = "A" + i;
        answers.add(clients.submit(() -> list(agent, prefix)));
      }
      await(() -> agent.store.calls() >= 8);
      List<Future<RunningAgent.Answer>> more = new ArrayList<>();
      for (int i = 8; i < CLIENTS; i++) {
        String prefix = "A" + i;
        more.add(clients.submit(() -> list(agent, prefix)));
      }
      await(() -> more.stream().allMatch(Future::isDone) || agent.store.calls() >= CLIENTS);
      assertThat(agent.store.calls()).as("loads of one user").isEqualTo(8);
      for (Future<RunningAgent.Answer> each : more) {
        assertThat(each.get().text()).contains("ThrottlingException");
      }
      assertThat(list(agent, "A", "X-Vault-Token: " + RunningAgent.TOKEN).text())
          .as("another principal")
          .contains("APP_KEY");
      agent.store.recover();
      for (Future<RunningAgent.Answer> each : answers) {
        assertThat(each.get().status()).isEqualTo(200);
      }
    }
  }
}
