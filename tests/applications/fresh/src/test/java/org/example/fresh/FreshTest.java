package org.example.fresh;

import static org.example.fresh.Projects.block;
import static org.example.fresh.Projects.dependency;
import static org.example.fresh.Projects.settings;
import static org.example.fresh.Projects.version;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Broker;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Folders;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.applications.Login;
import de.lifetimecircle.secrets.applications.Pages;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Projects that are made of the text of the pages and of nothing else of ours build, start, and follow a
 * rotation in the store of files.
 */
class FreshTest {
  private static final Path WORK = Folders.empty("fresh");
  private static final String ROLE = "fresh";

  @AutoClose private static final RunningBackend GPG = RunningBackend.started("gpg", WORK);
  @AutoClose private static final LeakProbe PROBE = LeakProbe.start();

  @BeforeAll
  static void build() throws Exception {
    Projects projects = new Projects(WORK);
    projects.add(
        "jdbc",
        "",
        block("docs/jdbc.md", "", "xml")
            + Projects.backend()
            + dependency("com.zaxxer", "HikariCP", version("pools", "hikari.version"))
            + dependency("org.slf4j", "slf4j-nop", version("pools", "slf4j.version"))
            + dependency("org.postgresql", "postgresql", version("pools", "postgresql.version")),
        "",
        "none.properties",
        "");
    boot(projects);
    if (Figures.FULL) {
      quarkus(projects);
      kafka(projects);
    }
    projects.build();
  }

  /** A project with tests: with a store, as the page says, and without a secret. */
  private static void boot(Projects projects) throws Exception {
    String page = "docs/spring-boot.md";
    String version = version("boot4", "spring-boot.version");
    String surefire =
        "<build><plugins><plugin><artifactId>maven-surefire-plugin</artifactId><version>3.6.1</version></plugin></plugins></build>";
    projects.add(
        "boot",
        dependency("org.springframework.boot", "spring-boot-dependencies", version)
            .replace("</dependency>", "<type>pom</type><scope>import</scope></dependency>"),
        block(page, "", "xml").replace("vault-provider", "file-gpg-provider")
            + dependency("org.springframework.boot", "spring-boot-starter", version)
            + block(page, "## Tests", "xml")
            + dependency("org.springframework.boot", "spring-boot-starter-test", version)
                .replace("</dependency>", "<scope>test</scope></dependency>"),
        surefire,
        "application.properties",
        settings(page, ""));
    projects.test("boot", "ShopTest", block(page, "## Tests", "java"));
    String without = Files.readString(Path.of("src/test/projects/boot/WithoutSecretTest.java"));
    projects.test("boot", "WithoutSecretTest", without);
  }

  /** As the generator of Quarkus makes one, with what the page says. */
  private static void quarkus(Projects projects) throws Exception {
    String page = "docs/quarkus.md";
    String castle =
        Files.readString(Pages.ROOT.resolve(page)).replaceAll("(?s).*`bcutil-jdk18on` to ([0-9.]+)\\s.*", "$1");
    String version = version("quarkus-shop", "quarkus.version");
    StringBuilder managed = new StringBuilder();
    for (String artifact : List.of("bcpg-jdk18on", "bcprov-jdk18on", "bcutil-jdk18on")) {
      managed.append(dependency("org.bouncycastle", artifact, castle));
    }
    managed.append(
        dependency("io.quarkus.platform", "quarkus-bom", version)
            .replace("</dependency>", "<type>pom</type><scope>import</scope></dependency>"));
    String plugin =
        """
        <build><plugins><plugin>
          <groupId>io.quarkus.platform</groupId>
          <artifactId>quarkus-maven-plugin</artifactId>
          <version>%s</version>
          <extensions>true</extensions>
          <executions><execution><goals><goal>build</goal></goals></execution></executions>
        </plugin></plugins></build>
        """
            .formatted(version);
    String arc =
        "<dependency><groupId>io.quarkus</groupId><artifactId>quarkus-arc</artifactId></dependency>\n"
            + "<dependency><groupId>io.quarkus</groupId><artifactId>quarkus-credentials</artifactId></dependency>\n";
    projects.add(
        "quarkus",
        managed.toString(),
        block(page, "", "xml") + Projects.backend() + arc,
        plugin,
        "application.properties",
        settings(page, "## Properties"));
  }

