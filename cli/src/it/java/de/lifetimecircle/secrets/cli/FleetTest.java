package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.RotationNotice;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import de.lifetimecircle.secrets.testservers.RedisServer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/**
 * Five processes with a soft age of five minutes hear of a rotation through a real server; forged
 * messages cost them next to nothing, and the end of the server costs them nothing.
 */
class FleetTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final int MEMBERS = 5;
  private static final int FORGED = 10_000;

  @TempDir private Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<Member> fleet = new ArrayList<>();
  private AutoCloseable running = () -> {};

  /** A process and what it says. */
  private record Member(Process process, BufferedWriter questions, Path output) {
    Optional<String> line(String beginning) throws IOException {
      return Files.readAllLines(output).stream()
          .filter(line -> line.contains(" " + beginning))
          .reduce((first, last) -> last);
    }

    String await(String beginning) throws IOException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (line(beginning).isEmpty()) {
        assertThat(System.nanoTime())
            .as(beginning + " in " + Files.readString(output))
            .isLessThan(end);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      return line(beginning).orElseThrow();
    }

    String ask(String question, String answer) throws IOException {
      questions.write(question + "\n");
      questions.flush();
      return await(answer);
    }
  }

  /** A broker, as far as this test needs it. */
  private interface Broker {
    int listeners() throws SQLException;

    void forge(List<String> messages) throws SQLException;
  }

  @AfterEach
  void end() throws Exception {
    fleet.forEach(member -> member.process().destroyForcibly());
    kill();
  }

  private void kill() throws Exception {
    running.close();
    running = () -> {};
  }

  @Test
  void redis() throws Exception {
    RedisServer server = RedisServer.start();
    running = server;
    environment.put("SECRETS_PUSH", "redis");
    environment.put("SECRETS_REDIS_URL", server.url());
    play(
        new Broker() {
          @Override
          public int listeners() {
            try (Jedis jedis = new Jedis(java.net.URI.create(server.url()))) {
              return jedis.pubsubNumSub("secrets:rotations").get("secrets:rotations").intValue();
            }
          }

          @Override
          public void forge(List<String> messages) {
            try (Jedis jedis = new Jedis(java.net.URI.create(server.url()));
                Pipeline pipeline = jedis.pipelined()) {
              messages.forEach(message -> pipeline.publish("secrets:rotations", message));
              pipeline.sync();
            }
          }
        });
  }

  @Test
  void postgresql() throws Exception {
    PostgresServer server = PostgresServer.start();
    running = server;
    environment.put("SECRETS_PUSH", "postgresql");
    environment.put(
        "SECRETS_POSTGRESQL_URL",
        "postgresql://postgres:" + server.password() + "@127.0.0.1:" + server.port() + "/postgres");
    play(
        new Broker() {
          private Connection connect() throws SQLException {
            return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres",
                "postgres",
                server.password());
          }

          @Override
          public int listeners() throws SQLException {
            try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                    statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")) {
              rows.next();
              return rows.getInt(1);
            }
          }

          @Override
          public void forge(List<String> messages) throws SQLException {
            try (Connection connection = connect();
                PreparedStatement notify =
                    connection.prepareStatement(
                        "SELECT pg_notify('secrets_rotations', m) FROM unnest(?) m")) {
              notify.setArray(1, connection.createArrayOf("text", messages.toArray()));
              notify.execute();
            }
          }
        });
  }

  private void play(Broker broker) throws Exception {
    environment.put("SECRETS_BACKEND", "gpg");
    environment.put("SECRETS_TIMEOUT", "60s"); // five processes start at once
    environment.put("SECRETS_GPG_STORE", folder.resolve("store").toString());
    environment.put("SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
    put("canary-1");
    for (int i = 0; i < MEMBERS; i++) {
      fleet.add(start(i));
    }
    for (Member member : fleet) {
      member.await("ready");
    }
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (broker.listeners() < MEMBERS) {
      assertThat(System.nanoTime()).as("listeners").isLessThan(patience);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    aRotationReachesAll();
    forgedMessagesCostOneLoadASecond(broker);
    theEndOfTheBrokerHarmsNobody();
  }

  private void aRotationReachesAll() throws IOException {
    CliProcess command = CliProcess.in(folder);
    command.environment.putAll(environment);
    try {
      assertThat(command.succeed("canary-2", "put", KEY)).doesNotContain("canary");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    long written = System.currentTimeMillis();
    long slowest = Long.MIN_VALUE;
    for (Member member : fleet) {
      String line = member.await("serves");
      slowest = Math.max(slowest, Long.parseLong(line.substring(0, line.indexOf(' '))) - written);
    }
    System.out.printf(
        Locale.ROOT,
        "fleet of %d processes, %s: the last serves the new version %d ms after the command ended%n",
        MEMBERS,
        environment.get("SECRETS_PUSH"),
        slowest);
    // At most 2 s by chance; the rest is room for a loaded machine, far below the soft age.
    assertThat(slowest).isLessThan(10_000);
  }

  private void forgedMessagesCostOneLoadASecond(Broker broker) throws Exception {
    List<Long> before = calls();
    long begin = System.nanoTime();
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < FORGED; i++) {
      String name = i % 2 == 0 ? KEY : "unknown-" + i;
      messages.add(
          i % 10 == 0
              ? "no notice"
              : new RotationNotice(name, "forged-" + i, Instant.EPOCH).text());
    }
    broker.forge(messages);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
    List<Long> after = calls();
    long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    long most = 0;
    for (int i = 0; i < MEMBERS; i++) {
      most = Math.max(most, after.get(i) - before.get(i));
    }
    System.out.printf(
        Locale.ROOT,
        "fleet of %d processes, %s: %d forged messages in %d s cost a process at most %d calls%n",
        MEMBERS,
        environment.get("SECRETS_PUSH"),
        FORGED,
        seconds,
        most);
    assertThat(most).isBetween(1L, seconds);
  }

  private List<Long> calls() throws IOException {
    List<Long> calls = new ArrayList<>();
    for (Member member : fleet) {
      long lines = Files.readAllLines(member.output()).size();
      member.questions().write("calls\n");
      member.questions().flush();
      while (Files.readAllLines(member.output()).size() == lines) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      String line = member.await("calls");
      calls.add(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)));
    }
    return calls;
  }

  private void theEndOfTheBrokerHarmsNobody() throws Exception {
    environment.put("SECRETS_SOFT_AGE", "1s");
    Member polling = start(MEMBERS);
    fleet.add(polling);
    polling.await("ready");
    kill();
    String version = put("canary-3");
    long written = System.nanoTime();
    polling.await("serves " + version); // asked by nobody: its soft age finds the rotation
    assertThat(System.nanoTime() - written).isLessThan(TimeUnit.SECONDS.toNanos(30));
    for (Member member : fleet) {
      assertThat(member.ask("poll", "polled")).endsWith("polled " + version);
      assertThat(member.process().isAlive()).isTrue();
      assertThat(Files.readString(member.output()))
          .doesNotContain("Exception")
          .doesNotContain("canary");
    }
  }

  private String put(String text) {
    Map<String, String> quiet = new LinkedHashMap<>(environment);
    quiet.put("SECRETS_PUSH", "none");
    try (SecretWriter writer = SecretProvider.builder().environment(quiet).buildWriter();
        SecretValue value = SecretValue.of(text)) {
      return writer.put(KEY, value).version();
    }
  }

  private Member start(int number) throws IOException {
    Path output = folder.resolve("member-" + number + ".txt");
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classPath,
                FleetMember.class.getName(),
                KEY)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new Member(process, process.outputWriter(StandardCharsets.UTF_8), output);
  }
}
