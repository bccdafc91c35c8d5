package org.example.kafka;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * Producers in processes of their own while their password changes: one with our callback handler,
 * one that takes the password from a file by Kafka's own config provider when it starts, as people
 * have it without us. Each authenticates again every 5 s at the latest.
 */
final class ProducerProof {
  private static final String NAME = "shop/KAFKA_PASSWORD";
  private static final long BEFORE_APPLY = 500_000_000L;
  /** Longer than the time after which the broker wants a login again. */
  private static final long NEXT_LOGIN = 5_200_000_000L;

  private final KafkaProof proof;
  private final Broker broker;
  private final Path folder;
  private final List<LocalServer> running = new ArrayList<>();

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
        LockSupport.parkNanos(NEXT_LOGIN); // and after the promotion
      }
      judge(rotations);
    } finally {
      running.forEach(LocalServer::close);
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
    LockSupport.parkNanos(NEXT_LOGIN); // so that it authenticates in between
    proof.writer().promote(NAME, pending);
  }

  private List<String> common() {
    return List.of(
        "bootstrap.servers=" + broker.sasl(),
        "security.protocol=SASL_PLAINTEXT",
        "sasl.mechanism=SCRAM-SHA-256",
        "acks=all",
        "delivery.timeout.ms=4000",
        "request.timeout.ms=3000",
        "max.block.ms=3000");
  }

  private List<String> ours() {
    List<String> lines = new ArrayList<>(common());
    lines.add(
        "sasl.client.callback.handler.class="
            + "de.lifetimecircle.secrets.kafka.SecretsSaslCallbackHandler");
    lines.add(
        "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"shop\" secret=\"" + NAME + "\";");
    // Fresh for 5 minutes, as by default: it must not need the refresh to follow.
    proof
        .settings()
        .forEach((key, value) -> lines.add("secrets." + key + "=" + (key.equals("soft-age") ? "5m" : value)));
    return lines;
  }

  private List<String> others(Path passwords) {
    List<String> lines = new ArrayList<>(common());
    lines.add("config.providers=file");
    lines.add(
        "config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider");
    lines.add(
        "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"shop\" password=\"${file:" + passwords + ":password}\";");
    return lines;
  }

  private void start(String name, List<String> settings) throws IOException {
    Path own = folder.resolve(name);
    Programs.write(own.resolve("producer.properties"), settings);
    List<String> jars = new ArrayList<>(Programs.kafka());
    jars.addAll(Programs.ours());
    jars.add(Programs.proof());
    running.add(
        Programs.start(
            own,
            96,
            jars,
            List.of(
                "org.example.kafka.ProducerService",
                own.resolve("producer.properties").toString(),
                own.resolve("figures").toString()),
            () -> figures(name).getOrDefault("sent", 0L) > 0));
  }

  private Map<String, Long> figures(String name) {
    Properties read = new Properties();
    Path file = folder.resolve(name).resolve("figures");
    if (Files.exists(file)) {
      try (var in = Files.newBufferedReader(file)) {
        read.load(in);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    Map<String, Long> figures = new java.util.TreeMap<>();
    read.forEach((key, value) -> figures.put((String) key, Long.valueOf((String) value)));
    return figures;
  }

  private void judge(int rotations) {
    Map<String, Long> ours = figures("ours");
    proof.result("producer with our handler, " + rotations + " rotations: " + ours);
    proof.check(ours.get("failed") == 0, "our producer failed: " + ours);
    proof.check(
        ours.get("failed-authentication-total") + ours.get("failed-reauthentication-total") == 0,
        "our producer was refused: " + ours);
    proof.check(
        ours.get("successful-reauthentication-total") >= 2L * rotations,
        "our producer did not authenticate again: " + ours);
    if (proof.isFull()) {
      Map<String, Long> others = figures("others");
      proof.result("producer with Kafka's FileConfigProvider: " + others);
      proof.check(
          others.get("failed") > 0, "the bar is too low: the other producer failed as little");
    }
  }
}
