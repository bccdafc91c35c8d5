package de.lifetimecircle.secrets.it.boot;

import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.stream.Stream;

/**
 * Starts the shop on Spring Boot 3.5 and 4 side by side, as processes, on each backend; rotates
 * every secret under load; and judges. Prints a line for each figure and the result at the end.
 */
public final class BootProof {
  private static final long PATIENCE_MILLIS = 10_000;

  /** The soft age is 1 s, and the machine has other work, too. */
  private static final long FOLLOWS_WITHIN_MILLIS = 5_000;

  /** One of the two runs where I has no dot, and where another day begins at another time. */
  private static final Map<String, List<String>> OPTIONS =
      Map.of(
          "3.5",
          List.of(),
          "4",
          List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Pacific/Apia"));

  private static final List<String> BACKENDS = List.of("gpg", "aws", "azure", "vault");

  private final Path folder;
  private final Map<String, Path> jars = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private long slowest;
  private long requests;

  private BootProof(Path target) throws IOException {
    this.folder = Files.createDirectories(target.resolve("boot-proof-" + ProcessHandle.current().pid()));
    jars.put("3.5", target.resolve("../../boot35/target/boot35.jar").normalize());
    jars.put("4", target.resolve("../../boot4/target/boot4.jar").normalize());
  }

  /**
   * Takes the folder of the applications, the number of rotations, and the parts: backends, and the
   * words {@code fixed}, {@code down}, {@code unsupported} and {@code peers}.
   */
  public static void main(String[] arguments) throws Exception {
    Path target = Path.of(arguments[0]).toAbsolutePath();
    BootProof proof = new BootProof(target);
    int rotations = Integer.parseInt(arguments[1]);
    List<String> parts = List.of(arguments).subList(2, arguments.length);
    List<String> schemes = parts.stream().filter(BACKENDS::contains).toList();
    proof.sameBytes();
    if (!schemes.isEmpty()) {
      try (PostgresServer database = PostgresServer.start()) {
        for (String scheme : schemes) {
          proof.on(scheme, rotations, database);
        }
      }
    }
    if (parts.contains("fixed")) {
      try (PostgresServer database = PostgresServer.start()) {
        proof.fixedLogin(new FixedLogin(proof.folder, database));
      }
    }
    if (parts.contains("down")) {
      proof.backendDown();
    }
    Path peers = target.resolve("../peers").normalize();
    if (parts.contains("unsupported")) {
      proof.unsupported(peers.resolve("unsupported/target/lib"), target.resolve("../../../..").normalize());
    }
    if (parts.contains("peers")) {
      System.out.println("| with | environment follows | bound beans follow | slowest | 5xx and broken requests | calls in 10 s |");
      System.out.println("|---|---|---|---|---|---|");
      Path ours = proof.jars.get("4");
      new Peers(proof.folder, peers, ours, rotations).run().forEach(System.out::println);
    }
    proof.report(parts, rotations);
    System.exit(proof.failures.isEmpty() ? 0 : 1);
  }

  private void report(List<String> parts, int rotations) {
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    System.out.println(
        "spring-boot: "
            + (failures.isEmpty() ? "passed" : failures.size() + " failures")
            + "; Boot 3.5.7 and 4.1.2: "
            + String.join(", ", parts)
            + "; "
            + rotations
            + " rotations of 3 secrets each; "
            + requests
            + " requests; slowest to follow "
            + slowest
            + " ms");
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      failures.add(what);
    }
  }

