package org.example.boot;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Load;
import de.lifetimecircle.secrets.applications.Scrape;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shop on Spring Boot 3.5 and 4 side by side, while every secret rotates under load. */
class RotationTest {
  private static final int ROTATIONS = Figures.FULL ? 5 : 2;

  /** The soft age is 1 s, the usual one 5 minutes, and the machine has other work, too. */
  private static final long FOLLOWS_WITHIN_MILLIS = 20_000;

  private static final Duration QUIET = Duration.ofSeconds(3);

  @AutoClose private static final Database DATABASE = Database.started();
  private long requests;
  private long slowest;

  @Test
  @Tag("gpg")
  void gpg() throws Exception {
    follows("gpg");
  }

  @Test
  @Tag("full")
  @Tag("aws")
  void aws() throws Exception {
    follows("aws");
  }

  @Test
  @Tag("full")
  @Tag("azure")
  void azure() throws Exception {
    follows("azure");
  }

  @Test
  @Tag("full")
  @Tag("vault")
  void vault() throws Exception {
    follows("vault");
  }

  @Test
  void bothApplicationsHaveTheSameStarter() throws Exception {
    List<String> digests = new ArrayList<>();
    for (Path jar : Service.SHOPS.values()) {
      try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
          if (entry.getName().contains("secrets-spring-boot-starter")) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
            digests.add(HexFormat.of().formatHex(digest));
          }
        }
      }
    }
    assertThat(digests).hasSize(2);
    assertThat(digests.get(0)).isEqualTo(digests.get(1));
  }

  private void follows(String scheme) throws Exception {
    TestAuthority authority = TestAuthority.create();
    Map<String, Service> services = new LinkedHashMap<>();
    try (LeakProbe probe = LeakProbe.start();
        RunningBackend backend = RunningBackend.started(scheme, Service.FOLDER.resolve(scheme))) {
      ShopSecrets secrets = new ShopSecrets(backend, DATABASE, authority, probe);
      for (String boot : Service.SHOPS.keySet()) {
        services.put(
            boot,
            Service.shop(boot, scheme, authority, backend.environment(), "--spring.profiles.active=full"));
      }
      for (Map.Entry<String, Service> each : services.entrySet()) {
        judge(scheme + ", Boot " + each.getKey(), each.getValue().listening(), secrets, probe);
      }
      if (backend.requests() >= 0) {
        served(scheme, services.values(), backend);
      }
      if (scheme.equals("gpg")) {
        anOutageIsLogged(services, Service.FOLDER.resolve(scheme).resolve("store"), probe);
      }
      assertNoLeaks(probe);
    } finally {
      services.values().forEach(Service::close);
    }
    Figures.add(
        "%s: Boot 3.5.7 and 4.1.2, %d rotations of 3 secrets each; 0 of %d requests failed; slowest to follow %d ms"
            .formatted(scheme, ROTATIONS, requests, slowest));
  }

  /** The store is away for longer than the soft age: one line says so, and another when it is back. */
  private static void anOutageIsLogged(Map<String, Service> services, Path store, LeakProbe probe)
      throws Exception {
    Path away = Files.move(store, store.resolveSibling("away"));
    for (Service each : services.values()) {
      Waiting.until("the warning of an outage", () -> !outageLines(each, "WARN").isEmpty());
    }
    Waiting.pause(QUIET);
    Files.move(away, store);
    for (Map.Entry<String, Service> each : services.entrySet()) {
      Service service = each.getValue();
      Waiting.until("the line at its end", () -> !outageLines(service, "INFO").isEmpty());
      String label = "Boot " + each.getKey();
      assertThat(outageLines(service, "WARN")).as(label).singleElement().asString().contains("Cannot refresh secrets");
      assertThat(outageLines(service, "INFO")).as(label).singleElement().asString().contains("work again");
      probe.look("log of an outage, " + label, service.process.log());
    }
    Figures.add("an outage of 3 s: 1 warning and 1 line at its end in each log");
  }

  private static List<String> outageLines(Service service, String level) {
    return service
        .process
        .log()
        .lines()
        .filter(line -> line.contains(" " + level + " ") && line.contains(" de.lifetimecircle.secrets.outage "))
        .toList();
  }

  /** But for the log of this program, whose driver logs what it sends. */
  static void assertNoLeaks(LeakProbe probe) {
    assertThat(probe.leaks()).filteredOn(leak -> !leak.channel().startsWith("log at ")).isEmpty();
  }

  private void judge(String label, Service service, ShopSecrets secrets, LeakProbe probe) throws Exception {
    Object pool = service.http().json("/pool").get("pool");
    int heard = service.heard();
    try (Load load = new Load(service.http(), 4, "/values", "/query", "/actuator/health")) {
      for (int i = 1; i <= ROTATIONS; i++) {
        secrets.rotate();
        int told = heard + ShopSecrets.COUNT * i;
        long millis =
            Waiting.until(
                label + " to follow rotation " + i,
                () -> secrets.areShownBy(service) && service.heard() >= told);
        assertThat(millis).as(label + ": ms to follow").isLessThanOrEqualTo(FOLLOWS_WITHIN_MILLIS);
        slowest = Math.max(slowest, millis);
        Map<?, ?> now = service.http().json("/pool");
        assertThat(now.get("pool")).as(label + ": the pool").isEqualTo(pool);
        assertThat(now.get("user")).as(label + ": the login").isEqualTo(secrets.role());
        for (String endpoint : List.of("/actuator/env", "/actuator/configprops", "/actuator/health")) {
          shows(service, endpoint, probe);
        }
      }
      load.close();
      assertThat(load.failed()).as(label + ": " + load.firstFailure()).isZero();
      requests += load.requests();
    }
    assertThat(service.http().json("/values").get("pid")).hasToString("" + service.process.pid());
    assertThat(service.http().json("/actuator/health").get("components"))
        .extracting("secrets")
        .extracting("status")
        .isEqualTo("UP");
    assertThat(service.http().get("/actuator/health/liveness")).doesNotContain("secrets");
    onlyRefreshesCallTheBackend(label, service);
    int equal =
        Scrape.assertEqual(
            () -> service.http().json("/stats"),
            () -> Scrape.prometheus(service.http().get("/actuator/prometheus")));
    Figures.show(label + ": " + equal + " figures on the page for Prometheus equal stats()");
    shows(service, "/actuator/prometheus", probe);
    probe.look("log of " + label, service.process.log());
  }

  private static void shows(Service service, String endpoint, LeakProbe probe)
      throws IOException, InterruptedException {
    var answer = service.http().send(endpoint);
    assertThat(answer.statusCode()).as(endpoint).isEqualTo(200);
    probe.look(endpoint, answer.body());
  }

  /**
   * Nothing asks the backend but refreshes, of the names and of the valid versions of one of them, and
   * each is one call. A refresh counts when it has ended, so up to 4 may be on their way.
   */
  private static void onlyRefreshesCallTheBackend(String label, Service service) throws Exception {
    Map<?, ?> before = service.http().json("/stats");
    Waiting.pause(QUIET);
    Map<?, ?> after = service.http().json("/stats");
    long calls = Service.number(after, "backendCalls") - Service.number(before, "backendCalls");
    long refreshes = Service.number(after, "refreshes") - Service.number(before, "refreshes");
    Figures.show(
        "%s: %s names; in 3 s %d refreshes, %d calls of the backend"
            .formatted(label, after.get("names"), refreshes, calls));
    assertThat(refreshes).as(label + ": refreshes").isGreaterThanOrEqualTo(5);
    assertThat(Math.abs(calls - refreshes)).as(label + ": other calls than refreshes").isLessThanOrEqualTo(4);
    assertThat(after.get("loads")).as(label + ": loads of readers").isEqualTo(before.get("loads"));
    assertThat((Map<?, ?>) after.get("failures")).as(label + ": failed loads").isEmpty();
  }

  /** The server counts as many requests as the applications say, but for those on their way. */
  private static void served(String scheme, Collection<Service> services, RunningBackend backend) throws Exception {
    long calls = -calls(services);
    long requests = -backend.requests();
    Waiting.pause(QUIET);
    calls += calls(services);
    requests += backend.requests();
    Figures.show(
        "%s, both applications in 3 s: %d calls, %d requests by the count of the server"
            .formatted(scheme, calls, requests));
    assertThat(Math.abs(calls - requests)).as(scheme + ": other requests than calls").isLessThanOrEqualTo(8);
  }

  private static long calls(Collection<Service> services) throws Exception {
    long calls = 0;
    for (Service each : services) {
      calls += each.backendCalls();
    }
    return calls;
  }
}
