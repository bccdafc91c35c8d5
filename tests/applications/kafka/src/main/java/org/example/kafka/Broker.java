package org.example.kafka;

import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;

/** A broker of one node, with KRaft; clients log in by SCRAM, the worker and this program do not. */
final class Broker implements AutoCloseable {
  private static final String LOCAL = "127.0.0.1:";

  private final LocalServer server;
  private final Admin admin;
  private final int plain;
  private final int sasl;

  private Broker(LocalServer server, Admin admin, int plain, int sasl) {
    this.server = server;
    this.admin = admin;
    this.plain = plain;
    this.sasl = sasl;
  }

  /**
   * Starts one.
   *
   * @param session the milliseconds after which a client has to log in again
   * @param tls the port of a listener with PLAIN over TLS; 0 for none
   * @param tlsSettings its settings
   */
  static Broker start(Path folder, long session, int tls, List<String> tlsSettings)
      throws IOException {
    int plain = LocalServer.freePort();
    int sasl = LocalServer.freePort();
    int controller = LocalServer.freePort();
    Path settings = folder.resolve("server.properties");
    List<String> lines =
        new ArrayList<>(List.of(
            "process.roles=broker,controller",
            "node.id=1",
            "controller.quorum.voters=1@" + LOCAL + controller,
            "listeners=PLAINTEXT://" + LOCAL + plain + ",SASL_PLAINTEXT://" + LOCAL + sasl
                + ",CONTROLLER://" + LOCAL + controller
                + (tls == 0 ? "" : ",SASL_SSL://localhost:" + tls),
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,"
                + "CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
            "inter.broker.listener.name=PLAINTEXT",
            "controller.listener.names=CONTROLLER",
            "listener.name.sasl_plaintext.sasl.enabled.mechanisms=SCRAM-SHA-256",
            "listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config="
                + "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            "connections.max.reauth.ms=" + session,
            "log.dirs=" + folder.resolve("kafka-logs"),
            "num.partitions=1",
            "offsets.topic.replication.factor=1",
            "offsets.topic.num.partitions=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "transaction.state.log.num.partitions=1",
            "share.coordinator.state.topic.replication.factor=1",
            "share.coordinator.state.topic.min.isr=1",
            "group.initial.rebalance.delay.ms=0",
            "log.cleaner.enable=true",
            "log.cleaner.dedupe.buffer.size=4000000"));
    lines.addAll(tlsSettings);
    Programs.write(settings, lines);
    List<String> jars = new ArrayList<>(Programs.kafka());
    if (tls != 0) {
      jars.addAll(Programs.ours());
      jars.add(Programs.proof());
    }
    format(settings);
    LocalServer server =
        Programs.start(
            folder,
            512,
            jars,
            List.of("kafka.Kafka", settings.toString()),
            () -> answers(plain));
    Admin admin = Admin.create(Map.of("bootstrap.servers", LOCAL + plain));
    return new Broker(server, admin, plain, sasl);
  }

  /** As {@code kafka-storage format} does, without a Java of its own. */
  private static void format(Path settings) {
    String[] arguments = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", settings.toString()
    };
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
    if (code != 0) {
      throw new IllegalStateException(
          "Cannot format the log folders: " + said.toString(StandardCharsets.UTF_8));
    }
  }

  private static boolean answers(int port) {
    try (java.net.Socket socket =
        new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  String plain() {
    return LOCAL + plain;
  }

  String sasl() {
    return LOCAL + sasl;
  }

  /** Sets the password of a user, as {@code kafka-configs --alter --add-config} does. */
  void password(String user, String password)
      throws ExecutionException, InterruptedException, TimeoutException {
    admin
        .alterUserScramCredentials(
            List.of(
                new UserScramCredentialUpsertion(
                    user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), password)))
        .all()
        .get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    admin.close();
    server.close();
  }
}
