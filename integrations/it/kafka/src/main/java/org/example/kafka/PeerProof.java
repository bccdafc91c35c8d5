package org.example.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A connector on Kafka's own FileConfigProvider, whose file gets the new password too, beside one on
 * ours: the same worker, the same rotations. Nothing is required of the other; the table is for the
 * page. Providers of others are on no Maven repository that this build uses.
 */
final class PeerProof {
  private static final String NAME = "connect/LOGIN";
  private static final int ROTATIONS = 3;
  private static final long PATIENCE = 10_000_000_000L;
  private static final long IDLE = 20_000_000_000L;

  private static final String OURS = "beside-aws";
  private static final String OTHER = "beside-file";
  private static final List<String> CONNECTORS = List.of(OURS, OTHER);

  private final KafkaProof proof;
  private final Worker worker;
  private final Cloud aws;
  private final Path file;

  PeerProof(KafkaProof proof, Worker worker, Cloud aws) {
    this.proof = proof;
    this.worker = worker;
    this.aws = aws;
    this.file = proof.folder().resolve("passwords-of-connectors.properties");
  }

  /** The lines of the worker for the other provider. */
  static List<String> worker() {
    return List.of(
        "config.providers.peer.class="
            + "org.apache.kafka.common.config.provider.FileConfigProvider");
  }

  void run() throws Exception {
    String digest = rotate();
    Map<String, Integer> followed = new HashMap<>();
    Map<String, Long> slowest = new HashMap<>();
    worker.create(OURS, 2, "${aws:" + NAME + ":password}", false);
    worker.create(OTHER, 2, "${peer:" + file + ":password}", false);
    for (String connector : CONNECTORS) {
      String first = digest;
      KafkaProof.await(connector, () -> holds(connector, first));
    }
    for (int i = 0; i < ROTATIONS; i++) {
      digest = rotate();
      long begin = System.nanoTime();
      Map<String, Long> took = new HashMap<>();
      while (took.size() < CONNECTORS.size() && System.nanoTime() - begin < PATIENCE) {
        for (String connector : CONNECTORS) {
          if (holds(connector, digest)) {
            took.putIfAbsent(connector, (System.nanoTime() - begin) / 1_000_000);
          }
        }
        LockSupport.parkNanos(50_000_000L);
      }
      took.forEach(
          (connector, millis) -> {
            followed.merge(connector, 1, Integer::sum);
            slowest.merge(connector, millis, Math::max);
          });
    }
    report(followed, slowest);
  }

  private void report(Map<String, Integer> followed, Map<String, Long> slowest) throws Exception {
    Map<String, Integer> before = new HashMap<>();
    for (String connector : CONNECTORS) {
      before.put(connector, worker.connectorStarts(connector));
    }
    LockSupport.parkNanos(IDLE);
    for (String connector : CONNECTORS) {
      int starts = worker.connectorStarts(connector) - before.get(connector);
      int all = followed.getOrDefault(connector, 0);
      proof.result(
          "beside each other, " + connector + ": all tasks followed " + all + " of " + ROTATIONS
              + " rotations within 10 s, slowest " + slowest.getOrDefault(connector, -1L) + " ms; "
              + starts + " starts of the connector in 20 s without a rotation");
      if (connector.equals(OURS)) {
        proof.check(all == ROTATIONS, connector + " followed " + all + " of " + ROTATIONS);
        proof.check(starts == 0, connector + " started " + starts + " times without a rotation");
      }
    }
  }

  private String rotate() throws IOException {
    String canary = proof.canary("password of two connectors");
    Files.writeString(file, "password=" + canary + "\n");
    aws.put(NAME, "{\"username\":\"anna\",\"password\":\"" + canary + "\"}");
    return RecordingTask.digest(canary);
  }

  private boolean holds(String connector, String digest) throws Exception {
    return Collections.frequency(worker.recorded(connector), digest) >= 2;
  }
}