  /** A producer with the settings of the page, for a login and for a placeholder. */
  private static void kafka(Projects projects) throws Exception {
    String page = "docs/kafka.md";
    projects.add(
        "kafka",
        "",
        block(page, "", "xml")
            + Projects.backend()
            + dependency("org.apache.kafka", "kafka-clients", version("kafka", "kafka.version"))
            + dependency("org.slf4j", "slf4j-simple", "2.0.17"),
        "",
        "service.properties",
        settings(page, "## Producers").replace("=SASL_SSL", "=SASL_PLAINTEXT") // the broker has no TLS
            + settings(page, "## Configurations")
            + "client.id=${secrets:prod/KAFKA_PASSWORD:value}\n");
  }

  private static JavaProcess service(String project, Object... arguments) throws Exception {
    Path target = WORK.resolve(project).resolve("target");
    Path packaged = target.resolve("quarkus-app/quarkus-run.jar");
    JavaProcess process =
        new JavaProcess(WORK.resolve(project + ".log"), GPG.environment("SECRETS_SOFT_AGE", "1s"))
            .quick(128)
            .conversing();
    if (Files.exists(packaged)) {
      return process.jar(packaged, arguments).launch();
    }
    String jars = Files.readString(target.resolve("class-path")).strip();
    return process.main(List.of(target.resolve("classes").toString(), jars), "Service", arguments).launch();
  }

  /** Asks until the answer is this one, since a rotation is followed after a moment. */
  private static void answers(JavaProcess service, String expected) throws Exception {
    Waiting.until(expected, () -> ask(service).equals("answer " + expected));
  }

  private static String ask(JavaProcess service) {
    String answer = service.ask("?");
    while (!answer.startsWith("answer ")) {
      answer = service.answer();
    }
    return answer;
  }

  @Test
  void jdbc() throws Exception {
    try (Database database = Database.started()) {
      database.execute("CREATE ROLE " + ROLE + " LOGIN");
      Login login =
          new Login(
              database, ROLE, GPG.writer(), "prod/DATABASE_URL", password -> database.url(ROLE, password), PROBE);
      login.replace();
      try (JavaProcess service = service("jdbc")) {
        answers(service, ROLE);
        login.rotate(Duration.ZERO, () -> answers(service, ROLE));
        answers(service, ROLE);
      }
    }
    Figures.add("the project of docs/jdbc.md builds and follows a rotation");
  }

  @Test
  void springBoot() throws Exception {
    GPG.put("API_KEY", "the first");
    try (JavaProcess service = service("boot")) {
      answers(service, "the first");
      GPG.put("API_KEY", "the second");
      answers(service, "the second");
    }
    Figures.add("so does the one of docs/spring-boot.md");
  }

  @Test
  @Tag("full")
  void quarkus() throws Exception {
    GPG.put("shop/API_KEY", "the first");
    GPG.put("shop/PARTNER", "{\"token\":\"one\"}");
    try (JavaProcess service = service("quarkus")) {
      answers(service, "the first one none");
      GPG.put("shop/API_KEY", "the second");
      GPG.put("shop/PARTNER", "{\"token\":\"two\"}");
      answers(service, "the second two none");
    }
    Figures.add("so does the one of docs/quarkus.md");
  }

  @Test
  @Tag("full")
  void kafka() throws Exception {
    try (Broker broker = Broker.started(WORK.resolve("broker"))) {
      broker.password("shop", "the-first");
      GPG.put("prod/KAFKA_PASSWORD", "the-first");
      try (JavaProcess service = service("kafka", broker.sasl())) {
        answers(service, "sent, and read the-first");
        broker.password("shop", "the-second");
        GPG.put("prod/KAFKA_PASSWORD", "the-second");
        answers(service, "sent, and read the-second");
      }
    }
    Figures.add("so does the one of docs/kafka.md");
  }
}
