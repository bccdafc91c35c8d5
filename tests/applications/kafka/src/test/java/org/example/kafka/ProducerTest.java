package org.example.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.applications.Login;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Producers in processes of their own while their password changes. Each authenticates again as often
 * as the broker wants it.
 */
class ProducerTest {
  private static final String NAME = "shop/KAFKA_PASSWORD";
  private static final Duration BEFORE_APPLY = Duration.ofMillis(500);

  /** One to find the broker, one to send. A late client opens a connection instead of the next. */
  private static final long FIRST_LOGINS = 2;

  private final List<JavaProcess> running = new ArrayList<>();

  @AfterEach
  void stop() {
    running.forEach(JavaProcess::stop);
  }

  @AfterAll
  static void noSecretShows() throws Exception {
    Kafka.assertNoLeaks();
  }

  private JavaProcess producer(String name, Map<String, String> settings) {
    JavaProcess process = Kafka.producer(name, settings);
    running.add(process);
    return process;
  }

  /** The settings of a client that logs in by SCRAM. */
  private static Map<String, String> scram(String user, String login) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", Kafka.BROKER.sasl());
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", "SCRAM-SHA-256");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" %s;"
            .formatted(user, login));
    return settings;
  }

  /** With our handler. Fresh for 5 minutes: it must not need the refresh to follow. */
  private static Map<String, String> ours(String user, RunningBackend backend) {
    Map<String, String> settings = scram(user, "secret=\"" + NAME + "\"");
    settings.put(
        "sasl.client.callback.handler.class", "de.lifetimecircle.secrets.kafka.SecretsSaslCallbackHandler");
    Kafka.settings(backend).forEach((key, value) -> settings.put("secrets." + key, value));
    settings.put("secrets.soft-age", "5m");
    return settings;
  }

  /** The password comes from a file by Kafka's own config provider at the start, as people have it. */
  private static Map<String, String> others(Path passwords) {
    Map<String, String> settings = scram("shop", "password=\"${file:" + passwords + ":password}\"");
    settings.put("config.providers", "file");
    settings.put("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider");
    return settings;
  }

  @Test
  void ourProducerFollowsEachRotation() throws Exception {
    int rotations = Figures.FULL ? 5 : 1;
    Path passwords = Kafka.FOLDER.resolve("passwords");
    Login.Server server =
        (user, password) -> {
          Kafka.BROKER.password(user, password);
          Files.writeString(passwords, "password=" + password + "\n");
        };
    Login login =
        new Login(server, "shop", Kafka.GPG.writer(), NAME, UnaryOperator.identity(), Kafka.PROBE);
    login.replace();
    JavaProcess ours = producer("ours", ours("shop", Kafka.GPG));
    JavaProcess others = Figures.FULL ? producer("others", others(passwords)) : null;
    for (int i = 0; i < rotations; i++) {
      login.rotate(BEFORE_APPLY, Kafka::nextLogin); // so that it authenticates in between
      Kafka.nextLogin(); // and after the promotion
    }
    Map<String, Long> figures = Kafka.figures(ours);
    Kafka.assertNothingFailed(figures);
    assertThat(figures.get("successful-authentication-total") + figures.get("successful-reauthentication-total"))
        .as("logins: " + figures)
        .isGreaterThanOrEqualTo(FIRST_LOGINS + 2L * rotations);
    Figures.add("producer with our handler, " + rotations + " rotations: " + figures);
    if (others != null) {
      Map<String, Long> theirs = Kafka.figures(others);
      assertThat(theirs.get("failed")).as("the bar is too low: the other failed as little").isPositive();
      Figures.add("producer with Kafka's FileConfigProvider: " + theirs);
    }
  }

  /** A typing error in a login, and in a placeholder of Kafka's; no broker is asked. */
  @Test
  void aNameWithoutAnAnswerEndsTheStart() {
    Map<String, String> login = ours("shop", Kafka.GPG);
    login.computeIfPresent("sasl.jaas.config", (key, text) -> text.replace(NAME, NAME + "D"));
    assertStartsNot(Kafka.launched("typed", login));
    Map<String, String> placeholder = new HashMap<>(Map.of("bootstrap.servers", Kafka.BROKER.sasl()));
    placeholder.put("config.providers", "secrets");
    placeholder.put(
        "config.providers.secrets.class", "de.lifetimecircle.secrets.kafka.SecretsConfigProvider");
    placeholder.put("config.providers.secrets.param.allow", "*");
    Kafka.settings(Kafka.GPG)
        .forEach((key, value) -> placeholder.put("config.providers.secrets.param." + key, value));
    placeholder.put("client.id", "${secrets:" + NAME + "D}");
    assertStartsNot(Kafka.launched("placeholder", placeholder));
    Figures.add("a login or a placeholder without an answer: the producer fails by name");
  }

  private void assertStartsNot(JavaProcess process) {
    running.add(process);
    assertThat(process.exitCode()).isEqualTo(1);
    assertThat(process.log()).contains("'" + NAME + "D'");
  }

  /** KIP-368: a connection keeps its user. docs/kafka.md says so, and what to do about it. */
  @Test
  @Tag("full")
  void theBrokerRefusesAnotherUserOnAnOpenConnection() throws Exception {
    String name = "shop/KAFKA_LOGIN";
    Map<String, String> settings = ours("", Kafka.GPG);
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required secret=\"%s\";".formatted(name));
    settings.put("secrets.soft-age", "250ms");
    turn("turn-a", name).replace();
    JavaProcess producer = producer("turns", settings);
    Kafka.nextLogin();
    assertThat(Kafka.figures(producer)).as("the same user").containsEntry("failed-reauthentication-total", 0L);
    turn("turn-b", name).replace();
    Kafka.nextLogin();
    Map<String, Long> refused = Kafka.figures(producer);
    assertThat(refused.get("failed-reauthentication-total")).as("another user: " + refused).isPositive();
    assertThat(refused).containsEntry("failed-authentication-total", 0L);
    Kafka.nextLogin();
    assertThat(Kafka.figures(producer).get("sent")).as("as the other user").isGreaterThan(refused.get("sent"));
  }

  private static Login turn(String user, String secret) {
    return new Login(
        Kafka.BROKER, user, Kafka.GPG.writer(), secret,
        password -> "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(user, password), Kafka.PROBE);
  }

  /** Without time between the change at the broker and the promotion, as two of them must have it. */
  @Test
  @Tag("full")
  void producersOnOtherBackendsFollow() throws Exception {
    int rotations = 2;
    Map<String, JavaProcess> producers = new LinkedHashMap<>();
    List<Login> logins = new ArrayList<>();
    for (String scheme : RunningBackend.CLOUDS) {
      RunningBackend cloud = Kafka.cloud(scheme);
      String user = "shop-" + scheme;
      Login login =
          new Login(Kafka.BROKER, user, cloud.writer(), NAME, UnaryOperator.identity(), Kafka.PROBE);
      login.replace();
      logins.add(login);
      producers.put(scheme, producer(scheme, ours(user, cloud)));
    }
    for (int i = 0; i < rotations; i++) {
      for (Login login : logins) {
        login.replace();
      }
      Kafka.nextLogin();
    }
    Map<String, Long> sent = new HashMap<>();
    for (String scheme : RunningBackend.CLOUDS) {
      sent.put(scheme, Kafka.figures(producers.get(scheme)).get("sent"));
    }
    Kafka.nextLogin();
    for (String scheme : RunningBackend.CLOUDS) {
      Map<String, Long> figures = Kafka.figures(producers.get(scheme));
      assertThat(figures.get("sent")).as(scheme + ": after the last login").isGreaterThan(sent.get(scheme));
      assertThat(figures).as(scheme).containsEntry("failed", 0L);
      assertThat(figures.get("successful-reauthentication-total")).as(scheme).isGreaterThanOrEqualTo(rotations);
      Figures.add("producer on " + scheme + ", " + rotations + " rotations: " + figures);
    }
  }
}
