package org.example.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.kafka.ConnectRestarter;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Rotates the password of connectors and of a producer on a real broker and a real Connect worker,
 * and judges. Prints a line for each figure and the result at the end.
 */
public final class KafkaProof {
  static final long BAR_MILLIS = 5_000;

  /** The milliseconds after which a client logs in again. */
  private static final long SESSION = 5_000;

  private static final String PASSWORD = "connect/PASSWORD";
  private static final String FIELD = "connect/LOGIN";
  private static final String OTHER = "connect/OTHER";

  private final boolean full;
  private final Path folder;
  private final LeakProbe probe;
  private final Map<String, String> settings;
  private final SecretWriter writer;
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<String> results = Collections.synchronizedList(new ArrayList<>());

  private KafkaProof(boolean full, Path folder, LeakProbe probe) {
    this.full = full;
    this.folder = folder;
    this.probe = probe;
    this.settings =
        Map.of(
            "backend", "gpg",
            "gpg.store", folder.resolve("store").toString(),
            "gpg.key-file", folder.resolve("key.pgp").toString(),
            "soft-age", full ? "1s" : "250ms",
            "overrides", "off");
    var builder = SecretProvider.builder();
    settings.forEach(builder::set);
    this.writer = builder.buildWriter();
  }

  /** Takes the form, short or full, and an empty folder. */
  public static void main(String[] arguments) throws Exception {
    List<String> failures;
    String results;
    try (LeakProbe probe = LeakProbe.start()) {
      KafkaProof proof = new KafkaProof(arguments[0].equals("full"), Path.of(arguments[1]), probe);
      TlsProof tls = proof.full ? new TlsProof(proof) : null;
      try (Broker broker =
          Broker.start(
              proof.folder.resolve("broker"),
              SESSION,
              tls == null ? 0 : tls.port(),
              tls == null ? List.of() : tls.broker())) {
        proof.run(broker);
        if (tls != null) {
          tls.run();
        }
      }
      proof.leaks();
      proof.writer.close();
      failures = proof.failures;
      results = String.join("; ", proof.results);
    }
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    System.out.println(
        "kafka: " + (failures.isEmpty() ? "passed" : failures.size() + " failures") + "; " + results);
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  /** The short form does both at once, since each waits most of the time. */
  private void run(Broker broker) throws Exception {
    FutureTask<Void> producers =
        new FutureTask<>(
            () -> {
              new ProducerProof(this, broker).run(full ? 5 : 1);
              return null;
            });
    if (full) {
      connectors(broker);
      producers.run();
    } else {
      Thread beside = new Thread(producers, "producers");
      beside.setDaemon(true);
      beside.start();
      connectors(broker);
    }
    producers.get();
  }

  /** Waits longer than the time after which the broker wants a login again. */
  void nextLogin() {
    LockSupport.parkNanos((SESSION + 200) * 1_000_000);
  }

  void check(boolean holds, String what) {
    if (!holds) {
      failures.add(what);
    }
  }

  void result(String text) {
    results.add(text);
    System.out.println(text);
  }

  boolean isFull() {
    return full;
  }

  Path folder() {
    return folder;
  }

  Map<String, String> settings() {
    return settings;
  }

  SecretWriter writer() {
    return writer;
  }

  String canary(String label) {
    return probe.canary(label);
  }

  void watch(String label, String secret) {
    probe.watch(label, secret);
  }

  private String put(String name, String before, String after) {
    String canary = probe.canary(name);
    try (SecretValue value = SecretValue.of(before + canary + after)) {
      writer.put(name, value);
    }
    return RecordingTask.digest(canary);
  }

  private String password() {
    return put(PASSWORD, "", "");
  }

  private String field() {
    return put(FIELD, "{\"username\":\"anna\",\"password\":\"", "\"}");
  }

  private void connectors(Broker broker) throws Exception {
    String password = password();
    String field = field();
    String other = put(OTHER, "", "");
    Map<String, String> parameters = new java.util.HashMap<>(settings);
    parameters.put("allow", "connect/");
    parameters.put("metrics", "log");
    Map<String, Map<String, String>> providers = new java.util.LinkedHashMap<>();
    providers.put("secrets", parameters);
    List<Cloud> clouds = new ArrayList<>();
    for (String scheme : full ? Cloud.SCHEMES : List.<String>of()) {
      Cloud cloud = Cloud.start(scheme, folder.resolve("server-" + scheme));
      clouds.add(cloud);
      Map<String, String> own = new java.util.HashMap<>(cloud.settings());
      own.put("allow", "connect/");
      providers.put(scheme, own);
    }
    KubernetesSecrets kubernetes = KubernetesSecrets.start();
    List<Peer> peers =
        full
            ? List.of(
                Peer.file(folder.resolve("passwords-of-connectors.properties")),
                Peer.strimzi(kubernetes))
            : List.of();
    try (kubernetes;
        Worker worker = Worker.start(folder.resolve("worker"), broker, providers, peers, kubernetes.environment())) {
      refusals(worker);
      worker.create("orders", 2, "${secrets:connect/PASSWORD:value}", false);
      worker.create("login", 1, "${secrets:connect/LOGIN:password}", false);
      worker.create("other", 1, "${secrets:connect/OTHER}", false);
      worker.create("broken", 1, "none", true);
      follows(worker, "orders", password, 2);
      follows(worker, "login", field, 1);
      follows(worker, "other", other, 1);
      await("the broken task to fail", () -> worker.states("broken").equals(List.of("FAILED")));
      long slowest = 0;
      int rotations = full ? 3 : 1;
      for (int i = 0; i < rotations; i++) {
        password = password();
        slowest = Math.max(slowest, follows(worker, "orders", password, 2));
      }
      field = field();
      slowest = Math.max(slowest, follows(worker, "login", field, 1));
      check(slowest <= BAR_MILLIS, "tasks got the new value after " + slowest + " ms");
      result(
          "tasks of 2 connectors held the new value after " + slowest + " ms at most, "
              + rotations + " + 1 rotations");
      idle(worker, rotations);
      if (full) {
        workerDown(worker);
        new CloudProof(this, broker, worker, clouds).run();
        new PeerProof(this, worker, clouds.get(0), peers).run();
      }
      check(worker.states("orders").equals(List.of("RUNNING", "RUNNING")), "orders does not run");
      probe.look("REST API", worker.send("GET", "/connectors?expand=info&expand=status", null).body());
    } finally {
      for (Cloud cloud : clouds) {
        cloud.close();
      }
    }
  }

  /** Configurations that a worker must refuse, each with a sentence in its answer. */
  private void refusals(Worker worker) throws Exception {
    Map<String, String> refused =
        Map.of(
            "${secrets:connect/ABSENT:value}", "connect/ABSENT",
            "${secrets:forbidden/PASSWORD:value}", "allow does not list it",
            "${secrets:arn:aws:x}", "cannot carry");
    for (Map.Entry<String, String> each : refused.entrySet()) {
      HttpResponse<String> answer = worker.create("refused", 1, each.getKey(), false);
      check(
          answer.statusCode() >= 400 && answer.body().contains(each.getValue()),
          each.getKey() + ": " + answer.statusCode() + " " + answer.body());
    }
    check(worker.recorded("refused").isEmpty(), "a task started with a placeholder");
  }

  /** Waits until the newest start of each task has the value; returns the milliseconds. */
  private long follows(Worker worker, String connector, String digest, int tasks) throws Exception {
    long begin = System.nanoTime();
    await(
        connector + " to hold the new value",
        () -> Collections.frequency(worker.recorded(connector), digest) >= tasks);
    return (System.nanoTime() - begin) / 1_000_000;
  }

  static void await(String what, Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!holds.call()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("Waited a minute for " + what);
      }
      LockSupport.parkNanos(20_000_000L);
    }
  }

  /** Nothing restarts while nothing rotates, nor what does not name the secret. */
  private void idle(Worker worker, int rotations) throws Exception {
    LockSupport.parkNanos(1_000_000_000L);
    int starts = starts(worker);
    long before = worker.refreshes();
    await("20 refreshes", () -> worker.refreshes() >= before + 20);
    int more = starts(worker) - starts;
    check(more == 0, more + " restarts while nothing rotated");
    starts(worker, rotations);
    check(worker.recorded("other").size() == 1, "other restarted without a reason");
    check(worker.recorded("broken").size() == 1, "the broken task was started again");
    check(worker.states("broken").equals(List.of("FAILED")), "the broken task is not left alone");
    result(more + " restarts in " + (worker.refreshes() - before) + " idle refreshes");
  }

  /**
   * The restarter restarts once for each rotation. Connect restarts the tasks once more after every
   * second one, when it has a resolved configuration to compare with.
   */
  private void starts(Worker worker, int rotations) throws Exception {
    int orders = worker.recorded("orders").size();
    int byConnect = worker.restartsByConnect("orders");
    int ours = worker.restarts("orders");
    check(ours == rotations, "orders was restarted " + ours + " times by us");
    check(byConnect <= rotations / 2, "orders was restarted " + byConnect + " times by Connect");
    check(
        orders == 2 * (1 + ours + byConnect),
        "tasks of orders started " + orders + " times, for " + ours + " restarts of ours and "
            + byConnect + " of Connect");
    result(
        "2 tasks started " + orders + " times: once at first, " + ours + " times by the restarter, "
            + byConnect + " times by Connect itself");
  }

  private static int starts(Worker worker) throws Exception {
    int starts = 0;
    for (String connector : List.of("orders", "login", "other", "broken")) {
      starts += worker.recorded(connector).size();
    }
    return starts;
  }

  /** A restarter in a process of its own, whose worker is down while the secret rotates. */
  private void workerDown(Worker worker) throws Exception {
    var builder = SecretProvider.builder();
    settings.forEach(builder::set);
    try (SecretProvider provider = builder.build();
        ConnectRestarter restarter = ConnectRestarter.builder(provider, worker.url()).build()) {
      await("the restarter to watch", () -> provider.stats().names() >= 3);
      worker.stop();
      String password = password();
      await("the rotation", () -> provider.get(PASSWORD).asString().length() > 0
          && RecordingTask.digest(provider.get(PASSWORD).asString()).equals(password));
      LockSupport.parkNanos(3_000_000_000L);
      int before = worker.recorded("orders").size();
      worker.begin();
      // Twice: when the worker starts its tasks, and by the restarter that has waited for it.
      await("both starts of both tasks", () -> worker.recorded("orders").size() >= before + 4);
      check(
          Collections.frequency(worker.recorded("orders"), password) == 4,
          "a task holds an old value after the worker was down");
      await("the tasks to run", () -> worker.states("orders").equals(List.of("RUNNING", "RUNNING")));
      result("a worker that was down got its restart when it was back");
      check(restarter != null, "no restarter");
    }
  }

  private void leaks() throws IOException {
    for (String part : List.of("worker", "broker", "producer")) {
      try (Stream<Path> files = Files.walk(folder.resolve(part))) {
        // Topics are in files named .log, too; the indexes beside them are 10 MB of zeros each.
        for (Path file : files.filter(each -> each.toString().matches(".*[.](log|properties)")).toList()) {
          probe.look(file.getFileName().toString(), Files.readString(file, ISO_8859_1));
        }
      }
    }
    List<String> leaks =
        probe.leaks().stream()
            .map(Object::toString)
            .filter(leak -> !leak.endsWith(" as length")) // the log of this HTTP client has numbers
            .toList();
    leaks.forEach(leak -> failures.add("a secret shows: " + leak));
    result(leaks.size() + " secrets in logs, topics and the REST API");
  }
}
