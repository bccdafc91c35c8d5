package org.example.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A service that sends 20 records a second until it is asked to stop, and counts what fails. */
public final class ProducerService {
  private ProducerService() {}

  /** Takes the file of settings and the file for the figures; stops when that has a twin .stop. */
  public static void main(String[] arguments) throws IOException {
    Properties settings = new Properties();
    try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
      settings.load(in);
    }
    Path figures = Path.of(arguments[1]);
    Path stop = Path.of(arguments[1] + ".stop");
    AtomicLong sent = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      while (!Files.exists(stop)) {
        send(producer, sent, failed);
        write(figures, producer, sent, failed);
        LockSupport.parkNanos(50_000_000L);
      }
      producer.flush();
      write(figures, producer, sent, failed);
    }
  }

  private static void send(
      KafkaProducer<String, String> producer, AtomicLong sent, AtomicLong failed) {
    try {
      producer.send(
          new ProducerRecord<>("orders", "order"),
          (metadata, failure) -> (failure == null ? sent : failed).incrementAndGet());
    } catch (RuntimeException e) {
      failed.incrementAndGet();
    }
  }

  private static void write(
      Path figures, KafkaProducer<String, String> producer, AtomicLong sent, AtomicLong failed)
      throws IOException {
    Map<String, Long> all = new TreeMap<>();
    all.put("sent", sent.get());
    all.put("failed", failed.get());
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
        next,
        figures,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
