import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testservers.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Projects made of the pages: {@code write} makes their files, {@code run} starts and judges them. In
 * the full form also those for Quarkus and Kafka.
 */
public final class Fresh {
  private static final String ROLE = "fresh";

  private final Path root;
  private final Path work;
  private final Map<String, String> environment;

  private final boolean full;

  private Fresh(Path root, Path work, boolean full) {
    this.root = root;
    this.work = work;
    this.full = full;
    this.environment =
        Map.of(
            "SECRETS_BACKEND", "gpg",
            "SECRETS_GPG_STORE", work.resolve("store").toString(),
            "SECRETS_GPG_KEY_FILE", work.resolve("key.pgp").toString(),
            "SECRETS_SOFT_AGE", "1s");
  }

  public static void main(String[] arguments) throws Exception {
    Fresh fresh = new Fresh(Path.of(arguments[1]), Path.of(arguments[2]), arguments.length > 3);
    if (arguments[0].equals("write")) {
      fresh.write();
    } else {
      fresh.run();
    }
  }

  /** The first block of that language on a page. */
  private String block(String page, String language) throws IOException {
    return block(page, "", language);
  }

  /** The first block of that language after a heading. */
  private String block(String page, String heading, String language) throws IOException {
    String text = Files.readString(root.resolve(page));
    text = text.substring(text.indexOf(heading));
    int begin = text.indexOf("```" + language + "\n");
    if (begin < 0) {
      throw new IllegalStateException(page + " has no block of " + language);
    }
    begin += language.length() + 4;
    return text.substring(begin, text.indexOf("```", begin));
  }

  private String version(String pom, String property) throws IOException {
    String text = Files.readString(root.resolve(pom));
    int begin = text.indexOf("<" + property + ">") + property.length() + 2;
    return text.substring(begin, text.indexOf("<", begin));
  }

  private static String dependency(String group, String artifact, String version) {
    return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n"
        .formatted(group, artifact, version);
  }

  /** The pom of README.md, with the dependencies of a page instead of its own. */
  private void pom(String project, String dependencies) throws IOException {
    pom(project, "", dependencies, "");
  }

  /** The same, with versions that come before ours, and with the plug-in of a framework. */
  private void pom(String project, String managed, String dependencies, String plugin)
      throws IOException {
    String readme = block("README.md", "xml").replaceFirst("<!-- pom.xml -->\\s*", "");
    int begin = readme.lastIndexOf("<dependencies>") + "<dependencies>".length();
    String pom =
        readme.substring(0, begin)
            + "\n"
            + dependencies
            + readme.substring(readme.lastIndexOf("</dependencies>"));
    pom = pom.replaceFirst("<dependencies>", "<dependencies>\n" + managed);
    pom = pom.replace("</project>", plugin + "</project>");
    Files.createDirectories(work.resolve(project).resolve("src/main/java"));
    Files.createDirectories(work.resolve(project).resolve("src/main/resources"));
    Files.writeString(
        work.resolve(project).resolve("pom.xml"),
        pom.replace("<artifactId>service</artifactId>", "<artifactId>" + project + "</artifactId>"));
  }

  private String gpg(String page, String heading) throws IOException {
    return block(page, heading, "properties")
        .replaceAll("(?m)^((?:config.providers.secrets.param|secrets).backend)=.*", "$1=gpg");
  }

  /** A project of Quarkus as its generator makes one, with what docs/quarkus.md says. */
  private void quarkus(String backend) throws IOException {
    String page = "docs/quarkus.md";
    String version = version("tests/applications/quarkus-shop/pom.xml", "quarkus.version");
    String managed = "";
    String castle =
        Files.readString(root.resolve(page)).replaceAll("(?s).*`bcutil-jdk18on` to ([0-9.]+)\\s.*", "$1");
    for (String artifact : List.of("bcpg-jdk18on", "bcprov-jdk18on", "bcutil-jdk18on")) {
      managed += dependency("org.bouncycastle", artifact, castle);
    }
    managed +=
        dependency("io.quarkus.platform", "quarkus-bom", version)
            .replace("</dependency>", "<type>pom</type><scope>import</scope></dependency>");
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
    String arc = "<dependency><groupId>io.quarkus</groupId><artifactId>quarkus-arc</artifactId></dependency>\n"
        + "<dependency><groupId>io.quarkus</groupId><artifactId>quarkus-credentials</artifactId></dependency>\n";
    pom("quarkus", managed, block(page, "xml") + backend + arc, plugin);
    Files.writeString(
        work.resolve("quarkus/src/main/resources/application.properties"),
        gpg(page, "## Properties"));
    Files.writeString(
        Files.createDirectories(work.resolve("quarkus/src/main/java/com/example")).resolve("Service.java"),
        """
        package com.example;

        import io.quarkus.runtime.*;
        import io.quarkus.runtime.annotations.*;
        import jakarta.inject.*;
        import org.eclipse.microprofile.config.inject.*;

        @QuarkusMain
        public class Service implements QuarkusApplication {
          @ConfigProperty(name = "shop.api-key")
          Provider<String> apiKey;

          @ConfigProperty(name = "shop.token")
          Provider<String> token;

          @ConfigProperty(name = "shop.timeout-key")
          Provider<String> optional;

          @Override
          public int run(String... arguments) throws Exception {
            for (int ask = System.in.read(); ask >= 0; ask = System.in.read()) {
              System.out.println("answer " + apiKey.get() + " " + token.get() + " " + optional.get());
            }
            return 0;
          }
        }
        """);
  }

