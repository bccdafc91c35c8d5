package org.example.boot;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Login;
import de.lifetimecircle.secrets.applications.Pem;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.time.Duration;

/** The secrets of the shop, in the backend, in the database and at the certificate authority. */
final class ShopSecrets {
  /** How many of them {@link #rotate} replaces. */
  static final int COUNT = 3;

  private final RunningBackend backend;
  private final TestAuthority authority;
  private final LeakProbe probe;
  private final Login login;
  private final String role;
  private String apiKey = "";
  private TestAuthority.Identity identity;

  ShopSecrets(RunningBackend backend, Database database, TestAuthority authority, LeakProbe probe) throws Exception {
    this.backend = backend;
    this.authority = authority;
    this.probe = probe;
    this.role = "shop_" + backend.scheme();
    database.execute("CREATE ROLE " + role + " LOGIN");
    this.login =
        new Login(
            database, role, backend.writer(), "DATABASE", password -> database.url(role, password), probe);
    login.replace();
    rotateOthers();
  }

  /** Rotates all three, the database in the order that the backend allows. */
  void rotate() throws Exception {
    if (backend.showsPending()) {
      // Connections of this time need the pending version.
      login.rotate(Duration.ZERO, Duration.ofMillis(500));
    } else {
      login.replace();
    }
    rotateOthers();
  }

  private void rotateOthers() {
    identity = authority.issue("EC", "localhost");
    backend.put("TLS", Pem.of(identity, probe));
    apiKey = probe.canary("api key");
    backend.put("API_KEY", apiKey);
  }

  String role() {
    return role;
  }

  /** Whether everything that the service shows is the newest. */
  boolean areShownBy(Service service) throws Exception {
    var values = service.http().json("/values");
    return apiKey.equals(values.get("properties"))
        && apiKey.equals(values.get("environment"))
        && apiKey.equals(values.get("handle"))
        && identity.certificate().equals(service.certificate());
  }
}
