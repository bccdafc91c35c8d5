package org.example.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A service that sends 20 records a second until it is asked to stop, and counts what fails: all,
 * and by the kind of the failure. {@code slowest} is the longest time in ms until a record was sent.
 * Counts from the second record on.
 */
public final class ProducerService {
  private final Map<String, Long> counts = new TreeMap<>(Map.of("sent", 0L, "failed", 0L));

  private ProducerService() {}

  /** Takes the file of settings and the file for the figures; stops when that has a twin .stop. */
  public static void main(String[] arguments) throws IOException {
    Properties settings = new Properties();
    try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
      settings.load(in);
    }
    Path figures = Path.of(arguments[1]);
    Path stop = Path.of(arguments[1] + ".stop");
    ProducerService service = new ProducerService();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      sendFirst(producer);
      while (!Files.exists(stop)) {
        service.send(producer);
        service.write(figures, producer);
        LockSupport.parkNanos(50_000_000L);
      }
      producer.flush();
      service.write(figures, producer);
    }
  }

  /**
   * The first record finds the broker, logs in and makes the topic: 2.9 s on a quiet machine, more
   * than a send may take on a busy one. A login that the broker refuses is counted all the same.
   */
  private static void sendFirst(KafkaProducer<String, String> producer) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (true) {
      try {
        producer.send(new ProducerRecord<>("orders", "order")).get();
        return;
      } catch (ExecutionException | RuntimeException e) {
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException("Cannot send the first record", e);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("Interrupted", e);
      }
    }
  }

  private void send(KafkaProducer<String, String> producer) {
    long begun = System.nanoTime();
    try {
      producer.send(
          new ProducerRecord<>("orders", "order"), (metadata, failure) -> ended(begun, failure));
    } catch (RuntimeException e) {
      ended(begun, e);
    }
  }

  private synchronized void ended(long begun, Exception failure) {
    if (failure == null) {
      counts.merge("sent", 1L, Long::sum);
      counts.merge("slowest", (System.nanoTime() - begun) / 1_000_000, Math::max);
    } else {
      counts.merge("failed", 1L, Long::sum);
      counts.merge("failed-" + failure.getClass().getSimpleName(), 1L, Long::sum);
      failure.printStackTrace();
    }
  }

  private synchronized Map<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  private void write(Path figures, KafkaProducer<String, String> producer) throws IOException {
    Map<String, Long> all = counts();
    producer
        .metrics()
        .forEach(
            (name, metric) -> {
              if (name.name().contains("authentication-total")) {
                all.merge(name.name(), ((Double) metric.metricValue()).longValue(), Math::max);
              }
            });
    StringBuilder lines = new StringBuilder();
    all.forEach((name, number) -> lines.append(name).append('=').append(number).append('\n'));
    Path next = Path.of(figures + ".next");
    Files.writeString(next, lines);
    Files.move(
        next, figures, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
