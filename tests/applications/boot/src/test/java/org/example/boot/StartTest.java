package org.example.boot;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Login;
import de.lifetimecircle.secrets.applications.Pages;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a start says: of a login that no rotation reaches, of a missing backend, of another Boot. */
class StartTest {
  private static final String STARTS_NOT = "APPLICATION FAILED TO START";
  private static final String ROLE = "fixed";
  private static final int REQUESTS = 40;

  /** How many of the requests failed, and whether the log had the warning. */
  private record Result(long failed, boolean isWarned) {}

  /**
   * The database has a fixed URL, while its password rotates: once with the password as a property of
   * Spring, which only a warning can help, and once with {@code secrets.datasource}.
   */
  @Test
  @Tag("fixed")
  void aLoginThatNoRotationReachesIsWarnedOf() throws Exception {
    try (Database database = Database.started()) {
      database.execute("CREATE ROLE " + ROLE + " LOGIN");
      for (String boot : Service.SHOPS.keySet()) {
        Result spring =
            rotates(
                boot, "spring", database, "--spring.datasource.hikari.connection-timeout=250",
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + ROLE,
                "--spring.datasource.password=${secret.DB_PASSWORD}");
        Result ours =
            rotates(
                boot, "starter", database,
                "--secrets.datasource.url=" + database.jdbcUrl(),
                "--secrets.datasource.user=DB_USER",
                "--secrets.datasource.password=DB_PASSWORD");
        assertThat(spring.isWarned()).as("a warning of spring.datasource.password").isTrue();
        assertThat(ours.isWarned()).as("a warning without a reason").isFalse();
        assertThat(ours.failed()).isZero();
        Figures.add(
            ("Boot %s, new connections after a rotation: with spring.datasource.password %d of %d failed, and"
                    + " the start had warned; with secrets.datasource 0")
                .formatted(boot, spring.failed(), REQUESTS));
      }
    }
  }

  private static Result rotates(String boot, String name, Database database, String... arguments)
      throws Exception {
    try (LeakProbe probe = LeakProbe.start();
        RunningBackend backend = RunningBackend.started("gpg", Service.FOLDER.resolve(name + boot))) {
      backend.put("API_KEY", "any");
      backend.put("DB_USER", ROLE);
      Login login =
          new Login(database, ROLE, backend.writer(), "DB_PASSWORD", UnaryOperator.identity(), probe);
      login.replace();
      List<String> all = new ArrayList<>(List.of(arguments));
      all.add("--secrets.soft-age=1s");
      all.add("--spring.datasource.hikari.minimum-idle=1");
      try (Service service =
          Service.shop(
                  boot, name, TestAuthority.create(), backend.environment(), all.toArray(String[]::new))
              .listening()) {
        newConnections(service, 2); // so that the pool is in use before the rotation
        login.rotate(Duration.ZERO, Duration.ZERO);
        long failed = newConnections(service, REQUESTS);
        String log = service.process.log();
        probe.look("log of " + name, log);
        RotationTest.assertNoLeaks(probe);
        return new Result(
            failed, log.contains("spring.datasource.password=[DB_PASSWORD]") && log.contains("secrets.datasource"));
      }
    }
  }

  /** Asks that often for a query on a new connection; returns how many failed. */
  private static long newConnections(Service service, int count) throws Exception {
    long failed = 0;
    for (int i = 0; i < count; i++) {
      failed += service.http().send("/pool").statusCode() == 200 ? 0 : 1;
    }
    return failed;
  }

  @Test
  @Tag("down")
  void aStartWithoutTheBackendFailsByNameUnlessItIsOptional() {
    Map<String, String> nobody =
        Map.of(
            "SECRETS_BACKEND", "vault",
            "SECRETS_VAULT_ADDRESS", "https://127.0.0.1:1",
            "VAULT_TOKEN", "none",
            "SECRETS_TIMEOUT", "2s",
            "SECRETS_RETRIES", "0");
    String profile = "--spring.profiles.active=plain";
    TestAuthority authority = TestAuthority.create();
    List<Service> strict = new ArrayList<>();
    List<Service> optional = new ArrayList<>();
    try {
      for (String boot : Service.SHOPS.keySet()) {
        strict.add(Service.shop(boot, "down", authority, nobody, profile, "--secrets.require=API_KEY"));
        optional.add(
            Service.shop(boot, "optional", authority, nobody, profile, "--shop.import=optional:secrets:"));
      }
      for (Service each : strict) {
        assertThat(each.process.exitCode()).isEqualTo(1);
        assertThat(each.process.log()).contains(STARTS_NOT, "API_KEY").doesNotContain("\tat ");
      }
      optional.forEach(Service::listening);
    } finally {
      strict.forEach(Service::close);
      optional.forEach(Service::close);
    }
    Figures.add("backend down: the start fails by name; with optional: it succeeds");
  }

