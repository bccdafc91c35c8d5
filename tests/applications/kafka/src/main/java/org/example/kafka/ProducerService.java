package org.example.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Scanner;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A service that sends 20 records a second. Prints {@code ready} after the first, and then for each
 * line on its input a line of counts from the second record on: sent, failed, failed by kind, logins.
 * {@code slowest} is the longest time in ms until a record was sent.
 */
public final class ProducerService {
  private final Map<String, Long> counts = new TreeMap<>(Map.of("sent", 0L, "failed", 0L));
  private final KafkaProducer<String, String> producer;

  private ProducerService(KafkaProducer<String, String> producer) {
    this.producer = producer;
  }

  /** Takes the file of settings. */
  public static void main(String[] arguments) throws IOException {
    Properties settings = new Properties();
    try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
      settings.load(in);
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      ProducerService service = new ProducerService(producer);
      service.sendFirst();
      Thread sending = new Thread(service::send, "sending");
      sending.setDaemon(true);
      sending.start();
      System.out.println("ready");
      Scanner questions = new Scanner(System.in);
      while (questions.hasNextLine()) {
        questions.nextLine();
        System.out.println(service.figures());
      }
    }
  }

  /**
   * The first record finds the broker, logs in and makes the topic: 2.9 s on a quiet machine, more
   * than a send may take on a busy one. A login that the broker refuses is counted all the same.
   */
  private void sendFirst() {
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

  private void send() {
    while (true) {
      long begun = System.nanoTime();
      try {
        producer.send(
            new ProducerRecord<>("orders", "order"), (metadata, failure) -> ended(begun, failure));
      } catch (RuntimeException e) {
        ended(begun, e);
      }
      LockSupport.parkNanos(50_000_000L);
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

  /** As {@code name=number name=number}. */
  private synchronized String figures() {
    Map<String, Long> all = new TreeMap<>(counts);
    producer
        .metrics()
        .forEach(
            (name, metric) -> {
              if (name.name().contains("authentication-total")) {
                all.merge(name.name(), ((Double) metric.metricValue()).longValue(), Math::max);
              }
            });
    return all.toString().replaceAll("[{},]", "");
  }
}
