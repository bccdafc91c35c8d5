package org.example.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.Broker;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.applications.Pem;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A broker whose listener has PLAIN over TLS, with client certificates. The password rotates, then
 * the authority with the certificates of both sides, under a producer that stays connected.
 */
@Tag("full")
class TlsTest {
  private static final String LOGIN = "tls/LOGIN";
  private static final String BROKER = "tls/BROKER";
  private static final String SHOP = "tls/SHOP";
  private static final String TRUST = "tls/TRUST";
  private static final String ENGINES = "de.lifetimecircle.secrets.kafka.SecretsSslEngineFactory";
  private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

  private final Path passwords = Kafka.FOLDER.resolve("plain").resolve("passwords");
  private final int port = LocalServer.freePort();
  private final TestAuthority first = TestAuthority.create();
  private final TestAuthority second = TestAuthority.create();
  private TestAuthority.Identity ofBroker = first.issue("EC", "localhost");
  private TestAuthority.Identity ofShop = first.issue("EC", "shop");
  private String password = "";

  @Test
  void bothSidesFollowPasswordsAndCertificates() throws Exception {
    Files.createDirectories(passwords.getParent());
    Kafka.GPG.put(BROKER, Pem.of(ofBroker, Kafka.PROBE));
    Kafka.GPG.put(SHOP, Pem.of(ofShop, Kafka.PROBE));
    Kafka.GPG.put(TRUST, first.rootPem());
    newPassword();
    Broker broker = new Broker(Kafka.FOLDER.resolve("broker-tls"), Programs.all(), broker());
    broker.start();
    JavaProcess producer = Kafka.producer("tls", client());
    try (broker;
        producer) {
      for (int i = 1; i <= 3; i++) {
        newPassword();
        String digest = RecordingTask.digest(password);
        Waiting.until("PLAIN password " + i, () -> logins().contains("accepted " + digest));
      }
      assertThat(logins()).noneMatch(line -> line.startsWith("refused "));
      rotateCertificates();
      Map<String, Long> figures = Kafka.figures(producer);
      Kafka.assertNothingFailed(figures);
      Figures.add(
          "PLAIN over TLS: 3 passwords, 0 refused logins; authority and both certificates rotated, 3 of 3 new"
              + " clients came in, one with the old certificate did not; the producer that stayed: " + figures);
    }
    Kafka.assertNoLeaks();
  }

  private void rotateCertificates() throws Exception {
    assertThat(describes(client())).as("a new client before the certificates rotate").isTrue();
    Map<String, String> old = oldClient();
    Kafka.GPG.put(TRUST, first.rootPem() + second.rootPem());
    ofShop = second.issue("EC", "shop");
    Kafka.GPG.put(SHOP, Pem.of(ofShop, Kafka.PROBE));
    Waiting.until("the new authority", () -> describes(client()));
    ofBroker = second.issue("EC", "localhost");
    Kafka.GPG.put(BROKER, Pem.of(ofBroker, Kafka.PROBE));
    Waiting.until("the broker's new certificate", this::servesNewest);
    assertThat(describes(client())).as("a new client with both certificates of the new authority").isTrue();
    Kafka.GPG.put(TRUST, second.rootPem());
    Waiting.until("the old authority to go", () -> !describes(old));
    assertThat(describes(client())).as("a new client without the old authority").isTrue();
  }

  private Map<String, String> settings(String certificate) {
    Map<String, String> lines = new TreeMap<>();
    Kafka.settings(Kafka.GPG).forEach((key, value) -> lines.put("secrets." + key, value));
    lines.put("secrets.ssl.certificate", certificate);
    lines.put("secrets.ssl.trust", TRUST);
    return lines;
  }

  private Map<String, String> broker() {
    String listener = "listener.name.sasl_ssl.";
    Map<String, String> lines = settings(BROKER);
    lines.put("listeners", "SASL_SSL://localhost:" + port);
    lines.put(listener + "sasl.enabled.mechanisms", "PLAIN");
    lines.put(listener + "plain.sasl.server.callback.handler.class", PlainPasswords.class.getName());
    lines.put(listener + "plain.sasl.jaas.config", PLAIN + "file=\"" + passwords + "\";");
    lines.put(listener + "ssl.client.auth", "required");
    lines.put(listener + "ssl.engine.factory.class", ENGINES);
    return lines;
  }

  private Map<String, String> client() {
    Map<String, String> lines = settings(SHOP);
    lines.put("bootstrap.servers", "localhost:" + port);
    lines.put("security.protocol", "SASL_SSL");
    lines.put("sasl.mechanism", "PLAIN");
    lines.put("ssl.engine.factory.class", ENGINES);
    lines.put(
        "sasl.client.callback.handler.class", "de.lifetimecircle.secrets.kafka.SecretsSaslCallbackHandler");
    lines.put("sasl.jaas.config", PLAIN + "username=\"shop\" secret=\"" + LOGIN + "\";");
    return lines;
  }

  /** A client as people have it without us: the PEM of its start, and both authorities. */
  private Map<String, String> oldClient() {
    Map<String, String> lines = client();
    lines.keySet().removeIf(key -> key.startsWith("secrets.ssl.") || key.equals("ssl.engine.factory.class"));
    lines.put("ssl.keystore.type", "PEM");
    lines.put("ssl.keystore.certificate.chain", ofShop.certificatePem());
    lines.put("ssl.keystore.key", ofShop.keyPem());
    lines.put("ssl.truststore.type", "PEM");
    lines.put("ssl.truststore.certificates", first.rootPem() + second.rootPem());
    return lines;
  }

  /** The broker accepts the old password, too, until the next one comes. */
  private void newPassword() throws IOException {
    String next = Kafka.PROBE.canary("PLAIN password");
    Files.write(passwords, List.of(password, next));
    Kafka.GPG.put(LOGIN, next);
    password = next;
  }

  private List<String> logins() throws IOException {
    Path file = PlainPasswords.logins(passwords);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Whether a new client with these settings gets an answer. */
  private static boolean describes(Map<String, String> settings) throws InterruptedException {
    Map<String, Object> configs = new HashMap<>(settings);
    configs.put("request.timeout.ms", "30000");
    configs.put("default.api.timeout.ms", "30000");
    try (Admin admin = Admin.create(configs)) {
      return !admin.describeCluster().nodes().get(20, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /** Whether the broker shows its newest certificate, of the second authority, to a new client. */
  private boolean servesNewest() throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            second.client().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0].equals(ofBroker.certificate());
    } catch (SSLHandshakeException e) {
      return false; // of the first authority
    }
  }
}
