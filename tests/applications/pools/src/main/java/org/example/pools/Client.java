package org.example.pools;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link PoolService} in a process of its own, and its figures. */
final class Client implements AutoCloseable {
  /** A kind of process, with its name in the table. */
  record Kind(String label, String pool, String hikari, boolean isOurs) {
    /** How many pools the process has. */
    int pools() {
      return pool.equals("pools") ? 3 : 1;
    }
  }

  static final Kind HIKARI7 = new Kind("SecretsDataSource in HikariCP 7.1.0", "hikari", "7.1.0", true);
  static final Kind HIKARI6 = new Kind("SecretsDataSource in HikariCP 6.3.3", "hikari", "6.3.3", true);
  static final Kind POOLS =
      new Kind("SecretsDataSource in Agroal, Tomcat and DBCP2", "pools", "7.1.0", true);
  static final Kind FIXED =
      new Kind("Agroal: a password that stays", "fixed", "7.1.0", false);
  static final Kind SET_PASSWORD =
      new Kind("HikariCP: setPassword and softEvict", "setpassword", "7.1.0", false);
  static final Kind PROVIDER =
      new Kind("HikariCP: HikariCredentialsProvider", "provider", "7.1.0", false);
  static final Kind AWS_JDBC = new Kind("aws-secretsmanager-jdbc 2.0.2", "awsjdbc", "7.1.0", false);
  static final Kind SHORTEST = new Kind("the lines of docs/jdbc.md", "shortest", "6.3.3", true);
  static final Kind WRONG = new Kind("wrong for good", "wrong", "7.1.0", true);

  final Kind kind;
  final String address;
  private final Process process;
  private final Path log;
  private final BufferedReader out;
  private final Writer in;
  private final List<String> output = new ArrayList<>();
  private final long[] before = new long[2];
  long asked;
  long failed;
  long slowest;
  int refused;
  int mostRefused;
  int rotations;
  String first = "-";

  Client(Kind kind, String address, Map<String, String> environment, Duration timeout, Duration budget, Path log)
      throws IOException {
    this.kind = kind;
    this.address = address;
    this.log = log;
    String classPath =
        System.getProperty("pools.classes")
            + File.pathSeparator
            + System.getProperty("pools.hikari").replace("VERSION", kind.hikari())
            + File.pathSeparator
            + System.getProperty("pools.lib")
            + File.separator
            + "*";
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Both compilers, as a service has: the quick one has no SHA-256 of the processor, and
                // a login by SCRAM takes 4,096 rounds of it.
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                PoolService.class.getName(),
                kind.pool(),
                address,
                timeout.toString(),
                budget.toString())
            .redirectError(log.toFile());
    builder.environment().putAll(environment);
    this.process = builder.start();
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Waits until it serves. */
  void awaitReady() throws IOException {
    String line = read();
    if (!line.equals("ready")) {
      throw new IllegalStateException(kind.label() + " did not start: " + Files.readString(log));
    }
    figures();
    slowest = 0;
  }

  private String read() throws IOException {
    String line = out.readLine();
    output.add(String.valueOf(line));
    return String.valueOf(line);
  }

  /** What it saw since the last call: connections asked for, failed ones. */
  private long[] figures() throws IOException {
    in.write("\n");
    in.flush();
    String[] parts = read().split(" ", 4);
    if (parts.length < 4) {
      throw new IllegalStateException(kind.label() + " ended: " + Files.readString(log));
    }
    long[] since = {Long.parseLong(parts[0]) - before[0], Long.parseLong(parts[1]) - before[1]};
    before[0] += since[0];
    before[1] += since[1];
    slowest = Math.max(slowest, Long.parseLong(parts[2]));
    first = parts[3];
    return since;
  }

  /** Adds what it saw since the last call, and the logins that the database refused meanwhile. */
  long count(int refusedLogins) throws IOException {
    long[] since = figures();
    asked += since[0];
    failed += since[1];
    refused += refusedLogins;
    mostRefused = Math.max(mostRefused, refusedLogins);
    rotations++;
    return since[1];
  }

  /** Leaves out what it saw since the last call. */
  void forget() throws IOException {
    long kept = slowest;
    figures();
    slowest = kept;
  }

  /** Everything that it wrote. */
  String output() {
    try {
      return String.join("\n", output) + Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the output of a client", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
