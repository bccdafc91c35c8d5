package org.example.kafka;

import de.lifetimecircle.secrets.SecretValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Producers in processes of their own while their password changes: one with our callback handler,
 * one that takes the password from a file by Kafka's own config provider when it starts, as people
 * have it without us. Each authenticates again as often as the broker wants it.
 */
final class ProducerProof {
  private static final String NAME = "shop/KAFKA_PASSWORD";
  private static final long BEFORE_APPLY = 500_000_000L;
  /** One to find the broker, one to send. A late client opens a connection instead of the next. */
  private static final long FIRST_LOGINS = 2;
  private final KafkaProof proof;
  private final Broker broker;
  private final Path folder;
  private final Map<String, ServiceProcess> running = new HashMap<>();

  ProducerProof(KafkaProof proof, Broker broker) {
    this.proof = proof;
    this.broker = broker;
    this.folder = proof.folder().resolve("producer");
  }

  void run(int rotations) throws Exception {
    String first = proof.canary("password of the producers");
    try (SecretValue value = SecretValue.of(first)) {
      proof.writer().put(NAME, value);
    }
    broker.password("shop", first);
    Path passwords = proof.folder().resolve("passwords.properties");
    Files.writeString(passwords, "password=" + first + "\n");
    try {
      start("ours", ours());
      if (proof.isFull()) {
        start("others", others(passwords));
      }
      for (int i = 1; i <= rotations; i++) {
        rotate(passwords, "password " + i + " of the producers");
        proof.nextLogin(); // and after the promotion
      }
      judge(rotations);
    } finally {
      running.values().forEach(ServiceProcess::close);
    }
  }

  /** As {@code secrets rotate} does: pending, applied, promoted, with time in between. */
  private void rotate(Path passwords, String label) throws Exception {
    String next = proof.canary(label);
    String pending;
    try (SecretValue value = SecretValue.of(next)) {
      pending = proof.writer().putPending(NAME, value).version();
    }
    LockSupport.parkNanos(BEFORE_APPLY);
    broker.password("shop", next);
    Files.writeString(passwords, "password=" + next + "\n");
    proof.nextLogin(); // so that it authenticates in between
    proof.writer().promote(NAME, pending);
  }

  /** The settings of a client that logs in by SCRAM. */
  static Map<String, String> scram(Broker broker, String user, String login) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", broker.sasl());
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", "SCRAM-SHA-256");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user
            + "\" " + login + ";");
    return settings;
  }

  /** The settings of our handler. Fresh for 5 minutes: it must not need the refresh to follow. */
  static Map<String, String> handler(Map<String, String> library) {
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "sasl.client.callback.handler.class",
        "de.lifetimecircle.secrets.kafka.SecretsSaslCallbackHandler");
    library.forEach((key, value) -> settings.put("secrets." + key, value));
    settings.put("secrets.soft-age", "5m");
    return settings;
  }

  private Map<String, String> ours() {
    Map<String, String> settings = scram(broker, "shop", "secret=\"" + NAME + "\"");
    settings.putAll(handler(proof.settings()));
    return settings;
  }

  private Map<String, String> others(Path passwords) {
    Map<String, String> settings =
        scram(broker, "shop", "password=\"${file:" + passwords + ":password}\"");
    settings.put("config.providers", "file");
    settings.put(
        "config.providers.file.class",
        "org.apache.kafka.common.config.provider.FileConfigProvider");
    return settings;
  }

  private void start(String name, Map<String, String> settings) throws IOException {
    running.put(name, ServiceProcess.start(folder.resolve(name), settings));
  }

  private void judge(int rotations) {
    Map<String, Long> ours = running.get("ours").figures();
    proof.result("producer with our handler, " + rotations + " rotations: " + ours);
    proof.check(ours.get("failed") == 0, "our producer failed: " + ours);
    proof.check(
        ours.get("failed-authentication-total") + ours.get("failed-reauthentication-total") == 0,
        "our producer was refused: " + ours);
    proof.check(
        ours.get("successful-authentication-total") + ours.get("successful-reauthentication-total")
            >= FIRST_LOGINS + 2L * rotations,
        "our producer did not authenticate again: " + ours);
    if (proof.isFull()) {
      Map<String, Long> others = running.get("others").figures();
      proof.result("producer with Kafka's FileConfigProvider: " + others);
      proof.check(
          others.get("failed") > 0, "the bar is too low: the other producer failed as little");
    }
  }
}
