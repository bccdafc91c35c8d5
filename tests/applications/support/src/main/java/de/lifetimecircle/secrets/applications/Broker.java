package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.testcontainers.lifecycle.Startable;

/** A broker of one node, with KRaft; clients log in by SCRAM, the worker and the tests do not. */
public final class Broker implements Startable, Login.Server {
  /** The time after which a client has to log in again. */
  public static final Duration SESSION = Duration.ofSeconds(5);

  private static final String LOCAL = "127.0.0.1:";

  private final Path folder;
  private final List<String> classPath;
  private final Map<String, String> more;
  private final int plain = LocalServer.freePort();
  private final int sasl = LocalServer.freePort();
  private JavaProcess process;
  private Admin admin;

  /**
   * Describes a broker.
   *
   * @param classPath has Kafka and what the settings name
   * @param more settings; {@code listeners} are more than the usual ones
   */
  public Broker(Path folder, List<String> classPath, Map<String, String> more) {
    this.folder = folder;
    this.classPath = classPath;
    this.more = new TreeMap<>(more);
  }

  /** Starts one that has only the usual listeners, with the class path of this process. */
  public static Broker started(Path folder) {
    Broker broker = new Broker(folder, JavaProcess.classPath(), Map.of());
    broker.start();
    return broker;
  }

  @Override
  public void start() {
    int controller = LocalServer.freePort();
    Map<String, String> settings = new TreeMap<>(more);
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@" + LOCAL + controller);
    settings.put(
        "listeners",
        "PLAINTEXT://" + LOCAL + plain + ",SASL_PLAINTEXT://" + LOCAL + sasl
            + ",CONTROLLER://" + LOCAL + controller
            + (more.containsKey("listeners") ? "," + more.get("listeners") : ""));
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL");
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listener.name.sasl_plaintext.sasl.enabled.mechanisms", "SCRAM-SHA-256");
    settings.put(
        "listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put("connections.max.reauth.ms", "" + SESSION.toMillis());
    settings.put("log.dirs", folder.resolve("kafka-logs").toString());
    for (String one :
        List.of(
            "num.partitions", "offsets.topic.replication.factor", "offsets.topic.num.partitions",
            "transaction.state.log.replication.factor", "transaction.state.log.min.isr",
            "transaction.state.log.num.partitions", "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr")) {
      settings.put(one, "1");
    }
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("log.cleaner.dedupe.buffer.size", "4000000");
    Path file = Folders.settings(folder.resolve("server.properties"), settings);
    format(file);
    process =
        new JavaProcess(folder.resolve("java.log"), Map.of())
            .quick(512)
            .options("-Dorg.slf4j.simpleLogger.defaultLogLevel=info")
            .main(classPath, "kafka.Kafka", file)
            .readyWhen(started -> LocalServer.listens(plain))
            .started();
    admin = Admin.create(Map.of("bootstrap.servers", plain()));
  }

  /** As {@code kafka-storage format} does, without a Java of its own. */
  private static void format(Path settings) {
    String[] arguments = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", settings.toString()
    };
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    if (StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8)) != 0) {
      throw new IllegalStateException(
          "Cannot format the log folders: " + said.toString(StandardCharsets.UTF_8));
    }
  }

  /** Returns the address where clients need no login. */
  public String plain() {
    return LOCAL + plain;
  }

  /** Returns the address where clients log in by SCRAM. */
  public String sasl() {
    return LOCAL + sasl;
  }

  /** Sets the password of a user, as {@code kafka-configs --alter --add-config} does. */
  @Override
  public void password(String user, String password) throws Exception {
    ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
    admin
        .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, scram, password)))
        .all()
        .get(60, TimeUnit.SECONDS);
  }

  @Override
  public void stop() {
    admin.close();
    process.stop();
  }
}
