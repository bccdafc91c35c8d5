package org.example.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Connectors on config providers of others beside one on ours: the same worker, the same rotations.
 * Nothing is required of the others; the table is for the page.
 */
final class PeerProof {
  private static final String NAME = "connect/LOGIN";
  private static final int ROTATIONS = 3;
  private static final int TASKS = 2;
  private static final long PATIENCE = 10_000_000_000L;
  private static final long IDLE = 20_000_000_000L;
  private static final String OURS = "beside-aws";

  private final KafkaProof proof;
  private final Worker worker;
  private final Cloud aws;
  private final List<Peer> peers;
  private final List<String> connectors = new ArrayList<>(List.of(OURS));

  PeerProof(KafkaProof proof, Worker worker, Cloud aws, List<Peer> peers) {
    this.proof = proof;
    this.worker = worker;
    this.aws = aws;
    this.peers = peers;
    peers.forEach(peer -> connectors.add(peer.connector()));
  }

  void run() throws Exception {
    rotate();
    Map<String, Integer> followed = new HashMap<>();
    Map<String, Long> slowest = new HashMap<>();
    worker.create(OURS, TASKS, "${aws:" + NAME + ":password}", false);
    for (Peer peer : peers) {
      worker.create(peer.connector(), TASKS, peer.placeholder(), false);
    }
    for (String connector : connectors) {
      KafkaProof.await(connector, () -> worker.recorded(connector).size() >= TASKS);
    }
    for (int i = 0; i < ROTATIONS; i++) {
      String digest = rotate();
      long begin = System.nanoTime();
      Map<String, Long> took = new HashMap<>();
      while (took.size() < connectors.size() && System.nanoTime() - begin < PATIENCE) {
        for (String connector : connectors) {
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
    Map<String, Integer> tasks = new HashMap<>();
    for (String connector : connectors) {
      before.put(connector, worker.connectorStarts(connector));
      tasks.put(connector, worker.recorded(connector).size());
    }
    LockSupport.parkNanos(IDLE);
    for (String connector : connectors) {
      int starts = worker.connectorStarts(connector) - before.get(connector);
      int all = followed.getOrDefault(connector, 0);
      proof.result(
          "beside each other, " + connector + ": all tasks followed " + all + " of " + ROTATIONS
              + " rotations within 10 s, slowest " + slowest.getOrDefault(connector, -1L) + " ms; "
              + starts + " starts of the connector and "
              + (worker.recorded(connector).size() - tasks.get(connector))
              + " of tasks in 20 s without a rotation");
      if (connector.equals(OURS)) {
        proof.check(all == ROTATIONS, connector + " followed " + all + " of " + ROTATIONS);
        proof.check(starts == 0, connector + " started " + starts + " times without a rotation");
      }
    }
  }

  private String rotate() throws IOException {
    String canary = proof.canary("password of connectors beside each other");
    for (Peer peer : peers) {
      peer.password().accept(canary);
    }
    aws.put(NAME, "{\"username\":\"anna\",\"password\":\"" + canary + "\"}");
    return RecordingTask.digest(canary);
  }

  private boolean holds(String connector, String digest) throws Exception {
    return Collections.frequency(worker.recorded(connector), digest) >= TASKS;
  }
}