  /** Both applications have the very same starter. */
  private void sameBytes() throws Exception {
    List<String> digests = new ArrayList<>();
    for (Path jar : jars.values()) {
      try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
          if (entry.getName().contains("secrets-spring-boot-starter")) {
            digests.add(sha256(in));
          }
        }
      }
    }
    check(digests.size() == 2 && digests.get(0).equals(digests.get(1)), "two starters: " + digests);
    System.out.println("one starter in both applications: sha256 " + digests.get(0).substring(0, 16));
  }

  private static String sha256(InputStream in) throws Exception {
    return HexFormat.of()
        .formatHex(
            java.security.MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
  }

  private void on(String scheme, int rotations, PostgresServer database) throws Exception {
    TestAuthority authority = TestAuthority.create();
    Map<String, Service> services = new LinkedHashMap<>();
    try (LeakProbe probe = LeakProbe.start();
        Backend backend = Backend.start(scheme, folder.resolve(scheme));
        SecretWriter writer = backend.writer()) {
      ShopSecrets secrets = new ShopSecrets(backend, writer, database, authority, probe);
      for (Map.Entry<String, Path> jar : jars.entrySet()) {
        services.put(
            jar.getKey(),
            Service.launch(
                jar.getValue(),
                folder.resolve(scheme + "-" + jar.getKey() + ".log"),
                authority,
                backend.variables(),
                OPTIONS.get(jar.getKey()),
                List.of("--spring.profiles.active=full")));
      }
      for (Map.Entry<String, Service> each : services.entrySet()) {
        each.getValue().started();
        judge(scheme + ", Boot " + each.getKey(), each.getValue(), secrets, rotations, probe, backend);
      }
      served(scheme, services.values(), backend);
      for (String leak : probe.leaks().stream().map(Object::toString).toList()) {
        if (!leak.startsWith("log at ")) { // of this program, whose driver logs what it sends
          failures.add(scheme + ": a secret shows: " + leak);
        }
      }
    } finally {
      services.values().forEach(Service::close);
    }
  }

  private void judge(
      String label,
      Service service,
      ShopSecrets secrets,
      int rotations,
      LeakProbe probe,
      Backend backend)
      throws Exception {
    Object pool = service.json("/pool").get("pool");
    int heard = heard(service);
    Load load = new Load(service, 4, "/values", "/query", "/actuator/health");
    try (load) {
      for (int i = 1; i <= rotations; i++) {
        secrets.rotate();
        long took = followed(service, secrets, heard + ShopSecrets.COUNT * i);
        slowest = Math.max(slowest, took);
        check(took <= FOLLOWS_WITHIN_MILLIS, label + ": rotation " + i + " took " + took + " ms");
        Map<?, ?> now = service.json("/pool");
        check(pool.equals(now.get("pool")), label + ": another pool after rotation " + i);
        check(secrets.role().equals(now.get("user")), label + ": no login after rotation " + i);
        for (String endpoint : List.of("/actuator/env", "/actuator/configprops", "/actuator/health")) {
          var answer = service.get(endpoint);
          check(answer.statusCode() == 200, label + ": " + endpoint + " " + answer.statusCode());
          probe.look(endpoint + " of " + label, answer.body());
        }
      }
    }
    Map<?, ?> values = service.json("/values");
    check(String.valueOf(values.get("pid")).equals("" + service.pid()), label + ": another process");
    check(load.serverErrors() == 0, label + ": " + load.serverErrors() + " answers of 5xx");
    check(load.brokenConnections() == 0, label + ": " + load.brokenConnections() + " broken requests");
    requests += load.requests();
    Object health = ((Map<?, ?>) service.json("/actuator/health").get("components")).get("secrets");
    check(((Map<?, ?>) health).get("status").equals("UP"), label + ": health " + health);
    String liveness = service.get("/actuator/health/liveness").body();
    check(!liveness.contains("secrets"), label + ": secrets in liveness");
    calls(label, service);
    scraped(label, service, probe);
    probe.look("log of " + label, service.log());
  }

  /** How many rotations the service's beans have heard of. */
  private static int heard(Service service) throws Exception {
    return ((List<?>) service.json("/rotated").get("rotated")).size();
  }

  /** Waits until everything shows the newest secrets, and the beans have heard of so many rotations. */
  private long followed(Service service, ShopSecrets secrets, int heard) throws Exception {
    long begin = System.nanoTime();
    while (true) {
      Map<?, ?> values = service.json("/values");
      boolean all =
          secrets.apiKey().equals(values.get("properties"))
              && secrets.apiKey().equals(values.get("environment"))
              && secrets.apiKey().equals(values.get("handle"))
              && secrets.certificate().equals(service.certificate())
              && heard(service) >= heard;
      long millis = (System.nanoTime() - begin) / 1_000_000;
      if (all || millis > PATIENCE_MILLIS) {
        return millis;
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static long number(Map<?, ?> figures, String name) {
    return ((Number) figures.get(name)).longValue();
  }

  /**
   * Nothing asks the backend but refreshes, of the names and of the valid versions of one of them,
   * and each is one call. A refresh counts when it has ended, so up to 4 may be on their way.
   */
  private void calls(String label, Service service) throws Exception {
    Map<?, ?> before = service.json("/stats");
    LockSupport.parkNanos(3_000_000_000L);
    Map<?, ?> after = service.json("/stats");
    long calls = number(after, "backendCalls") - number(before, "backendCalls");
    long refreshes = number(after, "refreshes") - number(before, "refreshes");
    long loads = number(after, "loads") - number(before, "loads");
    System.out.println(
        label
            + ": "
            + number(after, "names")
            + " names; in 3 s "
            + refreshes
            + " refreshes, "
            + loads
            + " loads of readers, "
            + calls
            + " calls of the backend");
    check(refreshes >= 6 && Math.abs(calls - refreshes) <= 4, label + ": other calls than refreshes");
    check(loads == 0, label + ": readers waited for " + loads + " loads");
    check(((Map<?, ?>) after.get("failures")).isEmpty(), label + ": failed loads");
  }

  /** The server counts as many requests as the applications say, but for those on their way. */
  private void served(String scheme, Collection<Service> services, Backend backend)
      throws Exception {
    long calls = -calls(services);
    long requests = -backend.requests().getAsLong();
    LockSupport.parkNanos(3_000_000_000L);
    calls += calls(services);
    requests += backend.requests().getAsLong();
    if (backend.requests().getAsLong() >= 0) { // gpg has no server
      System.out.println(
          scheme + ", both applications in 3 s: " + calls + " calls, " + requests
              + " requests by the count of the server");
      check(Math.abs(calls - requests) <= 8, scheme + ": other requests than calls");
    }
  }

  private static long calls(Collection<Service> services) throws Exception {
    long calls = 0;
    for (Service each : services) {
      calls += number(each.json("/stats"), "backendCalls");
    }
    return calls;
  }

  /** The page for Prometheus has the figures of the same process. */
  private void scraped(String label, Service service, LeakProbe probe) throws Exception {
    Scrape scrape = Scrape.of(service);
    scrape.differences().forEach(each -> failures.add(label + ", scraped: " + each));
    System.out.println(label + ": " + scrape.equal() + " figures on the page for Prometheus equal stats()");
    probe.look("page for Prometheus of " + label, service.get("/actuator/prometheus").body());
  }

  /** A database with a fixed URL: the start warns of the property that no rotation reaches. */
  private void fixedLogin(FixedLogin login) throws Exception {
    for (Map.Entry<String, Path> jar : jars.entrySet()) {
      String label = "Boot " + jar.getKey();
      FixedLogin.Result spring = login.ofSpring(jar.getKey(), jar.getValue());
      FixedLogin.Result ours = login.ofTheStarter(jar.getKey(), jar.getValue());
      check(spring.isWarned(), label + ": no warning of spring.datasource.password");
      check(!ours.isWarned(), label + ": a warning without a reason");
      check(ours.failed() == 0, label + ": " + ours.failed() + " failed with secrets.datasource");
      check(spring.leaks().isEmpty(), label + ": a secret shows: " + spring.leaks());
      check(ours.leaks().isEmpty(), label + ": a secret shows: " + ours.leaks());
      System.out.println(
          label + ", new connections after a rotation: with spring.datasource.password "
              + spring.failed() + " of " + spring.requests() + " failed, and the start had warned;"
              + " with secrets.datasource " + ours.failed() + " of " + ours.requests());
    }
  }

  /** A start without the backend, with and without {@code optional:}. */
  private void backendDown() throws Exception {
    Map<String, String> nobody =
        Map.of(
            "SECRETS_BACKEND", "vault",
            "SECRETS_VAULT_ADDRESS", "https://127.0.0.1:1",
            "VAULT_TOKEN", "none",
            "SECRETS_TIMEOUT", "2s",
            "SECRETS_RETRIES", "0");
    TestAuthority authority = TestAuthority.create();
    Map<String, Service> strict = new LinkedHashMap<>();
    Map<String, Service> optional = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Path> jar : jars.entrySet()) {
        strict.put(
            jar.getKey(),
            Service.launch(
                jar.getValue(),
                folder.resolve("down-" + jar.getKey() + ".log"),
                authority,
                nobody,
                OPTIONS.get(jar.getKey()),
                List.of("--spring.profiles.active=plain", "--secrets.require=API_KEY")));
        optional.put(
            jar.getKey(),
            Service.launch(
                jar.getValue(),
                folder.resolve("optional-" + jar.getKey() + ".log"),
                authority,
                nobody,
                OPTIONS.get(jar.getKey()),
                List.of(
                    "--spring.profiles.active=plain",
                    "--shop.import=optional:secrets:")));
      }
      for (Map.Entry<String, Service> each : strict.entrySet()) {
        int code = each.getValue().ended();
        String log = each.getValue().log();
        check(code == 1, "Boot " + each.getKey() + " without backend: exit code " + code);
        check(
            log.contains("APPLICATION FAILED TO START") && log.contains("API_KEY") && !log.contains("\tat "),
            "Boot " + each.getKey() + " without backend: no analysis, or a trace; see " + folder);
      }
      for (Map.Entry<String, Service> each : optional.entrySet()) {
        each.getValue().started();
      }
      System.out.println("backend down: the start fails by name; with optional: it succeeds");
    } finally {
      strict.values().forEach(Service::close);
      optional.values().forEach(Service::close);
    }
  }

  /** The starter on a major version of Boot that it does not fit. */
  private void unsupported(Path boot, Path root) throws Exception {
    String jars =
        String.join(
            File.pathSeparator,
            boot + File.separator + "*",
            jar(root.resolve("integrations/spring-boot/target"), "secrets-spring-boot-starter-"),
            jar(root.resolve("api/target"), "secrets-api-"));
    Service service =
        Service.launch(
            List.of("-cp", jars, "org.springframework.boot.SpringApplication"),
            folder.resolve("unsupported.log"),
            TestAuthority.create(),
            Map.of(),
            List.of(),
            List.of(
                "--spring.config.import=secrets:",
                "--spring.main.sources=org.springframework.boot.autoconfigure.context"
                    + ".PropertyPlaceholderAutoConfiguration"));
    try (service) {
      int code = service.ended();
      // Before the settings are read, Boot 2.7 logs everything, so the analysis comes after a trace.
      String analysis = service.log().replaceFirst("(?s).*(?=APPLICATION FAILED TO START)", "");
      check(code == 1, "Boot 2.7.18: exit code " + code);
      check(
          analysis.startsWith("APPLICATION FAILED TO START")
              && analysis.contains("Spring Boot 2.7.18 (expected: 3.5 or 4.x")
              && analysis.contains("de.lifetimecircle.secrets:secrets-api")
              && !analysis.contains("\tat "),
          "Boot 2.7.18: no analysis; see " + folder);
      System.out.println("Spring Boot 2.7.18: the start fails and names the artifact that fits");
    }
  }

  /** The jar that begins with this, and has no other words than its version. */
  private static String jar(Path folder, String begin) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches(begin + "\\d[^-]*(-SNAPSHOT)?\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no " + begin + "….jar in " + folder))
          .toString();
    }
  }
}
