package org.example.kafka;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A connector and a producer on each of the other backends, and two rotations of their passwords. */
final class CloudProof {
  private static final String CONNECT = "connect/PASSWORD";
  private static final String PRODUCER = "shop/KAFKA_PASSWORD";
  private static final int ROTATIONS = 2;

  private final KafkaProof proof;
  private final Broker broker;
  private final Worker worker;
  private final List<Cloud> clouds;

  CloudProof(KafkaProof proof, Broker broker, Worker worker, List<Cloud> clouds) {
    this.proof = proof;
    this.broker = broker;
    this.worker = worker;
    this.clouds = clouds;
  }

  void run() throws Exception {
    for (Cloud cloud : clouds) {
      String digest = password(cloud);
      String connector = "orders-" + cloud.scheme();
      worker.create(connector, 2, "${" + cloud.scheme() + ":" + CONNECT + ":value}", false);
      long slowest = 0;
      held(connector, digest);
      for (int i = 0; i < ROTATIONS; i++) {
        long begin = System.nanoTime();
        held(connector, password(cloud));
        slowest = Math.max(slowest, (System.nanoTime() - begin) / 1_000_000);
      }
      proof.check(slowest <= KafkaProof.BAR_MILLIS, connector + " followed after " + slowest + " ms");
      proof.result(
          cloud.scheme() + ": tasks held the new value after " + slowest + " ms at most, "
              + ROTATIONS + " rotations");
    }
    producers();
  }

  private String password(Cloud cloud) {
    String canary = proof.canary("password of a connector on " + cloud.scheme());
    cloud.put(CONNECT, canary);
    return RecordingTask.digest(canary);
  }

  private void held(String connector, String digest) throws Exception {
    KafkaProof.await(
        connector + " to hold the new value",
        () -> Collections.frequency(worker.recorded(connector), digest) >= 2);
  }

  private void producers() throws Exception {
    Map<Cloud, ServiceProcess> running = new HashMap<>();
    try {
      for (Cloud cloud : clouds) {
        rotate(cloud);
        Map<String, String> settings =
            ProducerProof.scram(broker, "shop-" + cloud.scheme(), "secret=\"" + PRODUCER + "\"");
        settings.putAll(ProducerProof.handler(cloud.settings()));
        running.put(
            cloud,
            ServiceProcess.start(
                proof.folder().resolve("producer").resolve(cloud.scheme()), settings));
      }
      for (int i = 0; i < ROTATIONS; i++) {
        for (Cloud cloud : clouds) {
          rotate(cloud);
        }
        proof.nextLogin();
      }
      for (Cloud cloud : clouds) {
        Map<String, Long> figures = running.get(cloud).figures();
        proof.result("producer on " + cloud.scheme() + ", " + ROTATIONS + " rotations: " + figures);
        proof.check(figures.get("failed") == 0, "producer on " + cloud.scheme() + ": " + figures);
        proof.check(
            figures.get("successful-reauthentication-total") >= ROTATIONS,
            "producer on " + cloud.scheme() + " did not authenticate again: " + figures);
      }
    } finally {
      running.values().forEach(ServiceProcess::close);
    }
  }

  /** Without time between the change at the broker and the promotion, as two of them must have it. */
  private void rotate(Cloud cloud) throws Exception {
    String next = proof.canary("password of the producer on " + cloud.scheme());
    broker.password("shop-" + cloud.scheme(), next);
    cloud.put(PRODUCER, next);
  }
}