  /**
   * A typing error and a placeholder of a profile, the import left out, and placeholders that are
   * answered: by a default, by an inner one, and beside a profile that is not active.
   */
  @Test
  @Tag("placeholders")
  void aPlaceholderIsAnsweredOrTheStartFails() throws Exception {
    Path files = Files.createDirectories(Service.FOLDER.resolve("placeholders"));
    Files.writeString(files.resolve("application-other.properties"), "shop.other=${secret.OF_OTHER}\n");
    String location = "--spring.config.additional-location=file:" + files + "/";
    String typed = "--shop.api-key=${secret.API_KEYY}";
    String answered = "--shop.api-key=${absent:${secret.API_KEYY:${secret.API_KEY}}}";
    TestAuthority authority = TestAuthority.create();
    List<Service> wrong = new ArrayList<>();
    List<Service> unimported = new ArrayList<>();
    List<Service> right = new ArrayList<>();
    try (LeakProbe probe = LeakProbe.start();
        RunningBackend backend = RunningBackend.started("gpg", files.resolve("store"))) {
      String value = probe.canary("api key");
      backend.put("API_KEY", value);
      for (String boot : Service.SHOPS.keySet()) {
        wrong.add(
            Service.shop(
                boot, "typed", authority, backend.environment(), location, typed,
                "--spring.profiles.active=plain,other"));
        unimported.add(
            Service.shop(
                boot, "unimported", authority, backend.environment(), typed,
                "--spring.profiles.active=plain", "--shop.import=optional:file:absent.properties"));
      }
      for (Service each : wrong) {
        assertStartsNot(each, "OF_OTHER", "${secret.API_KEYY} in shop.api-key", "Did you mean 'API_KEY'?");
      }
      for (Service each : unimported) {
        assertStartsNot(each, "${secret.API_KEYY} in shop.api-key", "spring.config.import=secrets:");
      }
      for (String boot : Service.SHOPS.keySet()) {
        right.add(
            Service.shop(
                boot, "answered", authority, backend.environment(), location, answered,
                "--shop.none=${secret.ABSENT:}", "--spring.profiles.active=plain"));
      }
      for (Service each : right) {
        assertThat(each.listening().http().json("/values").get("properties")).isEqualTo(value);
      }
      Stream.of(wrong, unimported, right)
          .flatMap(List::stream)
          .forEach(each -> probe.look("log", each.process.log()));
      RotationTest.assertNoLeaks(probe);
    } finally {
      Stream.of(wrong, unimported, right).flatMap(List::stream).forEach(Service::close);
    }
    Figures.add("a placeholder that nothing answers: the start fails by name; an answered one has its value");
  }

  private static void assertStartsNot(Service service, String... texts) {
    assertThat(service.process.exitCode()).isEqualTo(1);
    assertThat(service.process.log())
        .contains(STARTS_NOT)
        .contains(texts)
        .doesNotContain("Tomcat started")
        .doesNotContain("\tat ");
  }

  /** The starter on a major version of Boot that it does not fit. */
  @Test
  @Tag("full")
  @Tag("unsupported")
  void anOlderBootIsToldWhatFits() throws Exception {
    List<String> classPath =
        List.of(
            Path.of("peers/unsupported/target/lib").toAbsolutePath() + File.separator + "*",
            jar("integrations/spring-boot", "secrets-spring-boot-starter-"),
            jar("api", "secrets-api-"));
    try (Service service =
        Service.launch(
            Service.process("unsupported", Map.of())
                .main(
                    classPath,
                    "org.springframework.boot.SpringApplication",
                    "--spring.config.import=secrets:",
                    "--spring.main.sources=org.springframework.boot.autoconfigure.context"
                        + ".PropertyPlaceholderAutoConfiguration"),
            TestAuthority.create())) {
      assertThat(service.process.exitCode()).isEqualTo(1);
      // Before the settings are read, Boot 2.7 logs everything, so the analysis comes after a trace.
      assertThat(service.process.log().replaceFirst("(?s).*(?=" + STARTS_NOT + ")", ""))
          .startsWith(STARTS_NOT)
          .contains("Spring Boot 2.7.18 (expected: 3.5 or 4.x", "de.lifetimecircle.secrets:secrets-api")
          .doesNotContain("\tat ");
      Figures.add("Spring Boot 2.7.18: the start fails and names the artifact that fits");
    }
  }

  /** The jar that begins with this, and has no other words than its version. */
  private static String jar(String module, String begin) throws IOException {
    try (Stream<Path> files = Files.list(Pages.ROOT.resolve(module).resolve("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(begin + "\\d[^-]*(-SNAPSHOT)?\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no " + begin + "….jar in " + module))
          .toString();
    }
  }
}
