package org.example.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.kafka.ConnectRestarter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connectors whose password rotates, on a real broker and a real Connect worker. */
@TestMethodOrder(OrderAnnotation.class)
class ConnectorTest {
  static final long BAR_MILLIS = 20_000;

  private static final String PASSWORD = "connect/PASSWORD";
  private static final int ROTATIONS = Figures.FULL ? 3 : 1;
  private static final List<String> RUNNING = List.of("RUNNING", "RUNNING");

  private static Worker worker;

  @BeforeAll
  static void start() throws Exception {
    String password = password();
    String field = field();
    String other = Kafka.put(Kafka.GPG, "connect/OTHER", "", "");
    worker = new Worker(Kafka.FOLDER.resolve("worker"), Kafka.BROKER);
    worker.provider("secrets", Kafka.settings(Kafka.GPG)).start();
    worker.create("orders", 2, "${secrets:connect/PASSWORD:value}");
    worker.create("login", 1, "${secrets:connect/LOGIN:password}");
    worker.create("other", 1, "${secrets:connect/OTHER}");
    worker.create("broken", 1, RecordingTask.FAILS);
    worker.follows("orders", password, 2);
    worker.follows("login", field, 1);
    worker.follows("other", other, 1);
    Waiting.until("the broken task to fail", () -> worker.states("broken").equals(List.of("FAILED")));
  }

  private static String password() {
    return Kafka.put(Kafka.GPG, PASSWORD, "", "");
  }

  private static String field() {
    return Kafka.put(Kafka.GPG, "connect/LOGIN", "{\"username\":\"anna\",\"password\":\"", "\"}");
  }

  @ParameterizedTest
  @Order(1)
  @CsvSource({
    "${secrets:connect/ABSENT:value}, connect/ABSENT",
    "${secrets:forbidden/PASSWORD:value}, allow does not list it",
    "${secrets:arn:aws:x}, cannot carry"
  })
  void aConfigurationIsRefusedWithASentence(String password, String sentence) throws Exception {
    HttpResponse<String> answer = worker.create("refused", 1, password);
    assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
    assertThat(answer.body()).contains(sentence);
    assertThat(worker.recorded("refused")).as("tasks that started with a placeholder").isEmpty();
  }

  @Test
  @Order(2)
  void tasksHoldTheNewValue() throws Exception {
    long slowest = 0;
    for (int i = 0; i < ROTATIONS; i++) {
      slowest = Math.max(slowest, worker.follows("orders", password(), 2));
    }
    slowest = Math.max(slowest, worker.follows("login", field(), 1));
    assertThat(slowest).as("ms until the tasks held the new value").isLessThanOrEqualTo(BAR_MILLIS);
    Figures.add(
        "tasks of 2 connectors held the new value after %d ms at most, %d + 1 rotations"
            .formatted(slowest, ROTATIONS));
  }

  /**
   * Nothing restarts while nothing rotates, nor what does not name the secret. The restarter restarts
   * once for each rotation. When a connector restarts, Connect compares its resolved configuration
   * with the one that it resolved at an earlier restart since it last wrote the configurations of the
   * tasks (KAFKA-9228, AppliedConnectorConfig), so after every second rotation it restarts the tasks
   * once more.
   */
  @Test
  @Order(3)
  void nothingRestartsWithoutARotation() throws Exception {
    Waiting.pause(Duration.ofSeconds(1));
    int starts = starts();
    int before = refreshes();
    Waiting.until("20 refreshes", () -> refreshes() >= before + 20);
    assertThat(starts() - starts).as("restarts while nothing rotated").isZero();
    int ours = worker.logged("Restarted connector 'orders'");
    int byConnect = worker.logged("Forcing task restart for connector orders ");
    assertThat(ours).as("restarts by us").isEqualTo(ROTATIONS);
    assertThat(byConnect).as("restarts by Connect").isLessThanOrEqualTo(ROTATIONS / 2);
    assertThat(worker.recorded("orders")).as("starts of tasks").hasSize(2 * (1 + ours + byConnect));
    assertThat(worker.recorded("other")).hasSize(1);
    assertThat(worker.recorded("broken")).hasSize(1);
    assertThat(worker.states("broken")).containsExactly("FAILED");
    Figures.add("0 restarts in %d idle refreshes".formatted(refreshes() - before));
    Figures.add(
        "2 tasks started %d times: once at first, %d times by the restarter, %d times by Connect itself"
            .formatted(2 * (1 + ours + byConnect), ours, byConnect));
  }

  private static int refreshes() {
    return worker.logged("REFRESH of secret connect/PASSWORD");
  }

  private static int starts() throws Exception {
    int starts = 0;
    for (String connector : List.of("orders", "login", "other", "broken")) {
      starts += worker.recorded(connector).size();
    }
    return starts;
  }

  /** By a restarter in a process of its own. */
  @Test
  @Order(4)
  @Tag("full")
  void aWorkerThatWasDownGetsItsRestart() throws Exception {
    var builder = SecretProvider.builder();
    Kafka.settings(Kafka.GPG).forEach(builder::set);
    try (SecretProvider provider = builder.build();
        ConnectRestarter restarter = ConnectRestarter.builder(provider, worker.url()).build()) {
      Waiting.until("the restarter to watch", () -> provider.stats().names() >= 3);
      worker.stop();
      String password = password();
      Waiting.until(
          "the rotation", () -> RecordingTask.digest(provider.get(PASSWORD).asString()).equals(password));
      Waiting.pause(Duration.ofSeconds(3));
      int before = worker.recorded("orders").size();
      worker.start();
      // Twice: when the worker starts its tasks, and by the restarter that has waited for it.
      Waiting.until("both starts of both tasks", () -> worker.recorded("orders").size() >= before + 4);
      assertThat(Collections.frequency(worker.recorded("orders"), password)).isEqualTo(4);
      assertThat(restarter).isNotNull();
      Figures.add("a worker that was down got its restart when it was back");
    }
  }

  @AfterAll
  static void theTasksRunAndNoSecretShows() throws Exception {
    Waiting.until("the tasks to run", () -> worker.states("orders").equals(RUNNING));
    Kafka.PROBE.look(
        "REST API", worker.send("GET", "/connectors?expand=info&expand=status", null).body());
    worker.stop();
    Kafka.assertNoLeaks();
    Figures.add("0 secrets in logs, topics and the REST API");
  }
}
