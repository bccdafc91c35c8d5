package de.lifetimecircle.secrets.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One process of {@link DatabaseService} lives through two rotations of the password of its only
 * role, in a real PostgreSQL: no request fails, though 8 s pass between the change in the database
 * and the promotion. On files, where the pending password can be read, and on OpenBao, where it
 * cannot; {@code -Dplay.backends=all} has all four backends, as {@code ./verify --full} does.
 */
final class DatabaseServiceTest {
  private static final String FIRST = "0123456789abcdef0123456789abcdef";
  private static final int ROTATIONS = 2;
  private static final int ATTEMPTS = 6;
  private static final Duration BETWEEN = Duration.ofSeconds(8);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}}
      hooks: {apply: [./postgresql], test: [./postgresql], retire: [./postgresql]}
      secrets:
        DB_ADMIN_PW: {description: password, generator: hex 16, rotation: {every: 6 months}}
        DB_USERNAME: {description: user}
        DB_HOST: {description: host}
        DB_PORT: {description: port}
        DB_NAME: {description: database}
        DATABASE_URL:
          description: url
          template: postgresql://{DB_USERNAME}:{DB_ADMIN_PW}@{DB_HOST}:{DB_PORT}/{DB_NAME}
      """;

  /** Promotes a password some time after the database took it, and notes when it was nowhere. */
  private static final class LatePromotion implements RotationListener {
    private long pending;
    private long applied;
    private Duration gap = Duration.ZERO;

    @Override
    public void at(String name, RotationStep step, Moment moment) {
      if (step == RotationStep.PENDING && moment == Moment.RECORDED) {
        pending = System.nanoTime();
      } else if (step == RotationStep.APPLY && moment == Moment.DONE) {
        applied = System.nanoTime();
      } else if (step == RotationStep.TEST && moment == Moment.RECORDED) {
        await(applied + BETWEEN.toNanos());
      } else if (step == RotationStep.RENDER && moment == Moment.DONE) {
        gap = Duration.ofNanos(System.nanoTime() - pending);
      }
    }

    private static void await(long end) {
      while (System.nanoTime() - end < 0) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
    }

    /** Whether a request that begins when the database takes the password can still be served. */
    boolean leavesTime(Duration budget) {
      return gap.plus(POLL).compareTo(budget) < 0;
    }
  }

  /** The variables that lead to a backend, and how long a request may wait for a login there. */
  private record Case(String backend, Map<String, String> place, Duration budget) {
    boolean seesPending() {
      return budget.compareTo(BETWEEN) < 0;
    }
  }

  private final List<Backend> backends = new ArrayList<>();
  @TempDir private Path folder;

  /** Those that run beside each other. */
  static List<List<String>> backends() {
    List<String> both = List.of("gpg", "vault");
    return "all".equals(System.getProperty("play.backends"))
        ? List.of(both, List.of("aws", "azure"))
        : List.of(both);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void noRequestFailsThroughTwoRotations(List<String> backends) throws Exception {
    try (PostgresServer database = PostgresServer.start()) {
      List<Case> cases = new ArrayList<>();
      for (String backend : backends) {
        cases.add(begin(backend));
        // Before any probe listens: the driver logs this statement, with the first password.
        createRole(database, role(backend));
      }
      rotateUnderEach(database, cases);
    }
  }

  @AfterEach
  void stop() {
    backends.forEach(Backend::close);
  }

  /**
   * Where no pending version can be read, the new password shows at the promotion: until then
   * requests wait.
   */
  private Case begin(String scheme) {
    Backend backend = Backend.start(scheme, folder.resolve("backend-" + scheme));
    backends.add(backend);
    return new Case(
        scheme, backend.environment(), Duration.ofSeconds(backend.showsPending() ? 2 : 30));
  }

  private static String role(String backend) {
    return "ltc_" + backend;
  }

  private void rotateUnderEach(PostgresServer database, List<Case> cases) throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(cases.size());
    try (LeakProbe probe = LeakProbe.start()) {
      List<Callable<Void>> work = new ArrayList<>();
      for (Case each : cases) {
        work.add(
            () -> {
              rotateUnder(each, database, probe);
              return null;
            });
      }
      assertAll(workers.invokeAll(work).stream().map(done -> done::get));
    } finally {
      workers.shutdownNow();
    }
  }

  private void rotateUnder(Case on, PostgresServer database, LeakProbe probe) throws Exception {
    Path place = Files.createDirectory(folder.resolve(on.backend()));
    // Five JVMs start at once, and a first call then takes longer than the usual 10 s.
    on.place().put("SECRETS_TIMEOUT", "50s");
    String role = role(on.backend());
    List<String> passwords = new ArrayList<>(List.of(FIRST));
    try (SecretWriter writer =
        SecretProvider.builder().environment(on.place()).set("overrides", "off").buildWriter()) {
      fill(writer, role, database.port());
      LatePromotion late = new LatePromotion();
      Rotations rotations = rotations(place, writer, late);
      Path output = place.resolve("service.log");
      Process service = start(on, output);
      List<String> seen = new ArrayList<>();
      try {
        awaitRequests(service, output, 2);
        for (int i = 0; i < ROTATIONS; i++) {
          seen.addAll(rotateWhileServed(on, rotations, late, service, output, passwords));
        }
      } finally {
        service.destroyForcibly();
      }
      assertThat(passwords).doesNotHaveDuplicates();
      passwords.forEach(password -> probe.watch("password", password));
      probe.look("output of the service", Files.readString(output)).assertClean();
      report(on, seen);
    }
  }

  /**
   * The requests during a rotation. One that took so long that even a service without a fault could
   * not have waited for it, on a machine with other work, tells nothing and is repeated.
   */
  private static List<String> rotateWhileServed(
      Case on,
      Rotations rotations,
      LatePromotion late,
      Process service,
      Path output,
      List<String> passwords)
      throws Exception {
    for (int i = 0; i < ATTEMPTS; i++) {
      int before = requests(output).size();
      assertThat(rotations.rotate("DB_ADMIN_PW", Duration.ZERO).outcome())
          .isEqualTo(RotationReport.Outcome.FINISHED);
      passwords.add(held(on));
      awaitRequests(service, output, requests(output).size() + 2);
      List<String> all = requests(output);
      if (on.seesPending() || late.leavesTime(on.budget())) {
        return all.subList(before, all.size());
      }
    }
    throw new AssertionError(
        "too slow to tell: the last rotation on " + on.backend() + " took " + late.gap);
  }

  private static void createRole(PostgresServer database, String role) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres";
    try (Connection root = DriverManager.getConnection(url, "postgres", database.password());
        Statement statement = root.createStatement()) {
      statement.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + FIRST + "'");
    }
  }

  private static void fill(SecretWriter writer, String role, int port) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("DB_ADMIN_PW", FIRST);
    values.put("DB_USERNAME", role);
    values.put("DB_HOST", "127.0.0.1");
    values.put("DB_PORT", String.valueOf(port));
    values.put("DB_NAME", "postgres");
    values.put(
        "DATABASE_URL", "postgresql://" + role + ":" + FIRST + "@127.0.0.1:" + port + "/postgres");
    values.forEach(
        (name, text) -> {
          try (SecretValue value = SecretValue.of(text)) {
            writer.put("prod/" + name, value);
          }
        });
  }

  private static Rotations rotations(Path place, SecretWriter writer, RotationListener listener)
      throws IOException {
    Path inventory = Files.writeString(place.resolve("secrets.yaml"), INVENTORY);
    Path hook = Files.copy(Path.of("hooks/postgresql"), place.resolve("postgresql"));
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
    return Rotations.of(Inventory.read(inventory), "", writer)
        .journal(place.resolve(Rotations.FOLDER))
        .hookFolder(place)
        .hookLimit(PATIENCE)
        .who("anna")
        .listener(listener)
        .build();
  }

  private static String held(Case on) {
    try (SecretProvider provider = SecretProvider.builder().environment(on.place()).build()) {
      Secret password = provider.get("prod/DB_ADMIN_PW");
      return password.asString();
    }
  }

  private static Process start(Case on, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // half the processor time of a program that soon ends
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                DatabaseService.class.getName(),
                on.budget().toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(on.place());
    builder.environment().put("SECRETS_SOFT_AGE", "5m");
    return builder.start();
  }

  /** Fails with what the service said if it ends, or does not get on. */
  private static void awaitRequests(Process service, Path output, int count) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (requests(output).size() < count) {
      boolean ended = service.waitFor(50, TimeUnit.MILLISECONDS);
      assertThat(ended || System.nanoTime() - end > 0).as(Files.readString(output)).isFalse();
    }
  }

  private static List<String> requests(Path output) throws IOException {
    return Files.readAllLines(output).stream()
        .filter(line -> line.matches("[0-9]+ ms .*"))
        .toList();
  }

  private static void report(Case on, List<String> requests) {
    List<String> failed = requests.stream().filter(line -> !line.endsWith(" ms served")).toList();
    long slowest =
        requests.stream()
            .mapToLong(line -> Long.parseLong(line.split(" ", -1)[0]))
            .max()
            .orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "rotation: %d logins of one process on %s through %d rotations of its role: %d failed,"
            + " slowest %d ms%n",
        requests.size(),
        on.backend(),
        ROTATIONS,
        failed.size(),
        slowest);
    assertThat(failed).as(on.backend()).isEmpty();
    assertThat(requests).as(on.backend()).hasSizeGreaterThan(ROTATIONS * 2);
  }
}
