package org.example.pools;

import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link PoolService} in a process of its own, and its figures. */
final class Client implements AutoCloseable {
  /** A kind of process, with its name in the table. */
  record Kind(String label, String pool, String hikari, boolean isOurs) {}

  static final Kind HIKARI7 = new Kind("SecretsDataSource in HikariCP 7.1.0", "hikari", "7.1.0", true);
  static final Kind HIKARI6 = new Kind("SecretsDataSource in HikariCP 6.3.3", "hikari", "6.3.3", true);
  static final Kind POOLS = new Kind("SecretsDataSource in Agroal, Tomcat and DBCP2", "pools", "7.1.0", true);
  static final Kind FIXED = new Kind("Agroal: a password that stays", "fixed", "7.1.0", false);
  static final Kind SET_PASSWORD = new Kind("HikariCP: setPassword and softEvict", "setpassword", "7.1.0", false);
  static final Kind PROVIDER = new Kind("HikariCP: HikariCredentialsProvider", "provider", "7.1.0", false);
  static final Kind AWS_JDBC = new Kind("aws-secretsmanager-jdbc 2.0.2", "awsjdbc", "7.1.0", false);
  static final Kind SHORTEST = new Kind("the lines of docs/jdbc.md", "shortest", "6.3.3", true);
  static final Kind WRONG = new Kind("wrong for good", "wrong", "7.1.0", true);

  final Kind kind;
  private final String address;
  private final Database database;
  private final JavaProcess process;
  private int refusedBefore;
  long asked;
  long failed;
  long slowest;
  int refused;
  int mostRefused;
  int rotations;
  String first = "-";

  /** Starts one that connects from that address. */
  Client(
      Kind kind, String address, Database database, Map<String, String> environment, Duration timeout,
      Duration budget, Path log) {
    this.kind = kind;
    this.address = address;
    this.database = database;
    List<String> classPath = new ArrayList<>(JavaProcess.classPath());
    classPath.removeIf(jar -> jar.contains("HikariCP"));
    classPath.add(Path.of("target/hikari/HikariCP-" + kind.hikari() + ".jar").toAbsolutePath().toString());
    // Both compilers, as a service has: the quick one has no SHA-256 of the processor, and a login by
    // SCRAM takes 4,096 rounds of it.
    process =
        new JavaProcess(log, environment)
            .main(
                classPath, PoolService.class.getName(), kind.pool(), address, timeout, budget)
            .conversing()
            .launch();
  }

  /** Waits until it serves. */
  Client ready() {
    if (!process.answer().equals("ready")) {
      throw new IllegalStateException(kind.label() + " did not start: " + process.log());
    }
    drain();
    slowest = 0;
    return this;
  }

  /** Returns what it saw since the last call: connections asked for, failed ones. */
  long[] drain() {
    String[] parts = process.ask("").split(" ", 4);
    slowest = Math.max(slowest, Long.parseLong(parts[2]));
    first = parts[3];
    return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1])};
  }

  /** Adds what it saw since the last call, and the logins that the database refused meanwhile. */
  void count() {
    long[] since = drain();
    asked += since[0];
    failed += since[1];
    int now = database.refused(address);
    refused += now - refusedBefore;
    mostRefused = Math.max(mostRefused, now - refusedBefore);
    refusedBefore = now;
    rotations++;
  }

  /** Leaves out what it saw, and was refused, since the last call. */
  void forget() {
    long kept = slowest;
    drain();
    slowest = kept;
    refusedBefore = database.refused(address);
  }

  /** What it says of itself where an assertion fails. */
  String figures() {
    return "%s: %d of %d getConnection failed: %s".formatted(kind.label(), failed, asked, first);
  }

  String row(String backend) {
    return "| %s | %s | %d | %d | %d | %d | %d ms |"
        .formatted(backend, kind.label(), rotations, asked, failed, refused, slowest);
  }

  /** Everything that it wrote. */
  String output() {
    return process.log();
  }

  @Override
  public void close() {
    process.stop();
  }
}