  /** A producer with the settings of docs/kafka.md, for a login and for a placeholder. */
  private void kafka(String backend) throws IOException {
    String page = "docs/kafka.md";
    pom(
        "kafka",
        block(page, "xml")
            + backend
            + dependency("org.apache.kafka", "kafka-clients", version("tests/applications/kafka/pom.xml", "kafka.version"))
            + dependency("org.slf4j", "slf4j-simple", "2.0.17"));
    Files.writeString(
        work.resolve("kafka/src/main/resources/service.properties"),
        gpg(page, "## Producers").replace("=SASL_SSL", "=SASL_PLAINTEXT") // the broker has no TLS
            + gpg(page, "## Configurations")
            + "client.id=${secrets:prod/KAFKA_PASSWORD:value}\n");
    Files.writeString(
        work.resolve("kafka/src/main/java/Service.java"),
        """
        import java.util.*;
        import org.apache.kafka.clients.producer.*;
        import org.apache.kafka.common.serialization.*;

        public class Service {
          public static void main(String[] arguments) throws Exception {
            Properties settings = new Properties();
            settings.load(Service.class.getResourceAsStream("/service.properties"));
            settings.put("bootstrap.servers", arguments[0]);
            settings.put("key.serializer", StringSerializer.class.getName());
            settings.put("value.serializer", StringSerializer.class.getName());
            for (int ask = System.in.read(); ask >= 0; ask = System.in.read()) {
              try (var producer = new KafkaProducer<String, String>(settings)) {
                producer.send(new ProducerRecord<>("fresh", "a record")).get();
                System.out.println("answer sent, and read " + new ProducerConfig(settings).getString("client.id"));
              }
            }
          }
        }
        """);
  }

