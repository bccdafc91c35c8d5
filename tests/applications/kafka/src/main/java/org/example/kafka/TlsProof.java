package org.example.kafka;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;

/**
 * A broker whose listener has PLAIN over TLS, with client certificates. The password rotates, then
 * the authority with the certificates of both sides, under a producer that stays connected.
 */
final class TlsProof {
  private static final String LOGIN = "tls/LOGIN";
  private static final String BROKER = "tls/BROKER";
  private static final String SHOP = "tls/SHOP";
  private static final String TRUST = "tls/TRUST";

  private final KafkaProof proof;
  private final Path passwords;
  private final int port = LocalServer.freePort();
  private final TestAuthority first = TestAuthority.create();
  private final TestAuthority second = TestAuthority.create();
  private TestAuthority.Identity ofBroker = first.issue("EC", "localhost");
  private TestAuthority.Identity ofShop = first.issue("EC", "shop");
  private String password = "";
  private int connected;

  /** Puts the first secrets, which the broker needs to start. */
  TlsProof(KafkaProof proof) throws Exception {
    this.proof = proof;
    this.passwords = Files.createDirectories(proof.folder().resolve("plain")).resolve("passwords");
    put(BROKER, pem(ofBroker));
    put(SHOP, pem(ofShop));
    put(TRUST, pem(first.root()));
    newPassword();
  }

  /** The lines for the broker. */
  List<String> broker() {
    List<String> lines = new ArrayList<>();
    String listener = "listener.name.sasl_ssl.";
    lines.add(listener + "sasl.enabled.mechanisms=PLAIN");
    lines.add(listener + "plain.sasl.server.callback.handler.class=" + PlainPasswords.class.getName());
    lines.add(
        listener + "plain.sasl.jaas.config="
            + "org.apache.kafka.common.security.plain.PlainLoginModule required file=\""
            + passwords + "\";");
    lines.add(listener + "ssl.client.auth=required");
    lines.add(listener + "ssl.engine.factory.class=" + engines());
    settings(BROKER).forEach((key, value) -> lines.add(key + "=" + value));
    return lines;
  }

  int port() {
    return port;
  }

  private static String engines() {
    return "de.lifetimecircle.secrets.kafka.SecretsSslEngineFactory";
  }

  private Map<String, String> settings(String certificate) {
    Map<String, String> lines = new HashMap<>();
    proof.settings().forEach((key, value) -> lines.put("secrets." + key, value));
    lines.put("secrets.ssl.certificate", certificate);
    lines.put("secrets.ssl.trust", TRUST);
    return lines;
  }

  private Map<String, String> client() {
    Map<String, String> lines = settings(SHOP);
    lines.put("bootstrap.servers", "localhost:" + port);
    lines.put("security.protocol", "SASL_SSL");
    lines.put("sasl.mechanism", "PLAIN");
    lines.put("ssl.engine.factory.class", engines());
    lines.put(
        "sasl.client.callback.handler.class",
        "de.lifetimecircle.secrets.kafka.SecretsSaslCallbackHandler");
    lines.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"shop\""
            + " secret=\"" + LOGIN + "\";");
    return lines;
  }

  private void put(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      proof.writer().put(name, value);
    }
  }

  /** The broker accepts the old password, too, until the next one comes. */
  private void newPassword() throws IOException {
    String next = proof.canary("PLAIN password");
    Files.write(passwords, List.of(password, next));
    put(LOGIN, next);
    password = next;
  }

  private String pem(TestAuthority.Identity identity) throws Exception {
    // The second line of the PEM: the first is the same for every key of the curve.
    String key = Base64.getEncoder().encodeToString(identity.key().getEncoded());
    proof.watch("private key", key.substring(64, Math.min(128, key.length())));
    return pem(identity.certificate()) + block("PRIVATE KEY", identity.key().getEncoded());
  }

  private static String pem(X509Certificate certificate) throws Exception {
    return block("CERTIFICATE", certificate.getEncoded());
  }

  private static String block(String type, byte[] bytes) {
    return "-----BEGIN " + type + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END " + type + "-----\n";
  }

  void run() throws Exception {
    Path own = proof.folder().resolve("producer").resolve("tls");
    try (ServiceProcess producer = ServiceProcess.start(own, client())) {
      for (int i = 1; i <= 3; i++) {
        newPassword();
        String digest = RecordingTask.digest(password);
        KafkaProof.await("PLAIN password " + i, () -> logins().contains("accepted " + digest));
      }
      long refused = logins().stream().filter(line -> line.startsWith("refused ")).count();
      proof.check(refused == 0, "PLAIN: " + refused + " refused logins");
      connects("before the certificates rotate");
      Map<String, String> old = oldClient();
      put(TRUST, pem(first.root()) + pem(second.root()));
      ofShop = second.issue("EC", "shop");
      put(SHOP, pem(ofShop));
      KafkaProof.await("the new authority", this::accepted);
      ofBroker = second.issue("EC", "localhost");
      put(BROKER, pem(ofBroker));
      KafkaProof.await("the broker's new certificate", this::servesNewest);
      connects("with both certificates of the new authority");
      put(TRUST, pem(second.root()));
      KafkaProof.await("the old authority to go", () -> !describes(old));
      connects("without the old authority");
      Map<String, Long> figures = producer.figures();
      proof.check(figures.get("failed") == 0, "producer with PLAIN over TLS: " + figures);
      proof.check(
          figures.get("failed-authentication-total") + figures.get("failed-reauthentication-total") == 0,
          "producer with PLAIN over TLS was refused: " + figures);
      proof.result(
          "PLAIN over TLS: 3 passwords, " + refused + " refused logins; authority and both certificates"
              + " rotated, " + connected + " of 3 new clients came in, one with the old certificate"
              + " did not; the producer that stayed: " + figures);
    }
  }

  private List<String> logins() throws IOException {
    Path file = PlainPasswords.logins(passwords);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void connects(String when) throws InterruptedException {
    boolean holds = describes(client());
    connected += holds ? 1 : 0;
    proof.check(holds, "TLS: no new client comes in " + when);
  }

  private boolean accepted() throws InterruptedException {
    return describes(client());
  }

  /** Whether a new client with these settings gets an answer. */
  private static boolean describes(Map<String, String> settings) throws InterruptedException {
    Map<String, Object> configs = new HashMap<>(settings);
    configs.put("request.timeout.ms", "5000");
    configs.put("default.api.timeout.ms", "5000");
    try (Admin admin = Admin.create(configs)) {
      return !admin.describeCluster().nodes().get(20, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  /** A client as people have it without us: the PEM of its start, and both authorities. */
  private Map<String, String> oldClient() throws Exception {
    Map<String, String> lines = client();
    lines.keySet().removeIf(key -> key.startsWith("secrets.ssl.") || key.equals("ssl.engine.factory.class"));
    lines.put("ssl.keystore.type", "PEM");
    lines.put("ssl.keystore.certificate.chain", pem(ofShop.certificate()));
    lines.put("ssl.keystore.key", block("PRIVATE KEY", ofShop.key().getEncoded()));
    lines.put("ssl.truststore.type", "PEM");
    lines.put("ssl.truststore.certificates", pem(first.root()) + pem(second.root()));
    return lines;
  }

  /** Whether the broker shows its newest certificate, of the second authority, to a new client. */
  private boolean servesNewest() throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            second.client().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0].equals(ofBroker.certificate());
    } catch (SSLHandshakeException e) {
      return false; // of the first authority
    }
  }
}
