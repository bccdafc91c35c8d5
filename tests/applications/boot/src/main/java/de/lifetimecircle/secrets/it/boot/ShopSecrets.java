package de.lifetimecircle.secrets.it.boot;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;

/** The secrets of the shop, in the backend, in the database and at the certificate authority. */
final class ShopSecrets {
  /** How many of them {@link #rotate} replaces. */
  static final int COUNT = 3;

  private final Backend backend;
  private final SecretWriter writer;
  private final PostgresServer database;
  private final TestAuthority authority;
  private final LeakProbe probe;
  private final String role;
  private String apiKey = "";
  private X509Certificate certificate;

  ShopSecrets(
      Backend backend,
      SecretWriter writer,
      PostgresServer database,
      TestAuthority authority,
      LeakProbe probe)
      throws SQLException, GeneralSecurityException {
    this.backend = backend;
    this.writer = writer;
    this.database = database;
    this.authority = authority;
    this.probe = probe;
    this.role = "shop_" + backend.scheme();
    String password = probe.canary("database password");
    sql("CREATE ROLE " + role + " LOGIN PASSWORD '" + password + "'");
    writer.put("DATABASE", SecretValue.of(url(password)));
    rotateApiKey();
    rotateCertificate();
  }

  String apiKey() {
    return apiKey;
  }

  X509Certificate certificate() {
    return certificate;
  }

  String role() {
    return role;
  }

  /** Rotates all three, the database in the order that a backend allows. */
  void rotate() throws SQLException, GeneralSecurityException {
    String password = probe.canary("database password");
    String alter = "ALTER ROLE " + role + " PASSWORD '" + password + "'";
    if (backend.hasPending()) {
      String version = writer.putPending("DATABASE", SecretValue.of(url(password))).version();
      sql(alter);
      LockSupport.parkNanos(500_000_000); // connections of this time need the pending version
      writer.promote("DATABASE", version);
    } else {
      sql(alter);
      writer.put("DATABASE", SecretValue.of(url(password)));
    }
    rotateCertificate();
    rotateApiKey();
  }

  private void rotateApiKey() {
    apiKey = probe.canary("api key");
    writer.put("API_KEY", SecretValue.of(apiKey));
  }

  private void rotateCertificate() throws GeneralSecurityException {
    TestAuthority.Identity identity = authority.issue("EC", "localhost");
    byte[] key = identity.key().getEncoded();
    probe.watch("private key", Base64.getEncoder().encodeToString(key));
    String pem =
        pem("CERTIFICATE", identity.certificate().getEncoded()) + pem("PRIVATE KEY", key);
    writer.put("TLS", SecretValue.of(pem));
    certificate = identity.certificate();
  }

  private String url(String password) {
    return "postgresql://" + role + ":" + password + "@127.0.0.1:" + database.port() + "/postgres";
  }

  private static String pem(String type, byte[] bytes) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
  }

  private void sql(String command) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres";
    try (Connection connection =
            DriverManager.getConnection(url, "postgres", database.password());
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }
}