  private void write() throws IOException {
    String pools = "tests/applications/pools/pom.xml";
    String gpg = block("docs/spring-boot.md", "xml").replace("secrets-vault-provider", "secrets-file-gpg-provider");
    String backend = gpg.substring(gpg.lastIndexOf("<dependency>"));
    pom(
        "jdbc",
        block("docs/jdbc.md", "xml")
            + backend
            + dependency("com.zaxxer", "HikariCP", version(pools, "hikari.version"))
            + dependency("org.slf4j", "slf4j-nop", version(pools, "slf4j.version"))
            + dependency("org.postgresql", "postgresql", version(pools, "postgresql.version")));
    Files.writeString(
        work.resolve("jdbc/src/main/java/Service.java"),
        """
        import com.zaxxer.hikari.*;
        import de.lifetimecircle.secrets.*;
        import de.lifetimecircle.secrets.jdbc.*;

        public class Service {
          public static void main(String[] arguments) throws Exception {
            %s
            for (int ask = System.in.read(); ask >= 0; ask = System.in.read()) {
              pool.getHikariPoolMXBean().softEvictConnections();
              try (var connection = pool.getConnection();
                  var result = connection.createStatement().executeQuery("select current_user")) {
                result.next();
                System.out.println("answer " + result.getString(1));
              }
            }
          }
        }
        """
            .formatted(block("docs/jdbc.md", "java")));
    String boot = version("tests/applications/boot4/pom.xml", "spring-boot.version");
    pom("boot", gpg + dependency("org.springframework.boot", "spring-boot-starter", boot));
    Files.writeString(
        work.resolve("boot/src/main/resources/application.properties"),
        block("docs/spring-boot.md", "properties").replace("=vault", "=gpg"));
    Files.writeString(
        work.resolve("boot/src/main/java/Service.java"),
        """
        import org.springframework.boot.*;
        import org.springframework.boot.autoconfigure.*;
        import org.springframework.core.env.*;

        @SpringBootConfiguration
        @EnableAutoConfiguration
        public class Service {
          public static void main(String[] arguments) throws Exception {
            Environment environment = SpringApplication.run(Service.class).getEnvironment();
            for (int ask = System.in.read(); ask >= 0; ask = System.in.read()) {
              System.out.println("answer " + environment.getProperty("shop.api-key"));
            }
          }
        }
        """);
    if (full) {
      quarkus(backend);
      kafka(backend);
    }
    Files.writeString(
        work.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>services</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules><module>jdbc</module><module>boot</module>%s</modules>
        </project>
        """
            .formatted(full ? "<module>quarkus</module><module>kafka</module>" : ""));
  }

  private void run() throws Exception {
    try (SecretWriter writer = SecretProvider.builder().environment(environment).buildWriter();
        PostgresServer database = PostgresServer.start()) {
      String password = UUID.randomUUID().toString();
      sql(database, "CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + password + "'");
      put(writer, "prod/DATABASE_URL", url(database, password));
      put(writer, "API_KEY", "the first");
      try (Service jdbc = new Service("jdbc");
          Service boot = new Service("boot")) {
        jdbc.answers(ROLE);
        boot.answers("the first");
        String next = UUID.randomUUID().toString();
        String pending;
        try (SecretValue value = SecretValue.of(url(database, next))) {
          pending = writer.putPending("prod/DATABASE_URL", value).version();
        }
        sql(database, "ALTER ROLE " + ROLE + " PASSWORD '" + next + "'");
        jdbc.answers(ROLE);
        writer.promote("prod/DATABASE_URL", pending);
        jdbc.answers(ROLE);
        put(writer, "API_KEY", "the second");
        boot.answers("the second");
      }
      if (full) {
        quarkus(writer);
        kafka(writer);
      }
      System.out.println(
          "fresh: projects for "
              + (full ? "JDBC, Spring Boot, Quarkus and Kafka" : "JDBC and Spring Boot")
              + ", made of their pages, build and follow a rotation");
    }
  }

  private void quarkus(SecretWriter writer) throws IOException {
    put(writer, "shop/API_KEY", "the first");
    put(writer, "shop/PARTNER", "{\"token\":\"one\"}");
    try (Service quarkus = new Service("quarkus")) {
      quarkus.answers("the first one none");
      put(writer, "shop/API_KEY", "the second");
      put(writer, "shop/PARTNER", "{\"token\":\"two\"}");
      quarkus.answers("the second two none");
    }
  }

  private void kafka(SecretWriter writer) throws IOException {
    Path here = root.resolve("tests/applications/kafka");
    Path jars = here.resolve("target/class-path");
    String classPath = here.resolve("target/kafka-proof.jar") + ":" + Files.readString(jars).strip();
    Path folder = Files.createDirectories(work.resolve("broker"));
    try (Service broker =
        new Service("broker", List.of("-cp", classPath, "org.example.kafka.StandaloneBroker", folder.toString()))) {
      put(writer, "prod/KAFKA_PASSWORD", "the-first");
      String address = broker.ask("the-first\n");
      try (Service kafka = new Service("kafka", address)) {
        kafka.answers("sent, and read the-first");
        broker.ask("the-second\n");
        put(writer, "prod/KAFKA_PASSWORD", "the-second");
        kafka.answers("sent, and read the-second");
      }
    }
  }

  private static String url(PostgresServer database, String password) {
    return "postgresql://" + ROLE + ":" + password + "@127.0.0.1:" + database.port() + "/postgres";
  }

  private static void put(SecretWriter writer, String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(name, value);
    }
  }

  private static void sql(PostgresServer database, String command) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres",
                "postgres",
                database.password());
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private List<String> command(String project, String... arguments) throws IOException {
    Path target = work.resolve(project).resolve("target");
    Path packaged = target.resolve("quarkus-app/quarkus-run.jar");
    List<String> command = new ArrayList<>();
    if (Files.exists(packaged)) {
      command.addAll(List.of("-jar", packaged.toString()));
    } else {
      String jars = Files.readString(target.resolve("class-path")).strip();
      command.addAll(List.of("-cp", target.resolve("classes") + ":" + jars, "Service"));
    }
    command.addAll(List.of(arguments));
    return command;
  }

  /** One of the projects as a process, which answers a line for each byte. */
  private final class Service implements AutoCloseable {
    private final String project;
    private final Process process;
    private final BufferedReader output;

    Service(String project, String... arguments) throws IOException {
      this(project, command(project, arguments));
    }

    Service(String project, List<String> arguments) throws IOException {
      this.project = project;
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(work.resolve(project + ".log").toFile());
      builder.environment().putAll(environment);
      this.process = builder.start();
      this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Asks until the answer is this one, since a rotation is followed after a moment. */
    void answers(String expected) throws IOException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      String answer = "";
      while (!answer.equals(expected)) {
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException(project + " answers " + answer + ", not " + expected);
        }
        answer = ask("?");
        LockSupport.parkNanos(50_000_000);
      }
    }

    String ask(String question) throws IOException {
      process.getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      return answer();
    }

    private String answer() throws IOException {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("answer ")) {
          return line.substring("answer ".length());
        }
      }
      throw new IllegalStateException(project + " ended; see " + work.resolve(project + ".log"));
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
